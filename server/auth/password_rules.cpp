#include "server/auth/password_rules.hpp"

#include "base/address.hpp"
#include "base/ascii.hpp"
#include "base/utf8.hpp"
#include "server/auth/password_hash.hpp"
#include "server/auth/password_strength.hpp"

#include <algorithm>

namespace hauspost::auth {
namespace {

constexpr std::size_t min_name_octets = 3;

std::size_t count_characters(std::string_view utf8_text) {
    return static_cast<std::size_t>(std::count_if(utf8_text.begin(), utf8_text.end(), [](char c) {
        return (static_cast<unsigned char>(c) & 0xc0) != 0x80;
    }));
}

bool holds(std::string_view text, std::string_view name) {
    return name.size() >= min_name_octets && text.find(name) != std::string_view::npos;
}

/// The part of a domain by which people know the company: the longest label before the last.
std::string_view company_name(std::string_view domain) {
    std::string_view longest;
    for (;;) {
        const auto dot = domain.find('.');
        if (dot == std::string_view::npos) return longest;
        if (dot > longest.size()) longest = domain.substr(0, dot);
        domain.remove_prefix(dot + 1);
    }
}

password_fault fault_of(weakness why) {
    switch (why) {
    case weakness::repeats: return password_fault::repeats;
    case weakness::rows: return password_fault::rows;
    case weakness::known_words: return password_fault::known_words;
    case weakness::dates: return password_fault::dates;
    case weakness::other: break;
    }
    return password_fault::guessable;
}

}  // namespace

std::vector<password_fault> find_faults(std::string_view password,
                                        std::string_view address,
                                        const password_rules& rules) {
    if (!utf8::is_valid(password) ||
        std::any_of(password.begin(), password.end(), ascii::is_control))
        return {password_fault::no_text};
    std::vector<password_fault> faults;
    const auto characters = count_characters(password);
    if (characters < rules.min_characters) faults.push_back(password_fault::too_short);
    if (characters > rules.max_characters || password.size() > max_password_octets)
        faults.push_back(password_fault::too_long);
    const auto folded = hauspost::address::canonical(password.substr(0, max_password_octets));
    if (!rules.may_hold_address && folded) {
        if (holds(*folded, hauspost::address::local_part_of(address)))
            faults.push_back(password_fault::holds_user_name);
        const auto domain = hauspost::address::domain_of(address);
        if (!domain.empty() && holds(*folded, company_name(domain)))
            faults.push_back(password_fault::holds_domain_name);
    }
    if (!faults.empty() || rules.min_score == 0) return faults;
    const auto found = measure(password);
    if (found.score < rules.min_score) faults.push_back(fault_of(found.why));
    return faults;
}

}  // namespace hauspost::auth
