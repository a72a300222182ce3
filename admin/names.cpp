#include "admin/names.hpp"

#include "base/ascii.hpp"
#include "protocols/message/canonical_name.hpp"

#include <algorithm>

namespace hauspost::admin {
namespace {

constexpr std::size_t max_local_octets = 64;    // RFC 5321 4.5.3.1.1
constexpr std::size_t max_domain_octets = 255;  // RFC 5321 4.5.3.1.2
constexpr std::size_t max_label_octets = 63;    // RFC 1035 2.3.4

/// RFC 5322 3.2.3 atext, and UTF-8 by RFC 6531 3.3.
bool is_atext(char c) {
    constexpr std::string_view marks = "!#$%&'*+-/=?^_`{|}~";
    return ascii::is_alnum(c) || ascii::is_8bit(c) || marks.find(c) != std::string_view::npos;
}

bool is_dot_string(std::string_view local) {
    if (local.empty() || local.size() > max_local_octets) return false;
    if (local.front() == '.' || local.back() == '.') return false;
    if (local.find("..") != std::string_view::npos) return false;
    return std::all_of(local.begin(), local.end(), [](char c) { return c == '.' || is_atext(c); });
}

bool is_label(std::string_view label) {
    if (label.empty() || label.size() > max_label_octets) return false;
    if (label.front() == '-' || label.back() == '-') return false;
    return std::all_of(label.begin(), label.end(),
                       [](char c) { return c == '-' || ascii::is_alnum(c) || ascii::is_8bit(c); });
}

bool is_domain(std::string_view domain) {
    if (domain.size() > max_domain_octets) return false;
    for (;;) {
        const auto dot = domain.find('.');
        if (!is_label(domain.substr(0, dot))) return false;
        if (dot == std::string_view::npos) return true;
        domain.remove_prefix(dot + 1);
    }
}

/// What was typed, for an error text: short and without control characters.
std::string shown(std::string_view typed) {
    std::string text;
    for (const char c : typed.substr(0, 100))
        text += ascii::is_control(c) ? '?' : c;
    return "\"" + text + (typed.size() > 100 ? "...\"" : "\"");
}

}  // namespace

outcome<std::string> parse_address(std::string_view typed) {
    const auto name = message::canonical_name(ascii::trimmed(typed));
    const auto at = name ? name->rfind('@') : std::string::npos;
    if (at == std::string::npos)
        return refuse(shown(typed) +
                      " is not a valid address: write it in full, for example anna@example.org.");
    const std::string_view whole = *name;
    if (!is_dot_string(whole.substr(0, at)))
        return refuse(
            shown(typed) +
            " is not an address that can be used: before the @ come 1 to 64 letters, digits, or "
            "marks as . _ - +, with no dot at either end.");
    if (!is_domain(whole.substr(at + 1)))
        return refuse(shown(typed) +
                      " is not an address that can be used: after the @ comes a domain, for "
                      "example example.org.");
    return *name;
}

outcome<std::string> parse_domain_name(std::string_view typed) {
    const auto name = message::canonical_name(ascii::trimmed(typed));
    if (!name || !is_domain(*name))
        return refuse(shown(typed) +
                      " is not a valid domain: write it, for example, as example.org.");
    return *name;
}

std::string listed(const std::vector<std::string>& names) {
    constexpr std::size_t most = 20;
    std::string text;
    for (std::size_t i = 0; i < names.size() && i < most; ++i)
        text += (i == 0 ? "" : ", ") + names[i];
    if (names.size() > most) text += " and " + std::to_string(names.size() - most) + " more";
    return text;
}

std::string domain_of(std::string_view address) {
    return std::string(address.substr(address.rfind('@') + 1));
}

}  // namespace hauspost::admin
