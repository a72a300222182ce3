#include "protocols/message/code_points.hpp"

#include <doctest/doctest.h>

using namespace hauspost::message;

TEST_SUITE("message code points") {
    TEST_CASE("a code point of each length becomes UTF-8") {
        std::string out;
        for (const std::uint32_t point : {0x24u, 0x7ffu, 0x20acu, 0xffffu, 0x10000u, 0x10ffffu})
            append_code_point(out, point);
        CHECK(out == "\u0024\u07ff\u20ac\uffff\U00010000\U0010ffff");
    }

    TEST_CASE("only whole escapes are decoded") {
        std::string out;
        append_hex_decoded(out, "=41=4=G1==42=", '=');
        CHECK(out == "A=4=G1=B=");
        CHECK(hex_value('f') == 15);
        CHECK(hex_value('F') == 15);
        CHECK(hex_value('g') == -1);
        CHECK(hex_value('\xe6') == -1);
    }
}
