#include "base/trigrams.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <initializer_list>
#include <random>
#include <set>
#include <string>
#include <vector>

using namespace hauspost;

namespace {

/// Ascending, each once.
std::vector<trigram> all_of(std::string_view text) {
    std::set<trigram> all;
    for_each_trigram(text, [&all](trigram three, unsigned) { all.insert(three); });
    return {all.begin(), all.end()};
}

/// Of these texts of three characters.
std::vector<trigram> threes(std::initializer_list<const char*> texts) {
    std::set<trigram> all;
    for (const auto* text : texts) {
        const auto one = all_of(text);
        REQUIRE(one.size() == 1);
        all.insert(one.front());
    }
    return {all.begin(), all.end()};
}

bool holds_all(const std::string& text, const std::vector<trigram>& wanted) {
    const auto all = all_of(text);
    return std::includes(all.begin(), all.end(), wanted.begin(), wanted.end());
}

}  // namespace

TEST_CASE("trigrams: each three characters in a row, once, in order") {
    CHECK(all_of("") == threes({}));
    CHECK(all_of("AB") == threes({}));
    CHECK(all_of("ABC") == threes({"ABC"}));
    CHECK(all_of("BANANA") == threes({"ANA", "BAN", "NAN"}));
}

TEST_CASE("trigrams: none reaches over white space or a control character") {
    CHECK(all_of("AB CD") == threes({}));
    CHECK(all_of("ABC DEF") == threes({"ABC", "DEF"}));
    CHECK(all_of(std::string("ABC\0DEF", 7)) == threes({"ABC", "DEF"}));
    CHECK(all_of("ABC\r\nDE\x7f"
                 "FGH") == threes({"ABC", "FGH"}));
    CHECK(all_of("A.B") == threes({"A.B"}));
}

TEST_CASE("trigrams: a character is a code point in every script, with its marks apart") {
    CHECK(all_of("ÄÖÜ") == threes({"ÄÖÜ"}));
    CHECK(all_of("日本語版") == threes({"日本語", "本語版"}));
    CHECK(all_of("при") == threes({"при"}));
    CHECK(all_of("مرحب") == threes({"رحب", "مرح"}));
    CHECK(all_of("E\u0301A\u0300") == threes({"E\u0301A", "\u0301A\u0300"}));
    CHECK(all_of("😀😁😂") == threes({"😀😁😂"}));
}

TEST_CASE("trigrams: octets that are no UTF-8 are taken one by one and lose nothing") {
    const std::string stray =
        "A\x80\xff"
        "BC\xe2\x82";
    CHECK(holds_all(stray, trigrams_of_needle(stray)));
    CHECK(all_of("\xf0\x9f").empty());
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

TEST_CASE("trigrams: each is told with how many characters stand in a row up to its end") {
    std::vector<unsigned> runs;
    for_each_trigram("ABCDE FGH", [&runs](trigram, unsigned run) { runs.push_back(run); });
    CHECK(runs == std::vector<unsigned>{3, 4, 5, 3});
}

TEST_CASE("trigrams: a text is alike that has three of five") {
    const auto wanted = trigrams_of_needle("QUICKLY");  // QUI UIC ICK CKL KLY
    CHECK(count_trigrams("A QUICK FOX", wanted) == 3);
    CHECK(count_trigrams("QUICK, QUICKLY", wanted) == 5);
    CHECK(count_trigrams("SLOW", wanted) == 0);
    CHECK(least_alike(5) == 3);
    CHECK(least_alike(1) == 1);
    CHECK(least_alike(6) == 4);
    CHECK(least_alike(64) == 39);
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
