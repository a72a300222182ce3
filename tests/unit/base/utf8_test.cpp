#include "base/utf8.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace hauspost;

namespace {

/// RFC 3629 3, written the long way.
std::string encoded(unsigned code) {
    const auto octet = [](unsigned value) { return static_cast<char>(value); };
    if (code < 0x80) return {octet(code)};
    if (code < 0x800) return {octet(0xc0 | code >> 6), octet(0x80 | (code & 63))};
    if (code < 0x10000)
        return {octet(0xe0 | code >> 12), octet(0x80 | (code >> 6 & 63)),
                octet(0x80 | (code & 63))};
    return {octet(0xf0 | code >> 18), octet(0x80 | (code >> 12 & 63)),
            octet(0x80 | (code >> 6 & 63)), octet(0x80 | (code & 63))};
}

}  // namespace

TEST_CASE("utf8: every code point but the surrogates is valid, and none past U+10FFFF") {
    for (unsigned code = 0; code < 0x110800; ++code) {
        const bool valid = code <= 0x10ffff && (code < 0xd800 || code > 0xdfff);
        if (utf8::is_valid(encoded(code)) != valid) {
            CAPTURE(code);
            FAIL("wrong verdict");
        }
    }
}

TEST_CASE("utf8: overlong forms, lone tails and cut sequences are not valid") {
    for (const char* bad : {"\xc0\x80", "\xc1\xbf", "\xe0\x9f\xbf", "\xf0\x8f\xbf\xbf", "\x80",
                            "\xbf", "\xc3", "\xe2\x82", "\xf0\x9f\x98", "\xc3\xc3", "\xe2\x28\xa1",
                            "\xf5\x80\x80\x80", "\xfe", "\xff", "a\xffz"})
        CHECK_FALSE(utf8::is_valid(bad));
    CHECK(utf8::is_valid(""));
    CHECK(utf8::is_valid(std::string(3, '\0')));
}

TEST_CASE("utf8: ascii is told from 8-bit text") {
    CHECK(utf8::is_ascii("\x7f\x01 z"));
    CHECK(utf8::is_ascii(""));
    CHECK_FALSE(utf8::is_ascii("na\xc3\xafve"));
}

TEST_CASE("utf8: repair replaces each bad octet and keeps the rest") {
    const std::string replacement = "\xef\xbf\xbd";
    CHECK(utf8::repaired("gr\xc3\xbc\xc3\x9f") == "gr\xc3\xbc\xc3\x9f");
    CHECK(utf8::repaired("a\xff\xfe z") == "a" + replacement + replacement + " z");
    CHECK(utf8::repaired("\xe2\x82") == replacement + replacement);
    CHECK(utf8::repaired("\xe2\x82\xac\xe2") == "\xe2\x82\xac" + replacement);
}

TEST_CASE("utf8: cutting never splits a code point, wherever the limit lies") {
    const std::string text = "a\xc3\xbc\xe2\x82\xac\xf0\x9f\x98\x80z";  // 1 + 2 + 3 + 4 + 1
    const std::size_t ends[] = {0, 1, 1, 3, 3, 3, 6, 6, 6, 6, 10, 11, 11};
    for (std::size_t limit = 0; limit < std::size(ends); ++limit)
        CHECK(utf8::truncated(text, limit).size() == ends[limit]);
}

TEST_CASE("utf8: what is no UTF-8 is cut at the limit, and nothing is read past it") {
    CHECK(utf8::truncated(std::string(9, '\x80'), 5).size() == 5);
    CHECK(utf8::truncated("a" + std::string(9, '\x80'), 6).size() == 6);
    CHECK(utf8::truncated(std::string(9, '\x80'), 0).empty());
}

TEST_CASE("utf8: the first code point and its length") {
    const std::pair<const char*, utf8::code_point> cases[] = {{"az", {'a', 1}},
                                                              {"\xc3\xbcz", {0xfc, 2}},
                                                              {"\xe2\x82\xacz", {0x20ac, 3}},
                                                              {"\xf0\x9f\x98\x80z", {0x1f600, 4}},
                                                              {"\xc3z", {0, 0}},
                                                              {"\x80", {0, 0}}};
    for (const auto& [text, wanted] : cases) {
        const auto found = utf8::first_code_point(text);
        CHECK(found.octets == wanted.octets);
        if (wanted.octets != 0) CHECK(found.value == wanted.value);
    }
}

TEST_CASE("utf8: controls, line ends and marks of direction are not harmless, letters are") {
    for (const char32_t bad : {0x00, 0x1f, 0x7f, 0x80, 0x9f, 0x61c, 0x200e, 0x200f, 0x2028, 0x2029,
                               0x202a, 0x202e, 0x2066, 0x2069})
        CHECK_FALSE(utf8::is_harmless(bad));
    for (const char32_t good :
         {0x20, 0x7e, 0xa0, 0xfc, 0x61b, 0x200d, 0x2010, 0x2027, 0x202f, 0x2065, 0x206a, 0x1f600})
        CHECK(utf8::is_harmless(good));
}
