#include "protocols/message/opaque_string.hpp"

#include <doctest/doctest.h>

#include <string>

using hauspost::message::opaque_string;

TEST_CASE("opaque string: RFC 8265 4.2.2 characters are composed, case and width stay") {
    CHECK(opaque_string("correct Horse") == "correct Horse");
    CHECK(opaque_string("") == "");
    CHECK(opaque_string("u\xcc\x88") == "\xc3\xbc");
    CHECK(opaque_string("\xc3\xbc") == "\xc3\xbc");
    CHECK(opaque_string("\xc3\x9c") == "\xc3\x9c");
    CHECK(opaque_string("\xef\xbc\xa1") == "\xef\xbc\xa1");  // fullwidth A
    // Hangul, and two marks in the order that is not the canonical one.
    CHECK(opaque_string("\xe1\x84\x80\xe1\x85\xa1") == "\xea\xb0\x80");
    CHECK(opaque_string("o\xcc\x84\xcc\xa8") == opaque_string("o\xcc\xa8\xcc\x84"));
}

TEST_CASE("opaque string: RFC 8265 4.2.2 every space separator is a plain space") {
    for (const char* space : {"\xc2\xa0", "\xe1\x9a\x80", "\xe2\x80\x80", "\xe2\x80\x81",
                              "\xe2\x80\x8a", "\xe2\x80\xaf", "\xe2\x81\x9f", "\xe3\x80\x80"})
        CHECK(opaque_string(std::string("a") + space + "b") == "a b");
    CHECK(opaque_string("a\xe2\x80\x8b"
                        "b") ==
          "a\xe2\x80\x8b"
          "b");  // no width: no separator
    CHECK(opaque_string("a\tb") == "a\tb");
}

TEST_CASE("opaque string: what is no UTF-8 has no form") {
    for (const char* text : {"\xff", "a\xc3", "\xed\xa0\x80", "\xc0\x80"})
        CHECK(!opaque_string(text));
}
