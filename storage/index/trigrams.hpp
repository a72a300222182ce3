#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

/// Three code points in a row: what the index knows of a text.
///
/// A text that holds a needle holds all trigrams of the needle, whatever script it is in and
/// wherever the needle begins. Trigrams do not reach over white space and controls: those would be
/// a third of all, and say little.
namespace hauspost::storage::index {

/// Three code points of 21 bits, the first one highest: their order is that of their UTF-8.
using trigram = std::uint64_t;

/// The different trigrams of texts, up to a limit.
class trigram_set {
public:
    explicit trigram_set(std::size_t most) : most_(most) {}

    /// text  UTF-8
    void add(std::string_view text);
    /// More than the limit were there: those kept are not all.
    [[nodiscard]] bool is_full();
    /// Ascending, each once.
    [[nodiscard]] const std::vector<trigram>& sorted();

private:
    void compact();

    std::size_t most_;
    std::size_t compacted_ = 0;  // so many at the front are in order, each once
    std::vector<trigram> all_;
};

/// The trigrams of a needle, each once, at most max_of_needle of them.
/// Empty: the index cannot help. The needle has no three characters in a row, or a line end: it
/// may then match where two texts meet.
[[nodiscard]] std::vector<trigram> trigrams_of_needle(std::string_view needle);
inline constexpr std::size_t max_trigrams_of_needle = 64;

/// "S" and three characters: as it stands in the index.
[[nodiscard]] std::string term_of(char prefix, trigram three);

}  // namespace hauspost::storage::index
