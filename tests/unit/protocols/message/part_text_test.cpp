#include "protocols/message/part_text.hpp"

#include "base/utf8.hpp"
#include "read_message.hpp"

#include <doctest/doctest.h>

using namespace hauspost::message;

namespace {

std::string text_of(const std::string& message, std::size_t max_octets = 1000) {
    return decoded_text(message, summarize(message).parts.at(0), max_octets);
}

}  // namespace

TEST_SUITE("message part text") {
    TEST_CASE("transfer encoding and charset are decoded to UTF-8") {
        CHECK(text_of("Content-Type: text/plain; charset=iso-8859-1\r\n"
                      "Content-Transfer-Encoding: Quoted-Printable\r\n\r\nGr=FC=DFe") == "Grüße");
        CHECK(text_of("Content-Type: text/plain; charset=utf-8\r\n"
                      "Content-Transfer-Encoding: base64 (x)\r\n\r\nR3LDvMOf\r\nZQ==\r\n") ==
              "Grüße");
        CHECK(text_of("Content-Transfer-Encoding: x-unknown\r\n\r\nabc=41") == "abc=41");
        CHECK(text_of("\r\nGr\xfc\xdf") == "Grüß");
    }

    TEST_CASE("only text has text") {
        CHECK(text_of("Content-Type: image/png\r\n\r\nabc") == "");
        CHECK(text_of("Content-Type: message/rfc822\r\n\r\nA: b\r\n\r\nabc") == "");
    }

    TEST_CASE("the cap cuts decoded octets and no character") {
        const std::string message = "Content-Type: text/plain; charset=utf-8\r\n\r\naü€😀";
        for (std::size_t cap = 0; cap < 12; ++cap) {
            const auto text = text_of(message, cap);
            CHECK(text.size() <= cap);
            CHECK(text.find("\uFFFD") == std::string::npos);
            CHECK(std::string("aü€😀").starts_with(text));
        }
        const auto big =
            "Content-Transfer-Encoding: base64\r\n\r\n" + repeated("YWFh\r\n", 100'000);
        CHECK(text_of(big, 1000) == std::string(1000, 'a'));
        CHECK(text_of(big, 300'000).size() == 300'000);
        CHECK(text_of(big, 300'001).size() == 300'000);
    }

    TEST_CASE("a part that does not fit the octets has no text") {
        part where;
        where.type_name = "text/plain";
        where.body = 5;
        where.end = 3;
        CHECK(decoded_text("abcdefg", where, 100) == "");
        where.end = 100;
        CHECK(decoded_octets("abcdefg", where, 100) == "");
    }
}
