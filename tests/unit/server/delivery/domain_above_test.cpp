#include "server/delivery/domain_above.hpp"

#include <doctest/doctest.h>

using hauspost::delivery::domain_above;

TEST_CASE("domain above: above a host's name stands its domain, and no top-level domain") {
    CHECK(domain_above("mail.a.example") == "a.example");
    CHECK(domain_above("a.example") == "");
    CHECK(domain_above("example") == "");
    CHECK(domain_above("") == "");
}
