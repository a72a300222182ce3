#include "server/auth/password_strength.hpp"

#include "base/utf8.hpp"

#include <openssl/crypto.h>
#include <zxcvbn.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <memory>
#include <string>

namespace hauspost::auth {
namespace {

// The time grows faster than the text; a password as long as this that can still be guessed is
// found out by its first octets.
constexpr std::size_t max_octets = 100;

// 10^2, 10^4, 10^6 and 10^8 seconds at 10,000 guesses in a second (zxcvbn's first publication).
constexpr std::array<double, 4> bits_of_scores{20.9, 27.6, 34.2, 40.9};

// What zxcvbn's dictionaries, which are English, lack.
const char* const more_words[] = {
    "hauspost", "passwort", "kennwort", "geheim",   "geheimnis",   "willkommen",   "hallo",
    "schatz",   "sommer",   "winter",   "frühling", "herbst",      "fussball",     "fußball",
    "hamburg",  "berlin",   "münchen",  "bayern",   "deutschland", "lassmichrein", nullptr};

/// On a German keyboard y and z are changed, and umlauts stand where the English one has signs;
/// with each letter replaced by the one on the same key, its rows of keys are the English ones.
std::string as_on_an_english_keyboard(std::string_view text) {
    constexpr std::pair<std::string_view, char> keys[] = {
        {"y", 'z'},        {"z", 'y'},         {"Y", 'Z'},        {"Z", 'Y'}, {"\xc3\xbc", '['},
        {"\xc3\xb6", ';'}, {"\xc3\xa4", '\''}, {"\xc3\x9f", '-'}, {"+", ']'}, {"#", '\\'}};
    std::string out;
    out.reserve(text.size());  // so that growing leaves no copies behind
    while (!text.empty()) {
        const auto* key = std::find_if(std::begin(keys), std::end(keys), [&](const auto& one) {
            return text.starts_with(one.first);
        });
        const bool is_other = key != std::end(keys);
        out += is_other ? key->second : text.front();
        text.remove_prefix(is_other ? key->first.size() : 1);
    }
    return out;
}

weakness weakness_of(int type) {
    if (type >= MULTIPLE_MATCH) return weakness::repeats;
    switch (type) {
    case DICTIONARY_MATCH:
    case DICT_LEET_MATCH:
    case USER_MATCH:
    case USER_LEET_MATCH: return weakness::known_words;
    case REPEATS_MATCH: return weakness::repeats;
    case SEQUENCE_MATCH:
    case SPATIAL_MATCH: return weakness::rows;
    case DATE_MATCH:
    case YEAR_MATCH: return weakness::dates;
    default: return weakness::other;
    }
}

struct measured {
    double bits = 0;
    weakness why = weakness::other;
};

measured ask_zxcvbn(const std::string& text) {
    ZxcMatch_t* parts = nullptr;
    measured out;
    // It takes the words as char*, and changes none.
    out.bits = ZxcvbnMatch(text.c_str(), const_cast<const char**>(more_words), &parts);
    const std::unique_ptr<ZxcMatch_t, decltype(&ZxcvbnFreeInfo)> owner(parts, ZxcvbnFreeInfo);
    std::array<int, 5> octets{};
    for (const auto* part = parts; part != nullptr; part = part->Next)
        octets[static_cast<std::size_t>(weakness_of(part->Type))] += part->Length;
    const auto* most = std::max_element(octets.begin(), octets.end());
    out.why = static_cast<weakness>(most - octets.begin());
    return out;
}

}  // namespace

strength measure(std::string_view password) {
    std::string text(utf8::truncated(password, max_octets));
    auto other = as_on_an_english_keyboard(text);
    const auto as_typed = ask_zxcvbn(text);
    const auto as_keys = ask_zxcvbn(other);
    OPENSSL_cleanse(text.data(), text.size());
    OPENSSL_cleanse(other.data(), other.size());
    const auto& least = as_keys.bits < as_typed.bits ? as_keys : as_typed;
    strength out;
    out.why = least.why;
    out.score = static_cast<std::uint32_t>(
        std::upper_bound(bits_of_scores.begin(), bits_of_scores.end(), least.bits) -
        bits_of_scores.begin());
    return out;
}

}  // namespace hauspost::auth
