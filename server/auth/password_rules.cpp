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
        const auto at = address.rfind('@');
        if (holds(*folded, address.substr(0, at)))
            faults.push_back(password_fault::holds_user_name);
        if (at != std::string_view::npos && holds(*folded, company_name(address.substr(at + 1))))
            faults.push_back(password_fault::holds_domain_name);
    }
    if (!faults.empty() || rules.min_score == 0) return faults;
    const auto found = measure(password);
    if (found.score < rules.min_score) faults.push_back(fault_of(found.why));
    return faults;
}

std::string describe(password_fault fault, const password_rules& rules) {
    const auto least = std::to_string(rules.min_characters);
    const auto most = std::to_string(rules.max_characters);
    const std::string remedy = " Four words that have nothing to do with each other are better.";
    switch (fault) {
    case password_fault::no_text:
        return "The password contains control characters or is not valid UTF-8 text.";
    case password_fault::too_short:
        return "The password is too short: it needs at least " + least + " characters.";
    case password_fault::too_long:
        return "The password is too long: at most " + most + " characters and 512 octets.";
    case password_fault::holds_user_name:
        return "The password contains the name before the @ of the address: choose one without "
               "it.";
    case password_fault::holds_domain_name:
        return "The password contains the name of the domain: choose one without it.";
    case password_fault::repeats:
        return "The password mostly repeats the same characters." + remedy;
    case password_fault::rows:
        return "The password mostly follows a row of keys, letters or digits." + remedy;
    case password_fault::known_words:
        return "The password consists mostly of well-known passwords, words or names." + remedy;
    case password_fault::dates: return "The password consists mostly of a date." + remedy;
    case password_fault::guessable: return "The password is easy to guess." + remedy;
    }
    return {};
}

}  // namespace hauspost::auth
