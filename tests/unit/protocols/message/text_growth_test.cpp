#include "protocols/message/text_growth.hpp"

#include <doctest/doctest.h>

#include <string>

using hauspost::message::text_growth;

TEST_CASE("text growth: nothing for a message as it should be") {
    CHECK(text_growth("A: b\r\n\r\nbody\r\n") == 0);
    CHECK(text_growth("\r\n") == 0);
    CHECK(text_growth("A: b\r\n\r\n" + std::string(1'000'000, '.') + "\r\n") == 0);
}

TEST_CASE("text growth: one for each CR or LF that stands alone") {
    CHECK(text_growth("A: b\r\n\r\na\nb\rc\r\n") == 2);
    CHECK(text_growth("A: b\r\n\r\na\r\r\nb\n\r\n") == 2);
    CHECK(text_growth("A: b\n\n") == 2);
    CHECK(text_growth("A: b\r\n\r\n\r") == 1);
    for (std::size_t at = 10; at < 300; ++at) {
        std::string text = "A: b\r\n\r\n" + std::string(300, 'x') + "\r\n";
        text[at] = '\n';
        CHECK(text_growth(text) == 1);
        text[at] = '\r';
        CHECK(text_growth(text) == 1);
        text[at + 1] = '\n';
        CHECK(text_growth(text) == (at + 1 < 308 ? 0 : 1));
    }
}

TEST_CASE(
    "text growth: two for a missing end of the last line, two for a missing end of the header") {
    CHECK(text_growth("A: b\r\n\r\nbody") == 2);
    CHECK(text_growth("A: b\r\n") == 2);
    CHECK(text_growth("A: b") == 4);
    CHECK(text_growth("") == 2);
}
