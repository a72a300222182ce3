#include "protocols/pop3/command_parser.hpp"

#include "base/ascii.hpp"
#include "base/utf8.hpp"
#include "protocols/pop3/limits.hpp"

#include <algorithm>
#include <array>
#include <limits>

namespace hauspost::pop3 {
namespace {

command fault(syntax_fault why) {
    return malformed{why};
}

std::string_view without_trailing_blanks(std::string_view text) {
    const auto last = text.find_last_not_of(" \t");
    return text.substr(0, last == std::string_view::npos ? 0 : last + 1);
}

/// The first word; `text` goes on behind it and the blanks that follow.
std::string_view take_word(std::string_view& text) {
    const auto word = text.substr(0, text.find(' '));
    text.remove_prefix(word.size());
    text.remove_prefix(std::min(text.find_first_not_of(' '), text.size()));
    return word;
}

std::optional<std::uint64_t> number_of(std::string_view digits) {
    if (digits.empty() || !std::all_of(digits.begin(), digits.end(), ascii::is_digit))
        return std::nullopt;
    constexpr auto most = std::numeric_limits<std::uint64_t>::max();
    std::uint64_t value = 0;
    for (const char c : digits) {
        const auto digit = static_cast<std::uint64_t>(c - '0');
        if (value > (most - digit) / 10) return most;
        value = value * 10 + digit;
    }
    return value;
}

command parse_user(std::string_view text) {
    text = without_trailing_blanks(text);
    if (text.empty() || text.size() > max_user_octets || !utf8::is_valid(text) ||
        std::any_of(text.begin(), text.end(), ascii::is_control))
        return fault(syntax_fault::bad_arguments);
    return cmd::user{std::string(text)};
}

command parse_pass(std::string_view text) {
    if (text.empty() || text.find('\0') != std::string_view::npos)
        return fault(syntax_fault::bad_arguments);
    return cmd::pass{secret(std::string(text))};
}

/// auth-command = "AUTH" SP sasl-mech [SP initial-response], RFC 5034 8
command parse_auth(std::string_view text) {
    text = without_trailing_blanks(text);
    const auto mechanism = take_word(text);
    const auto is_mechanism_char = [](char c) {
        return ascii::is_alnum(c) || c == '-' || c == '_';
    };
    if (mechanism.size() > max_mechanism_octets ||
        !std::all_of(mechanism.begin(), mechanism.end(), is_mechanism_char) ||
        text.find(' ') != std::string_view::npos)
        return fault(syntax_fault::bad_arguments);
    cmd::auth parsed;
    parsed.mechanism = ascii::uppered(mechanism);
    if (!text.empty()) parsed.initial_response = text;
    return parsed;
}

/// RFC 6856 3: a language tag or "*".
command parse_lang(std::string_view text) {
    text = without_trailing_blanks(text);
    const auto is_tag_char = [](char c) { return ascii::is_alnum(c) || c == '-' || c == '*'; };
    if (text.size() > max_language_octets || !std::all_of(text.begin(), text.end(), is_tag_char))
        return fault(syntax_fault::bad_arguments);
    return cmd::lang{std::string(text)};
}

/// Commands that take nothing.
template <class Command>
command parse_bare(std::string_view text) {
    if (!without_trailing_blanks(text).empty()) return fault(syntax_fault::bad_arguments);
    return Command{};
}

/// LIST and UIDL: all messages or one.
template <class Command>
command parse_listing(std::string_view text) {
    text = without_trailing_blanks(text);
    if (text.empty()) return Command{};
    const auto number = number_of(text);
    if (!number) return fault(syntax_fault::bad_number);
    return Command{*number};
}

template <class Command>
command parse_one(std::string_view text) {
    const auto number = number_of(without_trailing_blanks(text));
    if (!number) return fault(syntax_fault::bad_number);
    return Command{*number};
}

command parse_top(std::string_view text) {
    text = without_trailing_blanks(text);
    const auto number = number_of(take_word(text));
    const auto lines = number_of(text);
    if (!number || !lines) return fault(syntax_fault::bad_number);
    return cmd::top{*number, *lines};
}

struct keyword {
    std::string_view name;
    command (*parse)(std::string_view arguments);
};

constexpr std::array<keyword, 16> keywords{{{"RETR", parse_one<cmd::retr>},
                                            {"DELE", parse_one<cmd::dele>},
                                            {"TOP", parse_top},
                                            {"UIDL", parse_listing<cmd::uidl>},
                                            {"LIST", parse_listing<cmd::list>},
                                            {"STAT", parse_bare<cmd::stat>},
                                            {"NOOP", parse_bare<cmd::noop>},
                                            {"RSET", parse_bare<cmd::rset>},
                                            {"QUIT", parse_bare<cmd::quit>},
                                            {"USER", parse_user},
                                            {"PASS", parse_pass},
                                            {"AUTH", parse_auth},
                                            {"CAPA", parse_bare<cmd::capa>},
                                            {"STLS", parse_bare<cmd::stls>},
                                            {"UTF8", parse_bare<cmd::utf8>},
                                            {"LANG", parse_lang}}};

}  // namespace

command parse_command(std::string_view line) {
    const auto end = std::min(line.find(' '), line.size());
    const auto name = line.substr(0, end);
    // One space stands between keyword and arguments; what follows belongs to a password.
    const auto arguments = line.substr(std::min(end + 1, line.size()));
    for (const auto& one : keywords)
        if (ascii::equal_nocase(name, one.name)) return one.parse(arguments);
    return fault(syntax_fault::unknown_command);
}

}  // namespace hauspost::pop3
