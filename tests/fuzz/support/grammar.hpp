#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace hauspost::fuzz {

/// Ends the process with the reason when it does not hold.
void must(bool holds, std::string_view what);

/// Prints what goes over a connection, one line, when HAUSPOST_FUZZ_TALK is set.
void show(const void* who, char direction, std::string_view octets);

/// A fuzzer's octets as choices. Once they are used up each choice is the first.
class chooser {
public:
    explicit chooser(std::span<const std::uint8_t> octets) : left_(octets) {}
    [[nodiscard]] bool at_end() const noexcept { return left_.empty(); }
    /// From 0 to count - 1; count is 256 at most.
    std::size_t below(std::size_t count);

private:
    std::span<const std::uint8_t> left_;
};

using variables = std::map<std::string, std::string, std::less<>>;

/// What a client says: each part but the first waits for the server's leave.
struct sentence {
    std::vector<std::string> parts;
    /// False: it was spoilt so that nobody can tell where it ends.
    bool is_framed = true;
};

/// Sentences out of rules and choices: valid ones mostly, since random octets do not come far, and
/// now and then one that is spoilt in a single place.
///
/// The rules are lines of text: a name at the line's begin, its forms below it, indented by four
/// spaces, or with " | " between them. The first form is taken where the input has ended or the
/// depth is too large, so it must come to an end by itself. In a form stand
///     <name>    the rule, or the variable, of that name
///     <name+>   the same as a literal that waits for nothing, "{3+}"
///     <name!>   as one that waits for leave, "{3}"
///     <name~>   as a literal8, "~{3+}"
///     <<        "<"
///     <>        nothing
/// and the variables "crlf" and "wait": the end of a part.
class grammar {
public:
    explicit grammar(std::string_view rules);

    /// known  the values of variables
    [[nodiscard]] sentence make(std::string_view start,
                                chooser& choices,
                                const variables& known) const;

    struct piece {
        enum class kind : std::uint8_t { text, rule, literal, waiting_literal, literal8 };
        kind what = kind::text;
        std::string text;  // or the name
    };
    using form = std::vector<piece>;

private:
    std::map<std::string, std::vector<form>, std::less<>> rules_;
    std::vector<std::string> names_;

    friend class sentence_maker;
};

}  // namespace hauspost::fuzz
