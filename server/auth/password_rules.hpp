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
};

enum class password_fault : std::uint8_t {
    no_text,  // not UTF-8, or with control characters
    too_short,
    too_long,  // in characters, or above max_password_octets
    holds_user_name,
    holds_domain_name,
};

enum class language : std::uint8_t { english, german };

/// All rules that a password breaks; empty: it may be used. Case does not matter for the names;
/// names of fewer than three characters are not looked for.
/// address  of the account, canonical, "local@domain"
[[nodiscard]] std::vector<password_fault> find_faults(std::string_view password,
                                                      std::string_view address,
                                                      const password_rules& rules);

/// One sentence that says which rule it is and what to do. Never holds the password.
[[nodiscard]] std::string describe(password_fault fault,
                                   const password_rules& rules,
                                   language words);

}  // namespace hauspost::auth
