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
