#pragma once

#include "protocols/imap/grammar/refusal.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace hauspost::imap {

/// Takes the words of one command apart. RFC 3501 9.
///
/// Each function takes its piece off the front and returns it; without one it returns nullopt (or
/// "" or false) and what stood there stays. fail() keeps the first reason why the command is
/// refused; the caller gives up on it.
class lexer {
public:
    /// is_utf8     the session's mailbox names are UTF-8 (RFC 9755 3, RFC 9051 5.1)
    /// no_charset  a search may not name its CHARSET (RFC 9755 3)
    explicit lexer(std::string_view text, bool is_utf8 = false, bool no_charset = false)
        : rest_(text), is_utf8_(is_utf8), no_charset_(no_charset) {}

    [[nodiscard]] bool is_utf8() const noexcept { return is_utf8_; }
    [[nodiscard]] bool no_charset() const noexcept { return no_charset_; }

    [[nodiscard]] bool at_end() const noexcept { return rest_.empty(); }
    /// NUL at the end; a NUL in the text is no part of any word either.
    [[nodiscard]] char peek() const noexcept { return rest_.empty() ? '\0' : rest_.front(); }
    [[nodiscard]] std::string_view rest() const noexcept { return rest_; }
    bool accept(char c) noexcept;
    bool accept_word(std::string_view word) noexcept;  // without case

    /// Exactly one space; fails the command without it.
    bool space();
    /// Nothing is left; fails the command otherwise.
    bool end();

    /// 1*ATOM-CHAR; "" when there is none.
    std::string_view atom() noexcept;
    /// 1*(ASTRING-CHAR except "+"); "" when there is none.
    std::string_view tag() noexcept;
    /// atom, upper case.
    std::string word();
    /// quoted or literal. Fails the command on a broken one.
    std::optional<std::string> string();
    std::optional<std::string> astring();
    /// "~" literal, which may have NULs. RFC 9051 9
    std::optional<std::string> literal8();
    /// list-mailbox: wildcards are allowed in the unquoted form.
    std::optional<std::string> list_mailbox();
    /// string or NIL (the inner nullopt).
    std::optional<std::optional<std::string>> nstring();
    /// 1*DIGIT up to 2^32-1.
    std::optional<std::uint32_t> number() noexcept;
    /// 1*DIGIT up to 2^63-1. RFC 9051 9 number64
    std::optional<std::uint64_t> number64() noexcept;
    /// 1*DIGIT up to 2^63-1: mod-sequence-valzer, RFC 7162 7. Zero is taken where the grammar wants
    /// a mod-sequence-value too: it means "from the beginning" and clients send it.
    std::optional<std::uint64_t> modseq() noexcept { return number64(); }
    /// 1*(digit / "," / ":" / "*" / "$"): the text of a sequence-set.
    std::string_view sequence_text() noexcept;

    std::nullopt_t fail(std::string_view text) { return fail(status::bad, "", text); }
    std::nullopt_t fail(status kind, std::string_view code, std::string_view text);
    [[nodiscard]] bool failed() const noexcept { return !text_.empty(); }
    [[nodiscard]] refusal why(std::string_view tag) const;

private:
    template <class Predicate>
    std::string_view take_while(Predicate is_wanted) noexcept;
    std::optional<std::string> quoted();
    std::optional<std::string> literal(bool may_have_nul);

    std::string_view rest_;
    bool is_utf8_ = false;
    bool no_charset_ = false;
    status status_ = status::bad;
    std::string_view code_;
    std::string_view text_;  // of fail: string literals of ours
};

}  // namespace hauspost::imap
