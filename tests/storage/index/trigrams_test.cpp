#include "storage/index/trigrams.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <random>
#include <string>
#include <vector>

using namespace hauspost::storage;
using namespace hauspost::storage::index;

namespace {

std::vector<std::string> terms(std::string_view text) {
    trigram_set all(SIZE_MAX);
    all.add(text);
    std::vector<std::string> words;
    for (const auto three : all.sorted())
        words.push_back(term_of('B', three));
    return words;
}

std::vector<std::string> words(std::initializer_list<const char*> all) {
    return {all.begin(), all.end()};
}

bool holds_all(const std::string& text, const std::vector<trigram>& wanted) {
    trigram_set all(SIZE_MAX);
    all.add(text);
    const auto& sorted = all.sorted();
    return std::includes(sorted.begin(), sorted.end(), wanted.begin(), wanted.end());
}

}  // namespace

TEST_CASE("trigrams: each three characters in a row, once, in order") {
    CHECK(terms("") == words({}));
    CHECK(terms("AB") == words({}));
    CHECK(terms("ABC") == words({"BABC"}));
    CHECK(terms("BANANA") == words({"BANA", "BBAN", "BNAN"}));
}

TEST_CASE("trigrams: none reaches over white space or a control character") {
    CHECK(terms("AB CD") == words({}));
    CHECK(terms("ABC DEF") == words({"BABC", "BDEF"}));
    CHECK(terms(std::string("ABC\0DEF", 7)) == words({"BABC", "BDEF"}));
    CHECK(terms("ABC\r\nDE\x7f"
                "FGH") == words({"BABC", "BFGH"}));
    CHECK(terms("A.B") == words({"BA.B"}));
}

TEST_CASE("trigrams: a character is a code point in every script, with its marks apart") {
    CHECK(terms("ÄÖÜ") == words({"BÄÖÜ"}));
    CHECK(terms("日本語版") == words({"B日本語", "B本語版"}));
    CHECK(terms("при") == words({"Bпри"}));
    CHECK(terms("مرحب") == words({"Bرحب", "Bمرح"}));
    CHECK(terms("E\u0301A\u0300") == words({"BE\u0301A", "B\u0301A\u0300"}));
    CHECK(terms("😀😁😂") == words({"B😀😁😂"}));
}

TEST_CASE("trigrams: octets that are no UTF-8 are taken one by one and lose nothing") {
    const std::string stray =
        "A\x80\xff"
        "BC\xe2\x82";
    CHECK(holds_all(stray, trigrams_of_needle(stray)));
    CHECK(terms("\xf0\x9f").empty());
}

TEST_CASE("trigrams: a needle that is too short, or that has a line end, is not for the index") {
    CHECK(trigrams_of_needle("").empty());
    CHECK(trigrams_of_needle("AB").empty());
    CHECK(trigrams_of_needle("日本").empty());
    CHECK(trigrams_of_needle("IS IT").empty());
    CHECK(trigrams_of_needle("ABC\nDEF").empty());
    CHECK(trigrams_of_needle("ABC\rDEF").empty());
    CHECK(trigrams_of_needle("日本語").size() == 1);
    CHECK(trigrams_of_needle("ABC IS").size() == 1);
}

TEST_CASE("trigrams: of a long needle some are taken, from all of it") {
    std::string needle;
    for (int n = 0; n < 500; ++n)
        needle += std::to_string(n * 7919) + "-";
    const auto some = trigrams_of_needle(needle);
    CHECK(some.size() == max_trigrams_of_needle);
    CHECK(std::is_sorted(some.begin(), some.end()));
    CHECK(std::adjacent_find(some.begin(), some.end()) == some.end());
    CHECK(holds_all(needle, some));
}

TEST_CASE("trigrams: a set over its limit says so, one at its limit does not") {
    trigram_set at(3), over(3);
    at.add("ABCDE");
    over.add("ABCDEF");
    CHECK_FALSE(at.is_full());
    CHECK(over.is_full());
    std::string many;
    for (int n = 0; n < 200'000; ++n)
        many += static_cast<char>('!' + ((n % 7919) * (n % 7919) + n / 90) % 90);
    trigram_set large(100'000), small(10);
    large.add(many);
    small.add(many);
    CHECK(large.sorted().size() == terms(many).size());
    CHECK(small.is_full());
}

TEST_CASE("trigrams: a text holds all trigrams of whatever stands in it") {
    std::mt19937 random(20261123);
    const std::vector<std::string> alphabet{"A",  "B",      "C", " ", "é",
                                            "日", "\u0301", "😀", ".", "\t"};
    for (int round = 0; round < 500; ++round) {
        std::vector<std::string> letters(random() % 40);
        for (auto& letter : letters)
            letter = alphabet[random() % alphabet.size()];
        const auto join = [&letters](std::size_t from, std::size_t to) {
            std::string text;
            for (auto n = from; n < to; ++n)
                text += letters[n];
            return text;
        };
        const auto from = letters.empty() ? 0 : random() % letters.size();
        const auto to = from + random() % (letters.size() - from + 1);
        CHECK(holds_all(join(0, letters.size()), trigrams_of_needle(join(from, to))));
    }
}
