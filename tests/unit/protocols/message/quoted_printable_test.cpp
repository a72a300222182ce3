#include "protocols/message/quoted_printable.hpp"

#include "read_message.hpp"

#include <doctest/doctest.h>

#include <random>

using namespace hauspost::message;

namespace {

std::string decoded(std::string_view text) {
    std::string out;
    quoted_printable_decoder decoder;
    decoder.feed(text, out);
    decoder.finish(out);
    return out;
}

}  // namespace

TEST_SUITE("message quoted-printable") {
    TEST_CASE("the example of RFC 2045 6.7 becomes one line") {
        CHECK(
            decoded("Now's the time =\r\nfor all folk to come=\r\n to the aid of their country.") ==
            "Now's the time for all folk to come to the aid of their country.");
    }

    TEST_CASE("escapes are octets, in capitals and small letters") {
        CHECK(decoded("=C3=BC=3d=0D=0A") == "\xc3\xbc=\r\n");
    }

    TEST_CASE("white space before a line end is dropped and elsewhere kept") {
        CHECK(decoded("a \t\r\nb c\t d \n e  ") == "a\r\nb c\t d\n e");
        CHECK(decoded("a= \t\r\nb") == "ab");
        CHECK(decoded("a\r b\r\r\nc") == "a\r b\r\r\nc");
    }

    TEST_CASE("broken escapes stay as they are") {
        CHECK(decoded("a=b") == "a=b");
        CHECK(decoded("=G1=1G==41") == "=G1=1G=A");
        CHECK(decoded("=4") == "=4");
        CHECK(decoded("x=") == "x");
        CHECK(decoded("= x") == "= x");
    }

    TEST_CASE("the result does not depend on where the input is cut") {
        const std::string_view text = "a =\r\nb=C3=BC \r\nc=\nd= \r\n=4G=\r=41 \r x =\t";
        const auto whole = decoded(text);
        for (std::size_t cut = 0; cut <= text.size(); ++cut) {
            std::string out;
            quoted_printable_decoder decoder;
            decoder.feed(text.substr(0, cut), out);
            decoder.feed(text.substr(cut), out);
            decoder.finish(out);
            CHECK(out == whole);
        }
        std::string out;
        quoted_printable_decoder decoder;
        for (const char c : text)
            decoder.feed({&c, 1}, out);
        decoder.finish(out);
        CHECK(out == whole);
    }

    TEST_CASE("whole lines become the same as octets one at a time") {
        std::mt19937 dice(20'45);
        constexpr std::string_view letters = "==4F \t\r\r\n\nax";
        for (int round = 0; round < 20'000; ++round) {
            std::string text(dice() % 24, ' ');
            for (auto& c : text)
                c = letters[dice() % letters.size()];
            std::string out;
            quoted_printable_decoder decoder;
            for (const char c : text)
                decoder.feed({&c, 1}, out);
            decoder.finish(out);
            REQUIRE_MESSAGE(decoded(text) == out, text);
        }
    }

    TEST_CASE("D06: a megabyte of soft line breaks, of spaces or of equals signs is linear") {
        CHECK(decoded(repeated("=\r\n", 1'000'000)) == "");
        CHECK(decoded(repeated(" ", 1'000'000) + "x").size() == 1'000'001);
        CHECK(decoded(repeated("=", 1'000'000) + "41").size() >= 999'999);
        CHECK(decoded("=" + repeated(" ", 1'000'000) + "x").size() == 1'000'002);
    }
}
