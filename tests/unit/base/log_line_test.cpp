#include "base/log_line.hpp"

#include "base/log.hpp"
#include "base/utf8.hpp"

#include <doctest/doctest.h>

#include <string>
#include <string_view>

using namespace hauspost;

namespace {

std::string json(std::string_view fact) {
    std::string out;
    append_json_fact(out, fact);
    return out;
}

std::string text(std::string_view fact) {
    std::string out;
    append_text_fact(out, fact);
    return out;
}

}  // namespace

TEST_CASE("log_line: a fact's keys are members of the object") {
    CHECK(json("stop") == R"(,"event":"stop")");
    CHECK(json("refuse cid=7 proto=imap verb=SELECT") ==
          R"(,"event":"refuse","cid":7,"proto":"imap","verb":"SELECT")");
    CHECK(json("start peer=127.0.0.1 tls=true what=\"\"") ==
          R"(,"event":"start","peer":"127.0.0.1","tls":"true","what":"")");
    CHECK(json("one what=\"a text, a=b\" n=2") == R"(,"event":"one","what":"a text, a=b","n":2)");
}

TEST_CASE("log_line: RFC 8259 6 only what every reader holds exactly is a number") {
    CHECK(json("x a=0 b=10") == R"(,"event":"x","a":0,"b":10)");
    CHECK(json("x a=01 b=1e5 c=-1 d=") == R"(,"event":"x","a":"01","b":"1e5","c":"-1","d":"")");
    CHECK(json("x a=999999999999999 b=1000000000000000") ==
          R"(,"event":"x","a":999999999999999,"b":"1000000000000000")");
    CHECK(json("x a=\"7\"") == R"(,"event":"x","a":"7")");
}

TEST_CASE("log_line: RFC 8259 7 a peer's text is told as it was and cannot end a string") {
    const auto said = std::string("a\"b\\c\r\n\x01{},\"x\":1 \xc3\xbc");
    CHECK(json("refuse what=" + log_safe(said)) ==
          ",\"event\":\"refuse\",\"what\":\"a\\\"b\\\\c\\u000d\\u000a\\u0001{},\\\"x\\\":1 "
          "\xc3\xbc\"");
    // No UTF-8: as log_safe has written it.
    CHECK(json("refuse what=" + log_safe("\xff\"")) == R"(,"event":"refuse","what":"\\xff\\x22")");
}

TEST_CASE("log_line: what is no word with keys is one string, well-formed all the same") {
    CHECK(json("two words") == R"(,"fact":"two words")");
    CHECK(json("") == R"(,"fact":"")");
    CHECK(json("x what=\"a \"b\" c\"") == R"(,"fact":"x what=\"a \"b\" c\"")");
    CHECK(json("x what=\"open") == R"(,"fact":"x what=\"open")");
    CHECK(json("x  a=1") == R"(,"fact":"x  a=1")");
    CHECK(json("\xff\n\\") == ",\"fact\":\"\xef\xbf\xbd\\u000a\\\\\"");
}

TEST_CASE("log_line: RFC 8259 4 no name stands twice in an object") {
    CHECK(json("x a=1 a=2") == R"(,"fact":"x a=1 a=2")");
    for (const auto* taken : {"time", "level", "event", "fact"})
        CHECK(json(std::string("x ") + taken + "=1").starts_with(",\"fact\":"));
}

TEST_CASE("log_line: any octets make a line without control characters that is UTF-8") {
    std::string all;
    for (int octet = 0; octet < 256; ++octet)
        all += static_cast<char>(octet);
    for (const auto& one : {all, "x what=\"" + all + "\"", "x what=" + all}) {
        CHECK(utf8::is_valid(json(one)));
        CHECK(utf8::is_valid(text(one)));
        for (const auto& line : {json(one), text(one)})
            for (const char c : line)
                CHECK(static_cast<unsigned char>(c) >= 0x20);
    }
    CHECK(text("a\nb\xc3\xbc") == "a\\x0ab\xc3\xbc");
    CHECK(text("a\xff\xc3\xbc") == "a\\xff\xc3\xbc");
}

TEST_CASE("log_line: no mark turns the text of a line round or begins another, in either format") {
    const std::string said = "a\xe2\x80\xae\xc2\x85\xe2\x80\xa9\xe2\x81\xa7\xd8\x9cz";
    CHECK(text("refuse what=" + said) ==
          R"(refuse what=a\xe2\x80\xae\xc2\x85\xe2\x80\xa9\xe2\x81\xa7\xd8\x9cz)");
    CHECK(json("refuse what=" + log_safe(said)) ==
          R"(,"event":"refuse","what":"a\u202e\u0085\u2029\u2067\u061cz")");
    CHECK(json("two words " + said) == R"(,"fact":"two words a\u202e\u0085\u2029\u2067\u061cz")");
}

TEST_CASE("log_line: a line has an end") {
    const std::string endless(1'000'000, 'a');
    CHECK(text(endless).size() == max_log_fact);
    CHECK(json(endless).size() < max_log_fact + 20);
}
