#include "server/config/sending_values.hpp"

#include <doctest/doctest.h>

using namespace hauspost::server;

TEST_CASE("config relay: a name or an address, with a port or without") {
    const auto is = [](const char* text, const char* host, int port) {
        const auto found = parse_relay(text);
        return found && found->host == host && found->port == port;
    };
    CHECK(is("smtp.example.net:25", "smtp.example.net", 25));
    CHECK(is("smtp.example.net", "smtp.example.net", 587));
    CHECK(is("192.0.2.1:2525", "192.0.2.1", 2525));
    CHECK(is("192.0.2.1", "192.0.2.1", 587));
    CHECK(is("[2001:db8::1]:25", "2001:db8::1", 25));
    CHECK(is("[2001:db8::1]", "2001:db8::1", 587));
    CHECK(is("2001:db8::1", "2001:db8::1", 587));
}

TEST_CASE("config relay: what is none is none") {
    for (const auto* text : {"", ":25", "host:", "host:0", "host:65536", "host:2x", "two words:25",
                             "[2001:db8::1", "[host]:25", "[2001:db8::1]25", "a/b:25"})
        CHECK_FALSE(parse_relay(text));
}

TEST_CASE("config resolver: the root, or addresses") {
    CHECK(resolver_addresses("root")->empty());
    CHECK(resolver_addresses("")->empty());
    CHECK(*resolver_addresses("192.0.2.53  127.0.0.1@5353") ==
          std::vector<std::string>{"192.0.2.53", "127.0.0.1@5353"});
    CHECK(*resolver_addresses("2001:db8::53") == std::vector<std::string>{"2001:db8::53"});
    for (const auto* text : {"dns.example.net", "192.0.2.53:53", "192.0.2.53@", "192.0.2.53@x"})
        CHECK_FALSE(resolver_addresses(text));
}

TEST_CASE("config relays: a server for each domain of senders, with a login or without, or none") {
    CHECK(domain_relays("")->empty());
    const auto found = domain_relays(
        "Example.ORG smtp.example.net:25  us /etc/pw,m\u00fcller.example [2001:db8::1]:25, "
        "example.com direct");
    REQUIRE(found);
    CHECK(found->size() == 3);
    CHECK(found->at("example.org").place->host == "smtp.example.net");
    CHECK(found->at("example.org").place->port == 25);
    CHECK(found->at("example.org").user == "us");
    CHECK(found->at("example.org").password_file == "/etc/pw");
    CHECK(found->at("xn--mller-kva.example").place->host == "2001:db8::1");
    CHECK(found->at("xn--mller-kva.example").user.empty());
    CHECK_FALSE(found->at("example.com").place);
    for (const auto* text :
         {"example.org", "example.org smtp.example.net us", "example.org host:0",
          "example.org direct us /etc/pw", "example.org a.example, Example.org b.example",
          "example.org a.example us /etc/pw more", "a b c d e", ",", "example.org a.example,,"})
        CHECK_FALSE(domain_relays(text));
}

TEST_CASE("config rates: domains with a number each") {
    CHECK(domain_rates("")->empty());
    const auto found = domain_rates("Example.NET 60,  m\u00fcller.example  0");
    REQUIRE(found);
    CHECK(found->size() == 2);
    CHECK(found->at("example.net") == 60);
    CHECK(found->at("xn--mller-kva.example") == 0);
    CHECK(domain_rates("example.net 1000000"));
    for (const auto* text : {"example.net", "60", "example.net 60 70", "example.net -1",
                             "example.net 1000001", "example.net 60, example.net 70",
                             "example.net 60,, example.com 60", "a b.example 60", ","})
        CHECK_FALSE(domain_rates(text));
}
