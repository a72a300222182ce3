#include "admin/names.hpp"

#include "base/address.hpp"
#include "base/ascii.hpp"

#include <algorithm>
#include <optional>

namespace hauspost::admin {
namespace {

constexpr std::size_t max_local_octets = 64;  // RFC 5321 4.5.3.1.1

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

/// Letters, digits and hyphens inside of a label (RFC 5321 4.1.2); nullopt: it is none.
std::optional<std::string> host_domain(std::string_view typed) {
    auto domain = address::to_a_labels(typed);
    if (!domain || domain->find('_') != std::string::npos) return std::nullopt;
    const auto dotted = '.' + *domain + '.';
    const bool has_edge =
        dotted.find(".-") != std::string::npos || dotted.find("-.") != std::string::npos;
    if (has_edge) return std::nullopt;
    return domain;
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
    const auto text = ascii::trimmed(typed);
    const auto name = address::canonical(text);
    if (!name || text.find('@') == std::string::npos)
        return refuse(shown(typed) +
                      " is not a valid address: write it in full, for example anna@example.org.");
    const auto local = address::local_part_of(*name);
    if (!is_dot_string(local))
        return refuse(
            shown(typed) +
            " is not an address that can be used: before the @ come 1 to 64 letters, digits, or "
            "marks as . _ - +, with no dot at either end.");
    const auto domain = host_domain(address::domain_of(text));
    if (!domain)
        return refuse(shown(typed) +
                      " is not an address that can be used: after the @ comes a domain, for "
                      "example example.org.");
    return std::string(local) + '@' + *domain;
}

outcome<std::string> parse_domain_name(std::string_view typed) {
    auto name = host_domain(ascii::trimmed(typed));
    if (!name)
        return refuse(shown(typed) +
                      " is not a valid domain: write it, for example, as example.org.");
    return *std::move(name);
}

std::string listed(const std::vector<std::string>& names) {
    constexpr std::size_t most = 20;
    std::string text;
    for (std::size_t i = 0; i < names.size() && i < most; ++i)
        text += (i == 0 ? "" : ", ") + address::shown(names[i]);
    if (names.size() > most) text += " and " + std::to_string(names.size() - most) + " more";
    return text;
}

}  // namespace hauspost::admin
