#include "storage/index/signature.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <bit>
#include <random>
#include <string>

using namespace hauspost::storage;
using namespace hauspost::storage::index;

namespace {

bool has(const signature& of, bit_number bit) {
    const auto at = bit & ((bit_number{1} << of.log_bits) - 1);
    return (of.words[at / 64] >> (at % 64) & 1) != 0;
}

bool may_hold(const signature& of, signed_field field, std::string_view needle) {
    const auto bits = bits_of_needle(field, needle);
    const auto is_there = [&of](bit_number bit) { return has(of, bit); };
    return std::all_of(bits.threes.begin(), bits.threes.end(), is_there) &&
           (!of.has_fives || std::all_of(bits.fives.begin(), bits.fives.end(), is_there));
}

signature of_body(std::string body) {
    indexed_text text;
    text.body = std::move(body);
    return signature_of(text);
}

double share_of_set_bits(const signature& of) {
    std::size_t is_set = 0;
    for (const auto word : of.words)
        is_set += static_cast<std::size_t>(std::popcount(word));
    return static_cast<double>(is_set) / static_cast<double>(of.words.size() * 64);
}

/// Words of a few letters, as a language has them.
std::string words(std::size_t octets, std::mt19937& random) {
    std::string text;
    while (text.size() < octets) {
        for (auto n = 2 + random() % 3; n > 0; --n) {
            text += "BDFGLMNPRSTV"[random() % 12];
            text += "AEIOU"[random() % 5];
        }
        text += ' ';
    }
    return text;
}

}  // namespace

TEST_CASE("signature: is as long as the text needs, at most a quarter of it set") {
    std::mt19937 random(1);
    for (const std::size_t octets : {0, 10, 200, 4'000, 30'000, 40'000, 400'000}) {
        CAPTURE(octets);
        const auto made = of_body(words(octets, random));
        CHECK(made.words.size() * 64 == std::size_t{1} << made.log_bits);
        CHECK(share_of_set_bits(made) <= 0.25);
        CHECK(made.has_fives == (octets >= text_with_fives));
        if (octets >= 4'000) CHECK(share_of_set_bits(made) > 0.12);
        if (octets >= 4'000) CHECK(made.words.size() * 8 <= octets * 35 / 100);
    }
    CHECK(of_body("").log_bits == min_log_bits);
}

TEST_CASE("signature: one word again and again takes no more than the word once") {
    std::string text;
    for (int n = 0; n < 200'000; ++n)
        text += "BUFFALO ";
    const auto made = of_body(text);
    CHECK(made.log_bits == min_log_bits);
    CHECK(may_hold(made, signed_field::body, "FFALO"));
    CHECK_FALSE(may_hold(made, signed_field::body, "BISON HERD"));
}

TEST_CASE("signature: noise and texts in which everything stands stay bounded and lose nothing") {
    std::mt19937 random(2);
    std::string noise, characters;
    for (int n = 0; n < 3'000'000; ++n)
        noise += "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+/"[random() % 38];
    for (int n = 0; n < 1'000'000; ++n) {
        const auto point = 0x4e00 + random() % 20'000;
        characters +=
            {static_cast<char>(0xe0 | point >> 12), static_cast<char>(0x80 | (point >> 6 & 0x3f)),
             static_cast<char>(0x80 | (point & 0x3f))};
    }
    for (const auto& text : {noise, characters}) {
        const auto made = of_body(text);
        CHECK(made.log_bits <= max_log_bits);
        for (int n = 0; n < 200; ++n) {
            const auto at = random() % (text.size() / 3 - 10) * 3;
            CHECK(may_hold(made, signed_field::body, text.substr(at, 3 + random() % 9 * 3)));
        }
    }
    CHECK_FALSE(may_hold(of_body(noise), signed_field::body, "NOT IN THIS NOISE"));
}

TEST_CASE("signature: whatever stands in a text, in any script and field, its bits are set") {
    std::mt19937 random(3);
    const std::vector<std::string> letters{"A", "B", "C", "E", "É", "日", "\u0301", "😀", ".", " "};
    for (int round = 0; round < 300; ++round) {
        std::vector<std::string> all(3 + random() % (round % 10 == 0 ? 30'000 : 300));
        std::string text;
        for (auto& letter : all)
            text += letter = letters[random() % letters.size()];
        indexed_text message;
        message.subject = message.header = text;
        const auto made = signature_of(message);
        for (int n = 0; n < 20; ++n) {
            std::string needle;
            const auto from = random() % all.size();
            const auto to = std::min(all.size(), from + 1 + random() % 12);
            for (auto at = from; at < to; ++at)
                needle += all[at];
            CHECK(may_hold(made, signed_field::subject, needle));
            CHECK(may_hold(made, signed_field::header, needle));
        }
    }
}

TEST_CASE("signature: fields have bits of their own, and five characters say more than three") {
    indexed_text message;
    message.subject = "QUARTERLY REPORT";
    const auto made = signature_of(message);
    CHECK(may_hold(made, signed_field::subject, "REPORT"));
    CHECK_FALSE(may_hold(made, signed_field::body, "REPORT"));
    CHECK_FALSE(may_hold(made, signed_field::from, "REPORT"));
    // All trigrams of the needle stand in a long text, but never all of it in a row.
    std::string text;
    while (text.size() < text_with_fives)
        text += "ABCX ZBCDX ZCDEX ZDEFX ";
    CHECK_FALSE(may_hold(of_body(text), signed_field::body, "ABCDEF"));
    CHECK(may_hold(of_body(text), signed_field::body, "ZDEFX"));
    CHECK(may_hold(of_body(text.substr(0, 1000)), signed_field::body, "ABCDEF"));
}

TEST_CASE("signature: of a text that is not known as a whole there is none") {
    indexed_text message;
    message.body = "KNOWN";
    message.is_complete = false;
    CHECK(signature_of(message).log_bits == 0);
    CHECK(signature_of(message).words.empty());
}
