#include "protocols/message/preview.hpp"

#include "base/utf8.hpp"
#include "read_message.hpp"

#include <doctest/doctest.h>

using namespace hauspost::message;

namespace {

std::string preview(std::string_view octets) {
    return make_preview(octets, parse_mime_tree(octets));
}

std::string two_parts(const std::string& first, const std::string& second) {
    return "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n" + first + "\r\n--b\r\n" +
           second + "\r\n--b--\r\n";
}

}  // namespace

TEST_SUITE("message preview") {
    TEST_CASE("B18: white space is joined and control characters are gone") {
        CHECK(preview("\r\n  Hello,\r\n\r\n\tthis \x1b[1m is\x7f it. \r\n") ==
              "Hello, this [1m is it.");
        CHECK(preview("\r\n") == "");
    }

    TEST_CASE("at most 200 characters are shown, none cut in two") {
        const auto text = preview("\r\n" + repeated("ü", 200));
        CHECK(text == repeated("ü", 200));
        CHECK(preview("\r\n" + repeated("ü", 201)) == text);
        CHECK(preview("\r\n" + repeated(" \r\n", 5000) + repeated("ü", 300)) == text);
    }

    TEST_CASE("plain text goes before HTML and attachments are passed over") {
        const std::string html = "Content-Type: text/html\r\n\r\n<p>Html</p>";
        const std::string plain = "Content-Type: text/plain\r\n\r\nPlain";
        CHECK(preview(two_parts(html, plain)) == "Plain");
        CHECK(preview(two_parts(html, "Content-Disposition: attachment; filename=x\r\n" + plain)) ==
              "Html");
        CHECK(preview(two_parts(html, "Content-Type: message/rfc822\r\n\r\n" + plain)) == "Html");
        CHECK(preview(two_parts(html, "Content-Type: text/plain\r\n\r\n \r\n")) == "Html");
    }

    TEST_CASE("HTML becomes text without tags, styles, scripts and comments") {
        CHECK(text_of_html("<head><title>T</title></head><p>a<b>b</b>c</p><br/>d") == " abc  d");
        CHECK(text_of_html("<style>p > a {}</style>x<script>if (a < b) {}</script >y") == "xy");
        CHECK(text_of_html("a<!-- <p> -->b<!-- open") == "ab");
        CHECK(text_of_html("&lt;&amp;&uuml;&#228;&#xE4;&nope;&#0;&#xD800;&#1114112;&") ==
              "<&üää&nope;\uFFFD\uFFFD\uFFFD&");
        CHECK(text_of_html("a < b") == "a ");
        CHECK(text_of_html("<") == "");
        CHECK(text_of_html("</") == "");
    }

    TEST_CASE("characters that HTML names are those of its standard") {
        CHECK(text_of_html("tr&egrave;s fran&ccedil;ais, se&ntilde;or &laquo;oui&raquo;") ==
              "très français, señor «oui»");
        CHECK(text_of_html("&Aacute;&zwj;&NotEqualTilde;&CounterClockwiseContourIntegral;&Afr;") ==
              "Á\u200d\u2242\u0338\u2233\U0001D504");
        // Without a semicolon: only old names, and of them the longest.
        CHECK(text_of_html("a&ampb &notin; &notit &eacute! &alpha") == "a&b ∉ ¬it é! &alpha");
        CHECK(text_of_html("&#146;&#x80;&#39&#X41") == "’€'A");
        CHECK(text_of_html("&;&#;&#x;&a;&CounterClockwiseContourIntegralx;") ==
              "&;&#;&#x;&a;&CounterClockwiseContourIntegralx;");
    }

    TEST_CASE("what a newsletter pads its beginning with is not shown") {
        CHECK(
            preview("Content-Type: text/html\r\n\r\nHi&shy;gh&nbsp;&zwnj;&nbsp;&#847;&#8199;&zwnj; "
                    "&emsp;end&#65279;") == "High end\ufeff");
        CHECK(preview("Content-Type: text/plain; charset=utf-8\r\n\r\nمی\u200cخواهم\u00a0x") ==
              "می\u200cخواهم x");
    }

    TEST_CASE("B18 D06: open tags, comments and entities without end are linear") {
        for (const auto* unit : {"<", "<!--", "<style>", "<style", "&", "&#", "<p>", "</style"})
            CHECK(text_of_html(repeated(unit, 300'000)).size() <= 600'000);
    }
}
