#include "protocols/imap/grammar/lexer.hpp"

#include "base/ascii.hpp"

namespace hauspost::imap {
namespace {

constexpr bool is_atom_char(char c) {
    // RFC 3501 9: any CHAR except atom-specials; 8-bit octets are no CHARs.
    constexpr std::string_view specials = "(){ %*\"\\]";
    return !ascii::is_control(c) && !ascii::is_8bit(c) &&
           specials.find(c) == std::string_view::npos;
}
constexpr bool is_astring_char(char c) {
    return c == ']' || is_atom_char(c);
}
constexpr bool is_list_char(char c) {
    return c == '%' || c == '*' || is_astring_char(c);
}

}  // namespace

template <class Predicate>
std::string_view lexer::take_while(Predicate is_wanted) noexcept {
    std::size_t count = 0;
    while (count < rest_.size() && is_wanted(rest_[count]))
        ++count;
    const auto taken = rest_.substr(0, count);
    rest_.remove_prefix(count);
    return taken;
}

bool lexer::accept(char c) noexcept {
    if (rest_.empty() || rest_.front() != c) return false;
    rest_.remove_prefix(1);
    return true;
}

bool lexer::accept_word(std::string_view word) noexcept {
    if (!ascii::starts_with_nocase(rest_, word)) return false;
    rest_.remove_prefix(word.size());
    return true;
}

bool lexer::space() {
    if (accept(' ')) return true;
    fail(at_end() ? "the command is too short" : "a space is missing");
    return false;
}

bool lexer::end() {
    if (at_end()) return true;
    fail("there is more than the command takes");
    return false;
}

std::string_view lexer::atom() noexcept {
    return take_while(is_atom_char);
}

std::string_view lexer::tag() noexcept {
    return take_while([](char c) { return c != '+' && is_astring_char(c); });
}

std::string lexer::word() {
    return ascii::uppered(atom());
}

std::optional<std::string> lexer::quoted() {
    std::string text;
    for (std::size_t at = 1; at < rest_.size(); ++at) {
        char c = rest_[at];
        if (c == '"') {
            rest_.remove_prefix(at + 1);
            return text;
        }
        if (c == '\\') {
            if (++at == rest_.size()) break;
            c = rest_[at];
            if (c != '"' && c != '\\') return fail("a backslash stands before another character");
        }
        if (c == '\r' || c == '\n' || c == '\0')
            return fail("a quoted string has a line end or NUL in it");
        text.push_back(c);
    }
    return fail("a quoted string does not end");
}

std::optional<std::string> lexer::literal(bool may_have_nul) {
    // The assembler has seen to it that "{n}" CRLF and n octets are there. Text that did not come
    // through it, as in fuzzing, is checked all the same.
    const auto start = rest_;
    rest_.remove_prefix(1);
    const auto octets = number();
    accept('+');
    const bool is_announced = octets && accept('}') && accept('\r') && accept('\n');
    if (!is_announced || *octets > rest_.size()) {
        rest_ = start;
        return fail("a literal is broken");
    }
    const auto text = rest_.substr(0, *octets);
    rest_.remove_prefix(*octets);
    if (!may_have_nul && text.find('\0') != std::string_view::npos)
        return fail("a literal has a NUL in it");
    return std::string(text);
}

std::optional<std::string> lexer::string() {
    if (failed()) return std::nullopt;
    if (peek() == '"') return quoted();
    if (peek() == '{') return literal(false);
    return std::nullopt;
}

std::optional<std::string> lexer::literal8() {
    if (failed() || !rest_.starts_with("~{")) return std::nullopt;
    rest_.remove_prefix(1);
    return literal(true);
}

std::optional<std::string> lexer::astring() {
    const auto text = take_while(is_astring_char);
    if (!text.empty()) return std::string(text);
    return string();
}

std::optional<std::string> lexer::list_mailbox() {
    const auto text = take_while(is_list_char);
    if (!text.empty()) return std::string(text);
    return string();
}

std::optional<std::optional<std::string>> lexer::nstring() {
    if (accept_word("NIL")) return std::optional<std::string>{};
    auto text = string();
    if (!text) return std::nullopt;
    return text;
}

std::optional<std::uint64_t> lexer::number64() noexcept {
    constexpr auto largest = static_cast<std::uint64_t>(INT64_MAX);
    const auto start = rest_;
    const auto digits = take_while(ascii::is_digit);
    std::uint64_t value = 0;
    for (const char c : digits) {
        const auto digit = static_cast<std::uint64_t>(c - '0');
        if (value > (largest - digit) / 10) {
            rest_ = start;
            return std::nullopt;
        }
        value = value * 10 + digit;
    }
    if (digits.empty()) return std::nullopt;
    return value;
}

std::optional<std::uint32_t> lexer::number() noexcept {
    const auto start = rest_;
    const auto value = number64();
    if (value && *value <= UINT32_MAX) return static_cast<std::uint32_t>(*value);
    rest_ = start;
    return std::nullopt;
}

std::string_view lexer::sequence_text() noexcept {
    return take_while(
        [](char c) { return ascii::is_digit(c) || c == ',' || c == ':' || c == '*' || c == '$'; });
}

std::nullopt_t lexer::fail(status kind, std::string_view code, std::string_view text) {
    if (!failed()) {
        status_ = kind;
        code_ = code;
        text_ = text;
    }
    return std::nullopt;
}

refusal lexer::why(std::string_view tag) const {
    refusal reason;
    reason.tag = tag.empty() ? "*" : std::string(tag);
    reason.status = status_;
    reason.code = std::string(code_);
    reason.text = failed() ? std::string(text_) : "the command is not understood";
    return reason;
}

}  // namespace hauspost::imap
