#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace hauspost::auth {

/// What a new password must be like.
struct password_rules {
    std::uint32_t min_characters = 12;
    std::uint32_t max_characters = 256;
    bool may_hold_address = false;
    std::uint32_t min_score = 3;  // of strength; 0: how hard it is to guess is not looked at
};

enum class password_fault : std::uint8_t {
    no_text,  // not UTF-8, or with control characters
    too_short,
    too_long,  // in characters, or above max_password_octets
    holds_user_name,
    holds_domain_name,
    repeats,
    rows,
    known_words,
    dates,
    guessable,
};

/// All rules that a password breaks; empty: it may be used. Case does not matter for the names;
/// names of fewer than three characters are not looked for. How hard it is to guess is looked at
/// only when nothing else is wrong, and takes some milliseconds: not on a network thread.
///
/// password  in the form of message::opaque_string
/// address   of the account, canonical, "local@domain"
[[nodiscard]] std::vector<password_fault> find_faults(std::string_view password,
                                                      std::string_view address,
                                                      const password_rules& rules);

/// One sentence that says which rule it is and what to do. Never holds the password.
[[nodiscard]] std::string describe(password_fault fault, const password_rules& rules);

}  // namespace hauspost::auth
