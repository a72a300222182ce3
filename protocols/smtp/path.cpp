#include "protocols/smtp/path.hpp"

#include "base/ascii.hpp"
#include "base/utf8.hpp"

#include <algorithm>

namespace hauspost::smtp {
namespace {

bool is_atext(char c) noexcept {
    constexpr std::string_view special = "!#$%&'*+-/=?^_`{|}~";  // RFC 5322 3.2.3
    return ascii::is_alnum(c) || ascii::is_8bit(c) || special.find(c) != std::string_view::npos;
}

/// Snum = 1*3DIGIT, 0 to 255; four of them.
bool is_ipv4(std::string_view text) noexcept {
    for (int i = 0; i < 4; ++i) {
        std::size_t digits = 0;
        int number = 0;
        while (digits < text.size() && digits < 3 && ascii::is_digit(text[digits]))
            number = number * 10 + (text[digits++] - '0');
        if (digits == 0 || number > 255) return false;
        text.remove_prefix(digits);
        if (i == 3) break;
        if (text.empty() || text.front() != '.') return false;
        text.remove_prefix(1);
    }
    return text.empty();
}

bool is_hex_group(std::string_view text) noexcept {
    return !text.empty() && text.size() <= 4 && std::all_of(text.begin(), text.end(), [](char c) {
        return ascii::is_digit(c) || (ascii::to_lower(c) >= 'a' && ascii::to_lower(c) <= 'f');
    });
}

/// How many 16-bit groups stand in "1:2:3", an IPv4 address at the end counting two. -1: bad.
int count_groups(std::string_view text, bool may_end_in_ipv4) noexcept {
    if (text.empty()) return 0;
    for (int groups = 1;; ++groups) {
        const auto colon = text.find(':');
        const auto group = text.substr(0, colon);
        const bool is_last = colon == std::string_view::npos;
        if (is_last && may_end_in_ipv4 && is_ipv4(group)) return groups + 1;
        if (groups > 8 || !is_hex_group(group)) return -1;
        if (is_last) return groups;
        text.remove_prefix(colon + 1);
    }
}

/// RFC 5321 4.1.3 IPv6-addr.
bool is_ipv6(std::string_view text) noexcept {
    const auto gap = text.find("::");
    if (gap == std::string_view::npos) return count_groups(text, true) == 8;
    const int before = count_groups(text.substr(0, gap), false);
    const int after = count_groups(text.substr(gap + 2), true);
    return before >= 0 && after >= 0 && before + after <= 7;
}

bool is_label(std::string_view text) noexcept {
    if (text.empty() || text.size() > max_label_octets) return false;
    if (text.front() == '-' || text.back() == '-') return false;
    return std::all_of(text.begin(), text.end(), [](char c) {
        return ascii::is_alnum(c) || c == '-' || c == '_' || ascii::is_8bit(c);
    });
}

/// Dot-string = Atom *("." Atom)
std::optional<std::string> take_dot_string(std::string_view& text) {
    std::size_t end = 0;
    bool after_atom = false;
    for (; end < text.size(); ++end) {
        const char c = text[end];
        if (is_atext(c)) {
            after_atom = true;
        } else if (c == '.' && after_atom) {
            after_atom = false;
        } else {
            break;
        }
    }
    if (!after_atom) return std::nullopt;
    std::string local(text.substr(0, end));
    text.remove_prefix(end);
    return local;
}

/// Quoted-string = DQUOTE *(qtextSMTP / "\" %d32-126) DQUOTE; what is inside, unquoted.
std::optional<std::string> take_quoted_string(std::string_view& text) {
    std::string local;
    for (std::size_t i = 1; i < text.size(); ++i) {
        char c = text[i];
        if (c == '"') {
            text.remove_prefix(i + 1);
            return local;
        }
        if (c == '\\') {
            if (++i == text.size()) return std::nullopt;
            c = text[i];
            if (ascii::is_8bit(c)) return std::nullopt;
        }
        if (ascii::is_control(c)) return std::nullopt;
        local += c;
    }
    return std::nullopt;
}

std::optional<mailbox_address> take_mailbox(std::string_view& text) {
    if (text.empty()) return std::nullopt;
    auto local = text.front() == '"' ? take_quoted_string(text) : take_dot_string(text);
    if (!local || local->size() > max_local_part_octets) return std::nullopt;
    if (text.empty() || text.front() != '@') return std::nullopt;
    text.remove_prefix(1);
    const bool is_literal = !text.empty() && text.front() == '[';
    auto end = text.find(is_literal ? ']' : '>');
    if (is_literal && end != std::string_view::npos) ++end;
    const auto domain = text.substr(0, end);
    if (!is_domain(domain)) return std::nullopt;
    text.remove_prefix(domain.size());
    if (!utf8::is_valid(*local) || !utf8::is_valid(domain)) return std::nullopt;
    mailbox_address address;
    address.local_part = std::move(*local);
    address.domain = ascii::lowered(domain);
    return address;
}

/// A-d-l = "@" Domain *( "," "@" Domain ), with the ":" behind it. False: not one.
bool skip_source_route(std::string_view& text) {
    while (!text.empty() && text.front() == '@') {
        const auto end = text.find_first_of(",:>");
        if (end == std::string_view::npos || text[end] == '>') return false;
        if (!is_domain(text.substr(1, end - 1))) return false;
        const bool is_last = text[end] == ':';
        text.remove_prefix(end + 1);
        if (is_last) return true;
    }
    return false;
}

}  // namespace

bool is_address_literal(std::string_view text) noexcept {
    if (text.size() < 3 || text.front() != '[' || text.back() != ']') return false;
    text = text.substr(1, text.size() - 2);
    constexpr std::string_view ipv6 = "IPv6:";
    if (ascii::starts_with_nocase(text, ipv6)) return is_ipv6(text.substr(ipv6.size()));
    if (is_ipv4(text)) return true;
    // General-address-literal = Standardized-tag ":" 1*dcontent
    const auto colon = text.find(':');
    if (colon == std::string_view::npos || colon == 0 || colon + 1 == text.size()) return false;
    const auto tag = text.substr(0, colon);
    const auto content = text.substr(colon + 1);
    const auto is_tag_char = [](char c) { return ascii::is_alnum(c) || c == '-'; };
    const auto is_dcontent = [](char c) {
        return c > 32 && c < 127 && c != '[' && c != '\\' && c != ']';
    };
    return std::all_of(tag.begin(), tag.end(), is_tag_char) && tag.back() != '-' &&
           std::all_of(content.begin(), content.end(), is_dcontent);
}

bool is_domain(std::string_view text) noexcept {
    if (text.empty() || text.size() > max_domain_octets) return false;
    if (text.front() == '[') return is_address_literal(text);
    for (;;) {
        const auto dot = text.find('.');
        if (!is_label(text.substr(0, dot))) return false;
        if (dot == std::string_view::npos) return true;
        text.remove_prefix(dot + 1);
    }
}

std::optional<mailbox_address> parse_path(std::string_view& text) {
    if (text.empty() || text.front() != '<') return std::nullopt;
    text.remove_prefix(1);
    if (!text.empty() && text.front() == '>') {
        text.remove_prefix(1);
        return mailbox_address{};
    }
    if (!text.empty() && text.front() == '@' && !skip_source_route(text)) return std::nullopt;
    auto address = take_mailbox(text);
    if (!address || text.empty() || text.front() != '>') return std::nullopt;
    text.remove_prefix(1);
    return address;
}

std::optional<mailbox_address> parse_mailbox(std::string_view text) {
    auto address = take_mailbox(text);
    if (!address || !text.empty()) return std::nullopt;
    return address;
}

std::string to_text(const mailbox_address& address) {
    if (address.is_null()) return {};
    std::string text;
    std::string_view rest = address.local_part;
    if (const auto whole = take_dot_string(rest); whole && rest.empty()) {
        text = address.local_part;
    } else {
        text = '"';
        for (const char c : address.local_part) {
            if (c == '"' || c == '\\') text += '\\';
            text += c;
        }
        text += '"';
    }
    if (!address.domain.empty()) text += '@' + address.domain;
    return text;
}

bool is_ascii(const mailbox_address& address) noexcept {
    return utf8::is_ascii(address.local_part) && utf8::is_ascii(address.domain);
}

}  // namespace hauspost::smtp
