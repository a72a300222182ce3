#include "server/outbound/report_text.hpp"

#include "protocols/message/quoted_printable.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace hauspost::outbound;

namespace {

std::string decoded(std::string_view text) {
    std::string out;
    hauspost::message::quoted_printable_decoder decoder;
    decoder.feed(text, out);
    decoder.finish(out);
    return out;
}

std::size_t longest_line(std::string_view text) {
    std::size_t longest = 0;
    while (!text.empty()) {
        const auto end = std::min(text.find("\r\n"), text.size());
        longest = std::max(longest, end);
        text.remove_prefix(std::min(text.size(), end + 2));
    }
    return longest;
}

}  // namespace

TEST_CASE("A15 report text: a reply is quoted line by line, without controls and ends") {
    CHECK(quoted_lines("a\r\nb\nc\rd", "| ") == "| a\r\n| b\r\n| c\r\n| d\r\n");
    CHECK(quoted_lines("", "| ").empty());
    CHECK(quoted_lines("x\x1b[2J\x07y", "> ") == "> x\xef\xbf\xbd[2J\xef\xbf\xbdy\r\n");
    CHECK(quoted_lines("\xfc", "> ") == "> \xef\xbf\xbd\r\n");
    CHECK(quoted_lines("a\xe2\x80\xae"
                       "b",
                       "> ") ==
          "> a\xef\xbf\xbd"
          "b\r\n");  // U+202E
    CHECK(quoted_lines("gr\xc3\xbc\xc3\x9f"
                       "e",
                       "> ") ==
          "> gr\xc3\xbc\xc3\x9f"
          "e\r\n");
    std::string many;
    for (int i = 0; i < 100'000; ++i)
        many += "x\r\n";
    CHECK(quoted_lines(many, "> ").size() == 20 * 5);
    CHECK(quoted_lines(std::string(1 << 20, 'x'), "> ").size() == 2 + 160 + 2);
}

TEST_CASE("A15 report text: one line is one line") {
    CHECK(one_line("a\r\nBcc: b\tc", 100) == "a  Bcc: b c");
    CHECK(one_line("\xc3\xbc\xc3\xbc", 3) == "\xc3\xbc");
    CHECK(ascii_line(" a\r\nb\xc3\xbc\x7f", 100) == "a  b???");
    CHECK(ascii_line("abc", 2) == "ab");
}

TEST_CASE("report text: xtext is decoded when nothing evil comes out") {
    CHECK(decoded_xtext("a+2Bb+3Dc") == "a+b=c");
    CHECK(decoded_xtext("") == "");
    for (const auto* odd : {"a+0D+0AX:+20y", "a+", "a+2", "a+2b", "a+zz", "+FC"})
        CHECK_MESSAGE(decoded_xtext(odd) == odd, odd);
    CHECK(decoded_xtext("a\r\nb") == "a  b");
    CHECK(decoded_xtext(std::string(600, 'x')).size() == 500);
}

TEST_CASE("report text: fields are folded between words, and words stay whole") {
    std::string out;
    append_field(out, "Name", "a b");
    CHECK(out == "Name: a b\r\n");
    out.clear();
    append_field(out, "Name", std::string(70, 'x') + " yyyyy " + std::string(200, 'z'));
    CHECK(out ==
          "Name: " + std::string(70, 'x') + "\r\n yyyyy\r\n " + std::string(200, 'z') + "\r\n");
    out.clear();
    append_field(out, "Name", "");
    CHECK(out == "Name:\r\n");
}

TEST_CASE("report text: quoted-printable leads back, in lines of at most 76 octets") {
    for (const std::string& text :
         {std::string("plain\r\n"),
          std::string("gr\xc3\xbc\xc3\x9f"
                      "e = 1\r\n"),
          std::string(76, 'x') + "\r\n", std::string(77, 'x') + "\r\n",
          std::string(500, '\xc3') + "\r\n", std::string("blank \t\r\n \r\n\r\n"),
          std::string("\0\x01", 2) + "\r\n"}) {
        const auto encoded = quoted_printable(text);
        CHECK(decoded(encoded) == text);
        CHECK(longest_line(encoded) <= 76);
        CHECK(encoded.find(" \r\n") == std::string::npos);
    }
    CHECK(quoted_printable(std::string(76, 'x')) == std::string(76, 'x') + "\r\n");
    CHECK(quoted_printable("a\nb\rc") == "a\r\nb\r\nc\r\n");
}
