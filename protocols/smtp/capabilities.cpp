#include "protocols/smtp/capabilities.hpp"

#include "base/ascii.hpp"
#include "protocols/wire/literal_reader.hpp"

#include <algorithm>
#include <iterator>

namespace hauspost::smtp {
namespace {

constexpr std::size_t max_mechanisms = 32;     // more than there are
constexpr std::size_t longest_mechanism = 20;  // RFC 4422 3.1
constexpr std::size_t max_limit_digits = 6;    // RFC 9422 4

/// Takes the next word off; "" when there is none.
std::string_view next_word(std::string_view& text) noexcept {
    while (!text.empty() && text.front() == ' ')
        text.remove_prefix(1);
    const auto word = text.substr(0, text.find(' '));
    text.remove_prefix(word.size());
    return word;
}

bool is_mechanism(std::string_view name) noexcept {
    const auto may_stand = [](char c) { return ascii::is_alnum(c) || c == '-' || c == '_'; };
    return !name.empty() && name.size() <= longest_mechanism &&
           std::all_of(name.begin(), name.end(), may_stand);
}

void read_size(capabilities& offered, std::string_view rest) {
    offered.size = true;
    offered.max_message_octets = wire::parse_octet_count(next_word(rest)).value_or(0);
}

void read_auth(capabilities& offered, std::string_view rest) {
    for (auto word = next_word(rest); !word.empty(); word = next_word(rest)) {
        auto name = ascii::uppered(word);
        if (!is_mechanism(name) || offered.auth.size() >= max_mechanisms || offered.has_auth(name))
            continue;
        offered.auth.push_back(std::move(name));
    }
}

/// A limit's number, 1 to 999999; 0 for anything else.
std::size_t limit_value(std::string_view text) noexcept {
    if (text.empty() || text.size() > max_limit_digits ||
        !std::all_of(text.begin(), text.end(), ascii::is_digit))
        return 0;
    std::size_t value = 0;
    for (const char digit : text)
        value = value * 10 + static_cast<std::size_t>(digit - '0');
    return value;
}

void read_limits(capabilities& offered, std::string_view rest) {
    for (auto word = next_word(rest); !word.empty(); word = next_word(rest)) {
        const auto equals = word.find('=');
        if (equals == std::string_view::npos) continue;
        const auto name = word.substr(0, equals);
        const auto value = limit_value(word.substr(equals + 1));
        if (ascii::equal_nocase(name, "MAILMAX"))
            offered.max_messages = value;
        else if (ascii::equal_nocase(name, "RCPTMAX"))
            offered.max_recipients = value;
        else if (ascii::equal_nocase(name, "RCPTDOMAINMAX"))
            offered.max_recipient_domains = value;
    }
}

struct flag_keyword {
    std::string_view keyword;
    bool capabilities::*flag;
};
constexpr flag_keyword flag_keywords[] = {
    {"PIPELINING", &capabilities::pipelining},
    {"8BITMIME", &capabilities::eight_bit_mime},
    {"SMTPUTF8", &capabilities::smtputf8},
    {"ENHANCEDSTATUSCODES", &capabilities::enhanced_status_codes},
    {"STARTTLS", &capabilities::start_tls},
    {"CHUNKING", &capabilities::chunking},
    {"BINARYMIME", &capabilities::binary_mime},
    {"DSN", &capabilities::dsn},
    {"REQUIRETLS", &capabilities::require_tls},
};

void read_keyword(capabilities& offered, std::string_view line) {
    const auto keyword = next_word(line);
    const auto* flag = std::find_if(
        std::begin(flag_keywords), std::end(flag_keywords),
        [keyword](const auto& row) { return ascii::equal_nocase(keyword, row.keyword); });
    if (flag != std::end(flag_keywords)) {
        offered.*(flag->flag) = true;
    } else if (ascii::equal_nocase(keyword, "SIZE")) {
        read_size(offered, line);
    } else if (ascii::equal_nocase(keyword, "AUTH")) {
        read_auth(offered, line);
    } else if (ascii::starts_with_nocase(keyword, "AUTH=")) {  // as drafts had it; still seen
        read_auth(offered, keyword.substr(5));
        read_auth(offered, line);
    } else if (ascii::equal_nocase(keyword, "LIMITS")) {
        read_limits(offered, line);
    }
}

}  // namespace

bool capabilities::has_auth(std::string_view mechanism) const noexcept {
    return std::find(auth.begin(), auth.end(), mechanism) != auth.end();
}

capabilities parse_capabilities(const remote_reply& ehlo) {
    capabilities offered;
    if (ehlo.lines.empty()) return offered;
    std::string_view first = ehlo.lines.front();
    offered.domain = next_word(first);
    for (auto line = ehlo.lines.begin() + 1; line != ehlo.lines.end(); ++line)
        read_keyword(offered, *line);
    offered.binary_mime = offered.binary_mime && offered.chunking;  // RFC 3030 3
    return offered;
}

}  // namespace hauspost::smtp
