#include "base/typed_address.hpp"

#include "base/address.hpp"
#include "base/ascii.hpp"

#include <algorithm>

namespace hauspost::address {
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
    auto domain = to_a_labels(typed);
    if (!domain || domain->find('_') != std::string::npos) return std::nullopt;
    const auto dotted = '.' + *domain + '.';
    const bool has_edge =
        dotted.find(".-") != std::string::npos || dotted.find("-.") != std::string::npos;
    if (has_edge) return std::nullopt;
    return domain;
}

}  // namespace

boost::system::result<std::string, typed_fault> parse_typed(std::string_view typed) {
    const auto text = ascii::trimmed(typed);
    const auto name = canonical(text);
    if (!name || text.find('@') == std::string::npos) return typed_fault::not_an_address;
    const auto local = local_part_of(*name);
    if (!is_dot_string(local)) return typed_fault::bad_local_part;
    const auto domain = host_domain(domain_of(text));
    if (!domain) return typed_fault::bad_domain;
    return std::string(local) + '@' + *domain;
}

std::optional<std::string> parse_typed_domain(std::string_view typed) {
    return host_domain(ascii::trimmed(typed));
}

}  // namespace hauspost::address
