#include "server/command_line/terminal.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace hauspost::command_line;

TEST_CASE("terminal: the width of a text is counted in columns") {
    CHECK(display_width("") == 0);
    CHECK(display_width("anna") == 4);
    CHECK(display_width("J\xc3\xbcrgen M\xc3\xbcller") == 13);
    CHECK(display_width("Mu\xcc\x88ller") == 6);            // a combining mark takes no column
    CHECK(display_width("\xe5\xb1\xb1\xe7\x94\xb0") == 4);  // CJK
    CHECK(display_width("\xf0\x9f\x98\x80") == 2);          // emoji
}

TEST_CASE("terminal: nothing that is shown can steer the terminal or turn the text round") {
    CHECK(printable("J\xc3\xbcrgen") == "J\xc3\xbcrgen");
    CHECK(printable("a\x1b[31mb") == "a\xef\xbf\xbd[31mb");
    CHECK(printable("a\nb\tc\x7f") ==
          "a\xef\xbf\xbd"
          "b\xef\xbf\xbd"
          "c\xef\xbf\xbd");
    CHECK(printable("a\xc2\x9b"
                    "b") ==
          "a\xef\xbf\xbd"
          "b");  // C1: CSI in one octet
    CHECK(printable("\xe2\x80\xae"
                    "moc") ==
          "\xef\xbf\xbd"
          "moc");  // right-to-left override
    CHECK(printable("a\xff"
                    "b") ==
          "a\xef\xbf\xbd"
          "b");
}
