#include "admin/names.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace hauspost::admin;

TEST_CASE("admin names: an address is lowered, trimmed and taken") {
    for (const auto& [typed, kept] :
         {std::pair("Anna@A.Example", "anna@a.example"),
          std::pair(" anna@a.example\n", "anna@a.example"),
          std::pair("a.b+c_d-e@localhost", "a.b+c_d-e@localhost"),
          std::pair("J\xc3\x9cRGEN@m\xc3\xbcller.example", "j\xc3\xbcrgen@xn--mller-kva.example")})
        CHECK(*parse_address(typed) == kept);
}

TEST_CASE("admin names: what is no address is refused with the reason") {
    for (const char* typed :
         {"", "anna", "@a.example", "anna@", "anna@a..b", ".anna@a.b", "anna.@a.b", "an..na@a.b",
          "an na@a.b", "\"anna\"@a.b", "anna@-a.b", "anna@a-.b", "anna@a_b", "a@[1.2.3.4]",
          "anna@a.b.", "<anna@a.b>", "anna\xff@a.b", "a\tb@a.b", "a@b@c.d"}) {
        const auto address = parse_address(typed);
        REQUIRE_MESSAGE(!address, typed);
        CHECK(address.error().text.find("is not a") != std::string::npos);
    }
}

TEST_CASE("admin names: a domain may be typed in U-labels and in A-labels, and means the same") {
    for (const char* typed :
         {"m\xc3\xbcller.example", "M\xc3\x9cLLER.example", "mu\xcc\x88ller.example",
          "xn--mller-kva.example", "XN--MLLER-KVA.Example"}) {
        CHECK(*parse_domain_name(typed) == "xn--mller-kva.example");
        CHECK(*parse_address("Ann@" + std::string(typed)) == "ann@xn--mller-kva.example");
    }
}

TEST_CASE("admin names: what IDNA does not allow is no domain") {
    for (const char* typed : {"xn--a.example",
                              "a\xef\xbc\xa0"
                              "b.example",
                              "a\xe2\x80\xaf"
                              "b.example",
                              "\xe2\x98\x83\xef\xb8\x8f.example"})
        CHECK_MESSAGE(!parse_domain_name(typed), typed);
}

TEST_CASE("admin names: parts at their limits are taken, one octet more is not") {
    CHECK(parse_address(std::string(64, 'a') + "@a.b").has_value());
    CHECK(!parse_address(std::string(65, 'a') + "@a.b"));
    CHECK(parse_domain_name(std::string(63, 'a') + ".b").has_value());
    CHECK(!parse_domain_name(std::string(64, 'a') + ".b"));
    std::string longest;
    for (int i = 0; i < 127; ++i)
        longest += "a.";
    CHECK(parse_domain_name(longest + "a").has_value());
    CHECK(!parse_domain_name(longest + "aa"));
}

TEST_CASE("admin names: an error text shows no control characters and not too much") {
    const auto text = parse_address(std::string(5000, '\x1b')).error().text;
    CHECK(text.find('\x1b') == std::string::npos);
    CHECK(text.size() < 300);
}

TEST_CASE("admin names: a list names twenty and counts the rest") {
    CHECK(listed({}).empty());
    CHECK(listed({"a", "b"}) == "a, b");
    CHECK(listed(std::vector<std::string>(20, "a")).find("more") == std::string::npos);
    CHECK(listed(std::vector<std::string>(23, "a")).ends_with("a and 3 more"));
}
