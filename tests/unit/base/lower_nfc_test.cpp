#include "base/lower_nfc.hpp"

#include <doctest/doctest.h>

#include <string>

using hauspost::lower_nfc;

TEST_CASE("lower nfc: capitals are lowered, in ASCII and beyond") {
    CHECK(lower_nfc("Anna.Berg@A.Example") == "anna.berg@a.example");
    CHECK(lower_nfc("J\xc3\x9cRGEN@a.example") == "j\xc3\xbcrgen@a.example");
}

TEST_CASE("lower nfc: composed and decomposed forms are one name") {
    CHECK(lower_nfc("ju\xcc\x88rgen") == "j\xc3\xbcrgen");
    CHECK(lower_nfc("JU\xcc\x88RGEN") == "j\xc3\xbcrgen");
}

TEST_CASE("lower nfc: no UTF-8, NUL and too much are refused") {
    CHECK(!lower_nfc("anna\xff"));
    CHECK(!lower_nfc(std::string("a\0b", 3)));
    CHECK(lower_nfc(std::string(1280, 'a')));
    CHECK(!lower_nfc(std::string(1281, 'a')));
}
