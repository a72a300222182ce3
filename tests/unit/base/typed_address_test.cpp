#include "base/typed_address.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace hauspost::address;

TEST_CASE("typed address: an address is lowered, trimmed and taken") {
    for (const auto& [typed, kept] :
         {std::pair("Anna@A.Example", "anna@a.example"),
          std::pair(" anna@a.example\n", "anna@a.example"),
          std::pair("a.b+c_d-e@localhost", "a.b+c_d-e@localhost"),
          std::pair("J\xc3\x9cRGEN@m\xc3\xbcller.example", "j\xc3\xbcrgen@xn--mller-kva.example")})
        CHECK(*parse_typed(typed) == kept);
}

TEST_CASE("typed address: what is not an address is refused") {
    for (const char* typed :
         {"", "anna", "@a.example", "anna@", "anna@a..b", ".anna@a.b", "anna.@a.b", "an..na@a.b",
          "an na@a.b", "\"anna\"@a.b", "anna@-a.b", "anna@a-.b", "anna@a_b", "a@[1.2.3.4]",
          "anna@a.b.", "<anna@a.b>", "anna\xff@a.b", "a\tb@a.b", "a@b@c.d"}) {
        const auto address = parse_typed(typed);
        CHECK_MESSAGE(!address, typed);
    }
}

TEST_CASE("typed address: a domain may be typed in U-labels and in A-labels, and means the same") {
    for (const char* typed :
         {"m\xc3\xbcller.example", "M\xc3\x9cLLER.example", "mu\xcc\x88ller.example",
          "xn--mller-kva.example", "XN--MLLER-KVA.Example"}) {
        CHECK(*parse_typed_domain(typed) == "xn--mller-kva.example");
        CHECK(*parse_typed("Ann@" + std::string(typed)) == "ann@xn--mller-kva.example");
    }
}

TEST_CASE("typed address: what IDNA does not allow is no domain") {
    for (const char* typed : {"xn--a.example",
                              "a\xef\xbc\xa0"
                              "b.example",
                              "a\xe2\x80\xaf"
                              "b.example",
                              "\xe2\x98\x83\xef\xb8\x8f.example"})
        CHECK_MESSAGE(!parse_typed_domain(typed), typed);
}

TEST_CASE("typed address: parts at their limits are taken, one octet more is not") {
    CHECK(parse_typed(std::string(64, 'a') + "@a.b").has_value());
    CHECK(!parse_typed(std::string(65, 'a') + "@a.b"));
    CHECK(parse_typed_domain(std::string(63, 'a') + ".b").has_value());
    CHECK(!parse_typed_domain(std::string(64, 'a') + ".b"));
    std::string longest;
    for (int i = 0; i < 127; ++i)
        longest += "a.";
    CHECK(parse_typed_domain(longest + "a").has_value());
    CHECK(!parse_typed_domain(longest + "aa"));
}

TEST_CASE("typed address: a refusal says which part is wrong") {
    CHECK(parse_typed("anna").error() == typed_fault::not_an_address);
    CHECK(parse_typed("an..na@a.b").error() == typed_fault::bad_local_part);
    CHECK(parse_typed("anna@-a.b").error() == typed_fault::bad_domain);
}
