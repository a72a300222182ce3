#include "storage/index/signature.hpp"

#include "base/trigrams.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <optional>

namespace hauspost::storage::index {
namespace {

// Halved as long as no more than a quarter is set: of a text of 4 KB that is a sixth of its size to
// a quarter, and a word of seven letters that is not there is looked for in one of 500 in vain.
constexpr std::size_t one_set_of = 4;
constexpr std::size_t bits_of_word = 64;

/// These are part of the files: another hash is another layout_version.
bit_number hashed(std::uint64_t grams, std::uint64_t seed) {
    auto mixed = (grams + seed) * 0x9e3779b97f4a7c15ull;
    mixed ^= mixed >> 32;
    mixed *= 0xd6e8feb86659fd93ull;
    return static_cast<bit_number>(mixed >> 40);
}

std::uint64_t seed_of(signed_field field) {
    return (std::uint64_t{static_cast<std::uint8_t>(field)} + 1) * 0xa0761d6478bd642full;
}

/// Calls three(bit) for each trigram, and five(bit) for each five characters in a row.
template <class Three, class Five>
void for_each_bit(std::string_view text, signed_field field, Three three, Five five) {
    const auto seed = seed_of(field);
    const auto seed_of_fives = ~seed;
    trigram before = 0, before_that = 0;
    for_each_trigram(text, [&](trigram last, unsigned run) {
        three(hashed(last, seed));
        // The trigram two characters ago and this one are these five characters.
        if (run >= 5) five(hashed(last ^ std::rotl(before_that, 32) * 5, seed_of_fives));
        before_that = before;
        before = last;
    });
}

void set(std::vector<std::uint64_t>& words, std::size_t bit) {
    words[bit / bits_of_word] |= std::uint64_t{1} << (bit % bits_of_word);
}

/// Halves it as often as it may be.
void shorten(signature& made) {
    auto& words = made.words;
    while (made.log_bits > min_log_bits) {
        const auto half = words.size() / 2;
        std::size_t is_set = 0;
        for (std::size_t n = 0; n < half; ++n)
            is_set += static_cast<std::size_t>(std::popcount(words[n] | words[n + half]));
        if (is_set * one_set_of > half * bits_of_word) return;
        for (std::size_t n = 0; n < half; ++n)
            words[n] |= words[n + half];
        words.resize(half);
        --made.log_bits;
    }
}

}  // namespace

signature signature_of(const indexed_text& text) {
    signature made;
    if (!text.is_complete) return made;
    const std::array<std::pair<signed_field, std::string_view>, 6> fields{
        {{signed_field::subject, text.subject},
         {signed_field::from, text.from},
         {signed_field::to, text.to},
         {signed_field::cc, text.cc},
         {signed_field::header, text.header},
         {signed_field::body, text.body}}};
    std::size_t octets = 0;
    for (const auto& [field, words] : fields)
        octets += words.size();
    made.has_fives = octets >= text_with_fives;
    // Long enough that the first halving loses nothing: twice as many bits as there are grams.
    const auto grams = made.has_fives ? octets * 2 : octets;
    made.log_bits =
        std::clamp(static_cast<unsigned>(std::bit_width(grams * 2)), min_log_bits, max_log_bits);
    const auto mask = (bit_number{1} << made.log_bits) - 1;
    made.words.assign((std::size_t{1} << made.log_bits) / bits_of_word, 0);
    const auto enter = [&](bit_number bit) { set(made.words, bit & mask); };
    const auto leave_out = [](bit_number) {};
    for (const auto& [field, words] : fields)
        if (made.has_fives)
            for_each_bit(words, field, enter, enter);
        else
            for_each_bit(words, field, enter, leave_out);
    shorten(made);
    made.words.shrink_to_fit();
    return made;
}

needle_bits bits_of_needle(signed_field field, std::string_view needle) {
    needle_bits bits;
    const auto trigrams = trigrams_of_needle(needle);
    if (trigrams.empty()) return bits;
    const auto seed = seed_of(field);
    for (const auto three : trigrams)
        bits.threes.push_back(hashed(three, seed));
    const auto leave_out = [](bit_number) {};
    const auto enter = [&bits](bit_number five) {
        if (bits.fives.size() < max_trigrams_of_needle) bits.fives.push_back(five);
    };
    for_each_bit(needle, field, leave_out, enter);
    return bits;
}

}  // namespace hauspost::storage::index
