#include "protocols/dns/resolver.hpp"

#include "tests/support/fake_resolver.hpp"
#include "tests/support/run.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace hauspost;
using namespace hauspost::dns;
using test::fake_resolver;

namespace {

template <class T>
awaitable<void> keep(awaitable<T> from, T& into) {
    into = co_await std::move(from);
}

template <class T>
T got(awaitable<T> from) {
    T value;
    test::run(keep(std::move(from), value));
    return value;
}

asio::ip::address address(const char* text) {
    return asio::ip::make_address(text);
}

using addresses = std::vector<asio::ip::address>;

}  // namespace

TEST_CASE("dns resolver: an answer has the records, the name behind CNAMEs, and what proves it") {
    fake_resolver dns;
    dns.add_alias("example.test", "real.test");
    dns.add_mx("real.test", 10, "mx.example.test");
    dns.sign("real.test", record_type::mx);
    const auto told = got(dns.find_mx("Example.test."));
    CHECK(told.what == outcome::found);
    CHECK(told.records == std::vector<mx_record>{{10, "mx.example.test"}});
    CHECK(told.canonical_name == "real.test");
    CHECK(told.is_secure);
    CHECK(told.ttl == std::chrono::hours(1));
    CHECK(dns.asked() == std::vector<std::string>{"MX example.test"});
}

TEST_CASE("dns resolver: F05 no name, no data, failed and bogus are four things") {
    fake_resolver dns;
    dns.add_txt("example.test", "there");
    dns.fail("lame.test", record_type::txt);
    dns.fail("forged.test", record_type::txt, outcome::bogus);
    CHECK(got(dns.find_txt("none.test")).what == outcome::no_such_name);
    CHECK(got(dns.find_mx("example.test")).what == outcome::no_data);
    const auto failed = got(dns.find_txt("lame.test"));
    CHECK(failed.what == outcome::failed);
    CHECK(failed.why == "as the test says");
    CHECK(got(dns.find_txt("forged.test")).what == outcome::bogus);
    CHECK(is_temporary(outcome::failed));
    CHECK(is_temporary(outcome::bogus));
    CHECK_FALSE(is_temporary(outcome::no_such_name));
    CHECK_FALSE(is_temporary(outcome::no_data));
    CHECK_FALSE(is_temporary(outcome::found));
}

TEST_CASE("dns resolver: what cannot be a name does not exist, and nobody is asked") {
    fake_resolver dns;
    CHECK(got(dns.find_mx("a..b")).what == outcome::no_such_name);
    CHECK(got(dns.find_txt(std::string(300, 'a'))).what == outcome::no_such_name);
    CHECK(dns.asked().empty());
}

TEST_CASE(
    "dns resolver: F04 records that cannot be read are left out, and without any left it failed") {
    fake_resolver dns;
    dns.add("example.test", record_type::mx, "\x01");
    dns.add_mx("example.test", 10, "mx.example.test");
    const auto some = got(dns.find_mx("example.test"));
    CHECK(some.what == outcome::found);
    CHECK(some.records.size() == 1);

    dns.add("broken.test", record_type::tlsa, "\x03\x01");
    dns.sign("broken.test", record_type::tlsa);
    const auto none = got(dns.find_tlsa("broken.test"));
    CHECK(none.what == outcome::failed);
    CHECK_FALSE(none.is_secure);
    CHECK_FALSE(none.why.empty());
}

TEST_CASE("dns resolver: F04 of ten thousand records the first 256 are looked at") {
    fake_resolver dns;
    for (std::uint16_t i = 0; i < 10'000; ++i)
        dns.add_mx("example.test", i, "mx.example.test");
    const auto told = got(dns.find_mx("example.test"));
    CHECK(told.records.size() == max_records);
    CHECK(told.records.back().preference == max_records - 1);
}

TEST_CASE("dns resolver: addresses of both families are asked for together") {
    fake_resolver dns;
    dns.add_address("mx.test", "2001:db8::1");
    dns.add_address("mx.test", "192.0.2.1");
    const auto told = got(dns.find_addresses(std::string("mx.test"), families::both));
    CHECK(told.what == outcome::found);
    CHECK(told.records == addresses{address("192.0.2.1"), address("2001:db8::1")});
    CHECK(dns.asked() == std::vector<std::string>{"A mx.test", "AAAA mx.test"});
    CHECK(got(dns.find_addresses(std::string("mx.test"), families::ipv4)).records ==
          addresses{address("192.0.2.1")});
    CHECK(got(dns.find_addresses(std::string("mx.test"), families::ipv6)).records ==
          addresses{address("2001:db8::1")});
}

TEST_CASE("dns resolver: one family is enough, and without any the other's failure is the answer") {
    fake_resolver dns;
    dns.add_address("half.test", "192.0.2.1");
    dns.fail("half.test", record_type::aaaa);
    dns.fail("lame.test", record_type::aaaa);
    dns.fail("forged.test", record_type::a, outcome::bogus);
    std::vector<std::string> names{"half.test", "lame.test", "forged.test", "none.test"};
    const auto told = got(dns.find_addresses(names, families::both));
    REQUIRE(told.size() == 4);
    CHECK(told[0].what == outcome::found);
    CHECK(told[0].records == addresses{address("192.0.2.1")});
    CHECK(told[1].what == outcome::failed);
    CHECK(told[2].what == outcome::bogus);
    CHECK(told[3].what == outcome::no_such_name);
}

TEST_CASE("dns resolver: addresses are secure when all that were found are") {
    fake_resolver dns;
    for (const char* name : {"both.test", "one.test", "alone.test"})
        dns.add_address(name, "192.0.2.1");
    dns.add_address("both.test", "2001:db8::1");
    dns.add_address("one.test", "2001:db8::1");
    for (const char* name : {"both.test", "one.test", "alone.test"})
        dns.sign(name, record_type::a);
    dns.sign("both.test", record_type::aaaa);
    std::vector<std::string> names{"both.test", "one.test", "alone.test"};
    const auto told = got(dns.find_addresses(names, families::both));
    CHECK(told[0].is_secure);
    CHECK_FALSE(told[1].is_secure);
    CHECK(told[2].is_secure);
}

TEST_CASE("dns resolver: the names of an address, and the CNAME of a name itself") {
    fake_resolver dns;
    dns.add("1.2.0.192.in-addr.arpa", record_type::ptr, test::wire_name("mail.example.test"));
    dns.add("www.test", record_type::cname, test::wire_name("real.test"));
    CHECK(got(dns.find_names(address("192.0.2.1"))).records ==
          std::vector<std::string>{"mail.example.test"});
    CHECK(got(dns.find_cname("www.test")).records == std::vector<std::string>{"real.test"});
}
