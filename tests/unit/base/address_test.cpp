#include "base/address.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace hauspost::address;

TEST_CASE("address: the last @ divides, and without one there is no domain") {
    CHECK(domain_of("ann@a.example") == "a.example");
    CHECK(domain_of("u@b.example@a.example") == "a.example");
    CHECK(local_part_of("u@b.example@a.example") == "u@b.example");
    CHECK(domain_of("ann").empty());
    CHECK(local_part_of("ann") == "ann");
    CHECK(domain_of("ann@").empty());
    CHECK(local_part_of("@a.example").empty());
}

TEST_CASE("address: each spelling of a domain becomes one form") {
    for (const char* spelling :
         {"m\xc3\xbcller.example", "M\xc3\x9cLLER.Example", "mu\xcc\x88ller.example",
          "MU\xcc\x88LLER.example", "xn--mller-kva.example", "Xn--Mller-KVA.EXAMPLE",
          "m\xc3\xbcller\xe3\x80\x82"
          "example"}) {
        CHECK_MESSAGE(to_a_labels(spelling) == "xn--mller-kva.example", spelling);
        CHECK_MESSAGE(canonical("Ann@" + std::string(spelling)) == "ann@xn--mller-kva.example",
                      spelling);
    }
    // Not as IDNA of 2003 had it.
    CHECK(to_a_labels("stra\xc3\x9f"
                      "e.example") == "xn--strae-oqa.example");
    CHECK(to_a_labels("my_host.Example") == "my_host.example");
    CHECK(to_a_labels("\xe4\xb8\xad\xe5\x9b\xbd") == "xn--fiqs8s");
}

TEST_CASE(
    "address: what is no domain gives no A-labels, and nothing of ASCII comes out of others") {
    const std::string full_width_at =
                          "a\xef\xbc\xa0"
                          "b.example",
                      full_width_slash = "\xef\xbc\x8f";
    for (const auto& bad :
         {std::string(), std::string("."), std::string("a..b"), std::string("a.b."),
          std::string("xn--.example"), std::string("xn--a-.example"), std::string("a b"),
          std::string("m\xc3.example"), std::string("a\0b", 3), std::string("[192.0.2.1]"),
          full_width_at, full_width_slash, std::string(64, 'a') + ".b", std::string(5000, 'a')})
        CHECK_MESSAGE(!to_a_labels(bad), bad);
    std::string longest;
    for (int i = 0; i < 127; ++i)
        longest += "a.";
    CHECK(to_a_labels(longest + "a"));
    CHECK(!to_a_labels(longest + "aa"));
}

TEST_CASE("address: local parts are compared in lower case and NFC") {
    CHECK(canonical("JU\xcc\x88RGEN@A.example") == "j\xc3\xbcrgen@a.example");
    CHECK(canonical("Ann") == "ann");
    CHECK(canonical("ann@[192.0.2.1]") == "ann@[192.0.2.1]");
    CHECK(!canonical("a\xff@a.example"));
    CHECK(!canonical(std::string(1281, 'a')));
    // Not allowed as a domain, and yet a name that can be compared.
    CHECK(canonical("Ann@\xc2\xa0.Example") == "ann@\xc2\xa0.example");
}

TEST_CASE("address: people are shown U-labels, but only those that lead back") {
    CHECK(shown("ann@xn--mller-kva.example") == "ann@m\xc3\xbcller.example");
    CHECK(shown("xn--mller-kva.example") == "m\xc3\xbcller.example");
    CHECK(shown("ann@a.example") == "ann@a.example");
    CHECK(shown("a.example") == "a.example");
    CHECK(shown("").empty());
    CHECK(shown("xn--a-.example") == "xn--a-.example");
    CHECK(shown("x@xn--.example") == "x@xn--.example");
}

TEST_CASE("address: only the domain of what is sent on is spelled anew") {
    CHECK(with_a_labels("Ann.B@M\xc3\xbcller.example") == "Ann.B@xn--mller-kva.example");
    CHECK(with_a_labels("Ann.B@A.example") == "Ann.B@A.example");
    CHECK(with_a_labels("").empty());
}

TEST_CASE("address: in ASCII what is beyond it is escaped, RFC 6533 3") {
    CHECK(in_ascii("j\xc3\xbcrgen@a.example") == "j\\x{fc}rgen@a.example");
    CHECK(in_ascii("\xf0\x9f\x98\x80\xe2\x82\xac\\") == "\\x{1f600}\\x{20ac}\\x{5c}");
    CHECK(in_ascii("a\xff") == "a\\x{fffd}");
}
