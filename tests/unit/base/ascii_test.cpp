#include "base/ascii.hpp"

#include <doctest/doctest.h>

using namespace hauspost;

TEST_CASE("ascii: classes hold for exactly their octets, whatever the locale") {
    int digits = 0, letters = 0, controls = 0, high = 0;
    for (int octet = 0; octet < 256; ++octet) {
        const char c = static_cast<char>(octet);
        digits += ascii::is_digit(c) ? 1 : 0;
        letters += ascii::is_alpha(c) ? 1 : 0;
        controls += ascii::is_control(c) ? 1 : 0;
        high += ascii::is_8bit(c) ? 1 : 0;
        CHECK(ascii::is_alnum(c) == (ascii::is_alpha(c) || ascii::is_digit(c)));
    }
    CHECK(digits == 10);
    CHECK(letters == 52);
    CHECK(controls == 33);
    CHECK(high == 128);
}

TEST_CASE("ascii: case changes letters only and leaves 8-bit octets alone") {
    CHECK(ascii::lowered("MAIL @[`{ \xc4") == "mail @[`{ \xc4");
    CHECK(ascii::uppered("mail @[`{ \xe4") == "MAIL @[`{ \xe4");
}

TEST_CASE("ascii: comparing without case") {
    CHECK(ascii::equal_nocase("RcPt", "rCpT"));
    CHECK_FALSE(ascii::equal_nocase("rcpt", "rcpt "));
    CHECK_FALSE(ascii::equal_nocase("@", "`"));  // differ by the same bit as letters do
    CHECK(ascii::equal_nocase("", ""));
    CHECK(ascii::starts_with_nocase("Mail From:<>", "MAIL FROM:"));
    CHECK_FALSE(ascii::starts_with_nocase("MAIL", "MAIL FROM:"));
    CHECK(ascii::starts_with_nocase("x", ""));
}

TEST_CASE("ascii: finding without case") {
    CHECK(ascii::find_nocase("Subject: Hello", "hello") == 9);
    CHECK(ascii::find_nocase("aaB", "AB") == 1);
    CHECK(ascii::find_nocase("abc", "abcd") == std::string_view::npos);
    CHECK(ascii::find_nocase("abc", "x") == std::string_view::npos);
    CHECK(ascii::find_nocase("abc", "") == 0);
    CHECK(ascii::find_nocase("", "") == 0);
    CHECK(ascii::find_nocase("", "a") == std::string_view::npos);
}

TEST_CASE("ascii: trimming takes space, tab, CR and LF from both ends") {
    CHECK(ascii::trimmed(" \t a b \r\n") == "a b");
    CHECK(ascii::trimmed(" \r\n\t").empty());
    CHECK(ascii::trimmed("").empty());
    CHECK(ascii::trimmed("\va") == "\va");
}
