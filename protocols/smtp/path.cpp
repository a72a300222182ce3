#include "protocols/smtp/path.hpp"

#include "base/ascii.hpp"
#include "base/utf8.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <array>

namespace hauspost::smtp {
namespace {

bool is_atext(char c) noexcept {
    constexpr std::string_view special = "!#$%&'*+-/=?^_`{|}~";  // RFC 5322 3.2.3
    return ascii::is_alnum(c) || ascii::is_8bit(c) || special.find(c) != std::string_view::npos;
}

bool is_ipv4(std::string_view text) noexcept {
    std::array<char, 16> copy{};
    if (text.empty() || text.size() >= copy.size()) return false;
    std::copy(text.begin(), text.end(), copy.begin());
    in_addr address;
    return ::inet_pton(AF_INET, copy.data(), &address) == 1;
}

bool is_ipv6(std::string_view text) noexcept {
    std::array<char, 46> copy{};
    if (text.empty() || text.size() >= copy.size()) return false;
    std::copy(text.begin(), text.end(), copy.begin());
    in6_addr address;
    return ::inet_pton(AF_INET6, copy.data(), &address) == 1;
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
