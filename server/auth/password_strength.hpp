#pragma once

#include <cstdint>
#include <string_view>

namespace hauspost::auth {

/// What most of a password that can be guessed consists of.
enum class weakness : std::uint8_t {
    repeats,      // "aaaa", "abcabcabc"
    rows,         // neighbours on the keyboard or in the alphabet: "qwertz", "12345", "abcdef"
    known_words,  // passwords, words and names that everybody knows, also with 3 for e
    dates,        // "24.12.2026"
    other,
};

struct strength {
    /// As zxcvbn counts it, from one guess in one's head to more than anybody tries: 0 below 20.9
    /// bits, 1, 2, 3 from 34.2 bits (more than 10^10 guesses), 4 from 40.9.
    std::uint32_t score = 0;
    weakness why = weakness::other;
};

/// How hard a password is to guess for somebody who knows what people like to choose. Of a long one
/// only the first 100 octets count. Takes up to some milliseconds: not on a network thread.
[[nodiscard]] strength measure(std::string_view password);

}  // namespace hauspost::auth
