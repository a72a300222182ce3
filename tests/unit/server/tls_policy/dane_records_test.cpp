#include "server/tls_policy/dane_records.hpp"

#include "tests/support/fake_resolver.hpp"
#include "tests/support/run.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace hauspost;
using namespace hauspost::tls_policy;
using dns::record_type;

namespace {

const std::string record = std::string("\3\1\1", 3) + std::string(32, 'x');

/// mx.b.example, which is a CNAME of host.c.example.
struct zones {
    zones() { dns.add_alias("mx.b.example", "host.c.example"); }

    void publish(const std::string& host, bool is_signed = true) {
        const auto name = "_25._tcp." + host;
        dns.add(name, record_type::tlsa, record);
        if (is_signed) dns.sign(name, record_type::tlsa);
    }
    dane_records find(bool are_addresses_secure) {
        return find({"mx.b.example", "host.c.example", are_addresses_secure});
    }
    dane_records find(dane_host host) {
        dane_records found;
        const auto ask = [](dns::resolver& from, dane_host of,
                            dane_records& into) -> awaitable<void> {
            into = co_await find_dane_records(from, std::move(of), 25);
        };
        test::run(ask(dns, std::move(host), found));
        return found;
    }

    test::fake_resolver dns;
};

}  // namespace

TEST_CASE("dane: records behind the CNAME count first, then those at the name of the MX record") {
    zones at;
    at.publish("mx.b.example");
    SUBCASE("both have them") {
        at.publish("host.c.example");
        const auto found = at.find(true);
        REQUIRE(found.what == dane_records::verdict::found);
        CHECK(found.base_domain == "host.c.example");
        REQUIRE(found.records.size() == 1);
        CHECK(found.records[0].usage == 3);
        CHECK(found.records[0].data == std::string(32, 'x'));
    }
    SUBCASE("the MX name alone") {
        CHECK(at.find(true).base_domain == "mx.b.example");
    }
    SUBCASE("those behind the CNAME are not proven") {
        at.publish("host.c.example", false);
        CHECK(at.find(true).base_domain == "mx.b.example");
    }
}

TEST_CASE("dane: a CNAME into a zone that is not signed leaves the MX name, when it is proven") {
    zones at;
    at.publish("mx.b.example");
    at.publish("host.c.example");
    SUBCASE("proven") {
        at.dns.sign("mx.b.example", record_type::cname);
        CHECK(at.find(false).base_domain == "mx.b.example");
    }
    SUBCASE("not proven") {
        CHECK(at.find(false).what == dane_records::verdict::none);
    }
    SUBCASE("cannot be looked up") {
        at.dns.fail("mx.b.example", record_type::cname);
        const auto found = at.find(false);
        CHECK(found.what == dane_records::verdict::unknown);
        CHECK(found.why == "CNAME mx.b.example: as the test says");
    }
}

TEST_CASE("dane: what cannot be looked up is unknown, at either name") {
    zones at;
    at.publish("mx.b.example");
    at.publish("host.c.example");
    SUBCASE("behind the CNAME") {
        at.dns.fail("_25._tcp.host.c.example", record_type::tlsa);
    }
    SUBCASE("at the MX name") {
        at.dns = {};
        at.dns.fail("_25._tcp.mx.b.example", record_type::tlsa, dns::outcome::bogus);
    }
    CHECK(at.find(true).what == dane_records::verdict::unknown);
}

TEST_CASE(
    "dane: without a CNAME the host's own name is asked, and only when its addresses are proven") {
    zones at;
    at.publish("mx.d.example");
    CHECK(at.find({"mx.d.example", "mx.d.example", true}).base_domain == "mx.d.example");
    CHECK(at.find({"mx.d.example", "mx.d.example", false}).what == dane_records::verdict::none);
    CHECK(at.dns.asked().size() == 1);
}
