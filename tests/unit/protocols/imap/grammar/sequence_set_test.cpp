#include "protocols/imap/grammar/sequence_set.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace hauspost::imap;

namespace {

std::string resolved(std::string_view text, std::uint32_t largest) {
    const auto set = parse_sequence_set(text);
    if (!set) return "bad";
    std::string out;
    for (const auto& range : set->resolve(largest)) {
        if (!out.empty()) out += ',';
        out += std::to_string(range.first);
        if (range.last != range.first) out += ':' + std::to_string(range.last);
    }
    return out;
}

}  // namespace

TEST_CASE("sequence set: RFC 3501 examples resolve to ascending ranges") {
    CHECK(resolved("2,4:7,9,12:*", 15) == "2,4:7,9,12:15");
    CHECK(resolved("*:4,5:7", 10) == "4:10");
    CHECK(resolved("2:4", 3) == "2:4");  // what is not there is the caller's matter
    CHECK(resolved("4:2", 9) == "2:4");
}

TEST_CASE("sequence set: a star stands for the largest number, whatever side it is on") {
    CHECK(resolved("*", 7) == "7");
    CHECK(resolved("1:*", 7) == "1:7");
    CHECK(resolved("*:1", 7) == "1:7");
    CHECK(resolved("*:*", 7) == "7");
    CHECK(resolved("9:*", 7) == "7:9");
    CHECK(resolved("3:*,9:*,*", 7) == "3:9");
    CHECK(resolved("1,*", 7) == "1,7");
}

TEST_CASE("sequence set: a star in an empty mailbox means nothing") {
    CHECK(resolved("*", 0) == "");
    CHECK(resolved("1:*", 0) == "");
    CHECK(resolved("5,1:*", 0) == "5");
}

TEST_CASE("sequence set: overlapping, touching and repeated ranges become one (B04)") {
    CHECK(resolved("1:5,3:8", 9) == "1:8");
    CHECK(resolved("1,2,3", 9) == "1:3");
    CHECK(resolved("1,1,1,1", 9) == "1");
    CHECK(resolved("7:9,1:3", 9) == "1:3,7:9");
    CHECK(resolved("4294967295,4294967294", 9) == "4294967294:4294967295");
    CHECK(resolved("1:4294967295,5", 9) == "1:4294967295");
}

TEST_CASE("sequence set: what the grammar has not is refused (B04)") {
    for (const auto* text : {"",
                             "0",
                             "1:0",
                             "0:*",
                             "1,",
                             ",1",
                             "1,,2",
                             "1:",
                             ":1",
                             "1:2:3",
                             "a",
                             "1 ,2",
                             "$,1",
                             "1,$",
                             "$$",
                             "-1",
                             "01",
                             "**",
                             "1*",
                             "*1",
                             "1:4294967296",
                             "4294967296",
                             "99999999999999999999999999"})
        CHECK_MESSAGE(resolved(text, 9) == "bad", text);
    CHECK(resolved("4294967295:*", 9) == "9:4294967295");
}

TEST_CASE("sequence set: $ alone is the saved result, and no number") {
    const auto set = parse_sequence_set("$");
    REQUIRE(set);
    CHECK(set->is_saved_result());
    CHECK(set->resolve(9).empty());
    CHECK(set->largest_number() == 0);
    CHECK_FALSE(parse_sequence_set("1:*")->is_saved_result());
}

TEST_CASE("sequence set: 100,000 ranges are read and merged (B04)") {
    std::string text;
    for (int i = 100'000; i > 0; --i)
        text += std::to_string(i * 2) + ":" + std::to_string(i * 2 - 1) + ",";
    text += "*";
    CHECK(resolved(text, 200'000) == "1:200000");
}

TEST_CASE("sequence set: knows the largest number written out") {
    CHECK(parse_sequence_set("1:3,9")->largest_number() == 9);
    CHECK(parse_sequence_set("12:*,9")->largest_number() == 12);
    CHECK(parse_sequence_set("*")->largest_number() == 0);
    CHECK(parse_sequence_set("*")->has_largest());
    CHECK_FALSE(parse_sequence_set("5")->has_largest());
}
