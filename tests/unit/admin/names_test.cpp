#include "admin/names.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace hauspost::admin;

TEST_CASE("admin names: what was typed is read, or refused with what it was") {
    CHECK(*parse_address(" Anna@A.Example") == "anna@a.example");
    CHECK(*parse_domain_name("A.Example ") == "a.example");
    CHECK(parse_address("an na@a.b").error().subject == "an na@a.b");
    CHECK(parse_domain_name("a_b").error().subject == "a_b");
}

TEST_CASE("admin names: a refusal says which part of an address is wrong") {
    CHECK(parse_address("anna").error().code == refusal_code::not_an_address);
    CHECK(parse_address("an..na@a.b").error().code == refusal_code::bad_local_part);
    CHECK(parse_address("anna@-a.b").error().code == refusal_code::bad_address_domain);
    CHECK(parse_domain_name("a_b").error().code == refusal_code::not_a_domain);
}
