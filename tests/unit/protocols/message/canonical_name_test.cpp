#include "protocols/message/canonical_name.hpp"

#include <doctest/doctest.h>

#include <string>

using hauspost::message::canonical_name;

TEST_CASE("canonical name: capitals are lowered, in ASCII and beyond") {
    CHECK(canonical_name("Anna.Berg@A.Example") == "anna.berg@a.example");
    CHECK(canonical_name("J\xc3\x9cRGEN@a.example") == "j\xc3\xbcrgen@a.example");
}

TEST_CASE("canonical name: composed and decomposed forms are one name") {
    CHECK(canonical_name("ju\xcc\x88rgen") == "j\xc3\xbcrgen");
    CHECK(canonical_name("JU\xcc\x88RGEN") == "j\xc3\xbcrgen");
}

TEST_CASE("canonical name: no UTF-8, NUL and too much are refused") {
    CHECK(!canonical_name("anna\xff"));
    CHECK(!canonical_name(std::string("a\0b", 3)));
    CHECK(canonical_name(std::string(1280, 'a')));
    CHECK(!canonical_name(std::string(1281, 'a')));
}
