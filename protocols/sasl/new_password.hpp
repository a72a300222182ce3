#pragma once

#include <cstdint>

namespace hauspost::sasl {

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

}  // namespace hauspost::sasl
