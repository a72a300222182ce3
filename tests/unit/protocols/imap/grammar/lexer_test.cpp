#include "protocols/imap/grammar/lexer.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace hauspost::imap;
using namespace std::string_literals;

namespace {

std::string reason(const lexer& text) {
    return text.failed() ? text.why("A").text : "";
}

}  // namespace

TEST_CASE("lexer: atoms end before specials, controls and 8-bit octets") {
    for (const char end : "(){ %*\"\\]\r\n\0\x7f\x80"s) {
        const auto whole = "ab" + std::string(1, end) + "c";
        lexer text(whole);
        CHECK(text.atom() == "ab");
        CHECK(text.peek() == end);
    }
    CHECK(lexer("fetch x").word() == "FETCH");
    CHECK(lexer("+").tag().empty());
    CHECK(lexer("a]b+").tag() == "a]b");
}

TEST_CASE("lexer: quoted strings keep spaces and 8-bit octets and take backslashes off") {
    lexer text("\"a \\\"b\\\\ \xc3\xa9\" rest");
    CHECK(text.astring() == "a \"b\\ \xc3\xa9");
    CHECK(text.rest() == " rest");
    CHECK(lexer("\"\"").string() == "");
}

TEST_CASE("lexer: broken quoted strings are refused (B19)") {
    for (const auto& broken : {"\"abc"s, "\"abc\\\""s, "\"a\\b\""s, "\"a\rb\""s, "\"a\nb\""s,
                               "\"a\0b\""s, "\""s, "\"\\"s}) {
        lexer text(broken);
        CHECK(text.astring() == std::nullopt);
        CHECK(reason(text) != "");
    }
}

TEST_CASE("lexer: literals are taken by their count, whatever is in them") {
    lexer text("{6}\r\n\" \r\n)( x");
    CHECK(text.astring() == "\" \r\n)(");
    CHECK(text.rest() == " x");
    CHECK(lexer("{0}\r\n").string() == "");
    CHECK(lexer("{2+}\r\nab").string() == "ab");
}

TEST_CASE("lexer: literals that do not hold what they announce are refused (B01)") {
    for (const auto& broken :
         {"{3}\r\nab"s, "{3}ab"s, "{}\r\n"s, "{-1}\r\n"s, "{4294967296}\r\n"s, "{3}\nabc"s,
          "{18446744073709551616}\r\n"s, "{1\r\n"s, "{1}"s, "{3}\r\na\0b"s}) {
        lexer text(broken);
        CHECK(text.astring() == std::nullopt);
        CHECK(reason(text) != "");
    }
}

TEST_CASE("lexer: numbers are bounded (B05)") {
    CHECK(lexer("0").number() == 0u);
    CHECK(lexer("4294967295").number() == 4294967295u);
    CHECK(lexer("4294967296").number() == std::nullopt);
    CHECK(lexer("9223372036854775807").number64() == 9223372036854775807u);
    CHECK(lexer("9223372036854775808").number64() == std::nullopt);
    CHECK(lexer(std::string(60'000, '9')).number64() == std::nullopt);
    CHECK(lexer("-1").number() == std::nullopt);
    CHECK(lexer("").number() == std::nullopt);
}

TEST_CASE("lexer: nstring tells NIL from a string and from nothing") {
    const auto nil = lexer("nil").nstring();
    REQUIRE(nil.has_value());
    CHECK_FALSE(nil->has_value());
    const auto text = lexer("\"NIL\"").nstring();
    REQUIRE(text.has_value());
    CHECK(text->value() == "NIL");
    CHECK_FALSE(lexer("x").nstring().has_value());
}

TEST_CASE("lexer: the first reason stays, and the refusal has the tag") {
    lexer text("x");
    CHECK_FALSE(text.space());
    text.fail(status::no, "LIMIT", "later");
    const auto why = text.why("T7");
    CHECK(why.tag == "T7");
    CHECK(why.status == status::bad);
    CHECK(why.text == "a space is missing");
    CHECK(lexer("").why("").tag == "*");
    const lexer untouched("x");
    CHECK(untouched.why("A").status == status::bad);
}
