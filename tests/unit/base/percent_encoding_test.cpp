#include "base/percent_encoding.hpp"

#include <doctest/doctest.h>

using namespace hauspost;

TEST_CASE("percent encoding: all that is not unreserved, octet by octet") {
    std::string text = "x=";
    append_percent_encoded(text, "anna+b@a.example/~ ü%");
    CHECK(text == "x=anna%2Bb%40a.example%2F~%20%C3%BC%25");
    text.clear();
    append_percent_encoded(text, "/a b@c", "/@");
    CHECK(text == "/a%20b@c");
}
