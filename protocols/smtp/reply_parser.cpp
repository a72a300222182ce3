#include "protocols/smtp/reply_parser.hpp"

#include "base/ascii.hpp"

#include <algorithm>
#include <utility>

namespace hauspost::smtp {
namespace {

constexpr std::size_t code_digits = 3;

/// Can this be the beginning of a reply line?
bool begins_reply(std::string_view line) noexcept {
    if (line.empty()) return true;
    if (line.front() < '2' || line.front() > '5') return false;
    const auto digits = line.substr(0, code_digits);
    if (!std::all_of(digits.begin(), digits.end(), ascii::is_digit)) return false;
    if (line.size() <= code_digits) return true;
    const char separator = line[code_digits];
    return separator == ' ' || separator == '-' || separator == '\r';
}

std::uint16_t code_of(std::string_view line) noexcept {
    unsigned code = 0;
    for (const char digit : line.substr(0, code_digits))
        code = code * 10 + static_cast<unsigned>(digit - '0');
    return static_cast<std::uint16_t>(code);
}

/// Takes "." and one to three digits off.
bool take_number(std::string_view& text) noexcept {
    if (text.empty() || text.front() != '.') return false;
    const auto digits =
        std::find_if_not(text.begin() + 1, text.end(), ascii::is_digit) - text.begin() - 1;
    if (digits < 1 || digits > 3) return false;
    text.remove_prefix(static_cast<std::size_t>(digits) + 1);
    return true;
}

/// Takes an enhanced status code and the blank behind it off the text; "" when there is none.
///   status-code = class "." subject "." detail                                   ; RFC 3463 2
/// RFC 2034 4 wants the class to be the first digit of the code. One that contradicts it is text.
std::string_view take_enhanced(std::string_view& text, char reply_class) noexcept {
    if (text.empty() || text.front() != reply_class || reply_class == '3') return {};
    auto rest = text.substr(1);
    if (!take_number(rest) || !take_number(rest)) return {};
    if (!rest.empty() && rest.front() != ' ') return {};
    const auto code = text.substr(0, text.size() - rest.size());
    text = rest.substr(rest.empty() ? 0 : 1);
    return code;
}

std::string harmless(std::string_view text) {
    std::string shown(text);
    for (char& c : shown)
        if (ascii::is_control(c) || ascii::is_8bit(c)) c = '?';
    return shown;
}

}  // namespace

reply_parser::step reply_parser::fail(reply_fault why, std::size_t consumed) noexcept {
    fault_ = why;
    return {consumed, reply_status::fault};
}

reply_parser::step reply_parser::feed(std::string_view octets) {
    if (fault_ != reply_fault::none) return {0, reply_status::fault};
    std::size_t consumed = 0;
    while (consumed < octets.size()) {
        auto piece = octets.substr(consumed);
        const auto newline = piece.find('\n');
        if (newline != std::string_view::npos) piece = piece.substr(0, newline + 1);
        // One more than a limit shows that it is passed; what is beyond need not be kept.
        piece = piece.substr(0, std::min(limits_.max_line_octets + 1 - line_.size(),
                                         limits_.max_octets + 1 - octets_));
        line_ += piece;
        octets_ += piece.size();
        consumed += piece.size();
        if (!begins_reply(line_)) return fail(reply_fault::bad_syntax, consumed);
        if (line_.size() > limits_.max_line_octets)
            return fail(reply_fault::line_too_long, consumed);
        if (octets_ > limits_.max_octets) return fail(reply_fault::too_long, consumed);
        if (!line_.ends_with("\r\n")) continue;
        const auto status = take_line();
        if (status != reply_status::need_more) return {consumed, status};
    }
    return {consumed, reply_status::need_more};
}

/// A whole line has come.
reply_status reply_parser::take_line() {
    std::string_view line = line_;
    line.remove_suffix(2);
    const auto code = code_of(line);
    if (reply_.code == 0) reply_.code = code;
    if (code != reply_.code) return fail(reply_fault::mixed_codes, 0).status;
    if (reply_.lines.size() >= limits_.max_lines) return fail(reply_fault::too_long, 0).status;
    // A separator of CR that is no line end is none at all.
    if (line.size() > code_digits && line[code_digits] == '\r')
        return fail(reply_fault::bad_syntax, 0).status;
    const bool is_last = line.size() == code_digits || line[code_digits] == ' ';
    auto text = line.substr(std::min(line.size(), code_digits + 1));
    const auto enhanced = take_enhanced(text, line.front());
    if (reply_.enhanced.empty()) reply_.enhanced = enhanced;
    reply_.lines.push_back(harmless(text));
    line_.clear();
    return is_last ? reply_status::complete : reply_status::need_more;
}

remote_reply reply_parser::take() {
    octets_ = 0;
    return std::exchange(reply_, {});
}

}  // namespace hauspost::smtp
