#include "server/outbound/mail_hosts.hpp"

#include "tests/support/fake_resolver.hpp"
#include "tests/support/run.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <set>
#include <string>
#include <vector>

using namespace hauspost;
using namespace hauspost::outbound;
using dns::record_type;

namespace {

using names = std::vector<std::string>;

awaitable<void> keep(awaitable<mail_hosts> from, mail_hosts& into) {
    into = co_await std::move(from);
}

/// The DNS, and a server that is "mx.home.example" at 192.0.2.99 in it.
struct net_of_hosts {
    net_of_hosts() {
        own.names = {"mx.home.example"};
        own.addresses = {asio::ip::make_address("192.0.2.99"),
                         asio::ip::make_address("2001:db8::99")};
    }

    /// An MX, and an address for it.
    void add_host(const std::string& domain, std::uint16_t preference, const std::string& name) {
        dns.add_mx(domain, preference, name);
        dns.add_address(name, "198.51.100." + std::to_string(++last_));
    }

    mail_hosts find(const std::string& domain) {
        host_finder finder(dns, own, settings, random);
        mail_hosts found;
        test::run(keep(finder.find(domain), found));
        return found;
    }
    names names_of(const std::string& domain) {
        names all;
        for (const auto& host : find(domain).hosts)
            all.push_back(host.name);
        return all;
    }

    test::fake_resolver dns;
    own_hosts own;
    host_settings settings;
    std::uint64_t next_random = 0;
    host_finder::random_number random = [this] { return next_random; };

private:
    int last_ = 0;
};

std::vector<asio::ip::address> addresses(const names& texts) {
    std::vector<asio::ip::address> all;
    for (const auto& text : texts)
        all.push_back(asio::ip::make_address(text));
    return all;
}

void check_end(const mail_hosts& search, hosts_verdict verdict) {
    CHECK(search.verdict == verdict);
    CHECK(search.hosts.empty());
    CHECK_FALSE(search.why.empty());
}

}  // namespace

TEST_CASE("mail hosts: MX records in the order of their preference") {
    net_of_hosts net;
    net.add_host("house.example", 20, "c.example");
    net.add_host("house.example", 5, "a.example");
    net.add_host("house.example", 10, "b.example");
    const auto search = net.find("House.Example");
    CHECK(search.verdict == hosts_verdict::found);
    CHECK(search.why.empty());
    CHECK(net.names_of("house.example") == names{"a.example", "b.example", "c.example"});
    CHECK(search.hosts.front().addresses == addresses({"198.51.100.2"}));
}

TEST_CASE("mail hosts: those of one preference in random order, never before a better one") {
    net_of_hosts net;
    for (const char* name : {"b.example", "c.example", "d.example"})
        net.add_host("house.example", 10, name);
    net.add_host("house.example", 5, "a.example");
    std::set<names> orders;
    std::uint64_t seed = 1;
    net.random = [&seed] {
        return (seed = seed * 6364136223846793005u + 1442695040888963407u) >> 33;
    };
    for (int i = 0; i < 200; ++i)
        orders.insert(net.names_of("house.example"));
    CHECK(orders.size() == 6);
    CHECK(std::all_of(orders.begin(), orders.end(),
                      [](const names& order) { return order.front() == "a.example"; }));
}

TEST_CASE("mail hosts: without MX the domain itself, by its addresses") {
    net_of_hosts net;
    net.dns.add_address("house.example", "192.0.2.1");
    const auto search = net.find("house.example");
    CHECK(search.verdict == hosts_verdict::found);
    REQUIRE(search.hosts.size() == 1);
    CHECK(search.hosts.front().name == "house.example");
    CHECK(search.hosts.front().addresses == addresses({"192.0.2.1"}));
}

TEST_CASE("mail hosts: a domain that takes no mail says so by one MX without a host") {
    net_of_hosts net;
    net.dns.add_mx("none.example", 0, "");
    net.dns.add_address("none.example", "192.0.2.1");
    check_end(net.find("none.example"), hosts_verdict::takes_no_mail);
    // Beside others it means nothing.
    net.dns.add_mx("some.example", 0, "");
    net.add_host("some.example", 10, "mx.example");
    CHECK(net.names_of("some.example") == names{"mx.example"});
}

TEST_CASE("mail hosts: F05 a domain that does not exist is for good, a DNS that fails is not") {
    net_of_hosts net;
    check_end(net.find("none.example"), hosts_verdict::no_such_domain);
    net.dns.fail("lame.example", record_type::mx);
    net.dns.add_address("lame.example", "192.0.2.1");
    check_end(net.find("lame.example"), hosts_verdict::lookup_failed);
    net.dns.fail("forged.example", record_type::mx, dns::outcome::bogus);
    const auto forged = net.find("forged.example");
    check_end(forged, hosts_verdict::lookup_failed);
    CHECK(forged.why == "MX forged.example: as the test says");
}

TEST_CASE("mail hosts: what is no domain is never asked for") {
    net_of_hosts net;
    for (const char* text :
         {"", ".", "a..b", "a b", "[tag:content]", "[300.0.0.1]", "a/b.example", "a\r\nb.example"})
        check_end(net.find(text), hosts_verdict::no_such_domain);
    CHECK(net.dns.asked().empty());
}

TEST_CASE("mail hosts: letters beyond ASCII are asked for in A-labels") {
    net_of_hosts net;
    net.add_host("xn--mller-kva.example", 10, "mx.example");
    CHECK(net.names_of("m\xc3\xbcller.example") == names{"mx.example"});
}

TEST_CASE("mail hosts: hosts without an address are passed over") {
    net_of_hosts net;
    net.dns.add_mx("house.example", 1, "gone.example");
    net.dns.add_mx("house.example", 2, "empty.example");
    net.dns.add_txt("empty.example", "no addresses here");
    net.add_host("house.example", 10, "mx.example");
    CHECK(net.names_of("house.example") == names{"mx.example"});
}

TEST_CASE("mail hosts: F05 no host with an address is for good, unless a question failed") {
    net_of_hosts net;
    net.dns.add_mx("house.example", 1, "gone.example");
    check_end(net.find("house.example"), hosts_verdict::no_usable_host);
    net.dns.add_mx("house.example", 2, "lame.example");
    net.dns.fail("lame.example", record_type::a);
    const auto search = net.find("house.example");
    check_end(search, hosts_verdict::lookup_failed);
    CHECK(search.why == "address of lame.example: as the test says");
    // A domain with neither MX nor address.
    net.dns.add_txt("text.example", "no mail here");
    check_end(net.find("text.example"), hosts_verdict::no_usable_host);
    net.dns.fail("text.example", record_type::aaaa);
    check_end(net.find("text.example"), hosts_verdict::lookup_failed);
}

TEST_CASE("mail hosts: F05 a host whose question failed does not hold up the others") {
    net_of_hosts net;
    net.dns.add_mx("house.example", 1, "lame.example");
    net.dns.fail("lame.example", record_type::a);
    net.dns.fail("lame.example", record_type::aaaa);
    net.add_host("house.example", 10, "mx.example");
    CHECK(net.names_of("house.example") == names{"mx.example"});
}

TEST_CASE("mail hosts: our own name cuts off its preference and all behind it") {
    net_of_hosts net;
    net.add_host("house.example", 5, "a.example");
    net.add_host("house.example", 10, "b.example");
    net.add_host("house.example", 10, "MX.home.example");
    net.add_host("house.example", 10, "c.example");
    net.add_host("house.example", 20, "d.example");
    for (net.next_random = 0; net.next_random < 5; ++net.next_random)
        CHECK(net.names_of("house.example") == names{"a.example"});
}

TEST_CASE("mail hosts: our own address does the same, in any spelling, and so does a CNAME to us") {
    net_of_hosts net;
    net.add_host("four.example", 5, "a.example");
    net.add_host("four.example", 10, "b.example");
    net.dns.add_mx("four.example", 10, "alias.example");
    net.dns.add_address("alias.example", "192.0.2.1");
    net.dns.add_address("alias.example", "192.0.2.99");
    net.add_host("four.example", 20, "d.example");
    CHECK(net.names_of("four.example") == names{"a.example"});

    net.add_host("mapped.example", 5, "e.example");
    net.dns.add_mx("mapped.example", 10, "odd.example");
    net.dns.add_address("odd.example", "::ffff:192.0.2.99");
    CHECK(net.names_of("mapped.example") == names{"e.example"});

    net.add_host("cname.example", 5, "f.example");
    net.dns.add_mx("cname.example", 10, "www.example");
    net.dns.add_alias("www.example", "mx.home.example");
    net.dns.add_address("mx.home.example", "192.0.2.98");  // outside of a router of ours
    net.add_host("cname.example", 20, "g.example");
    CHECK(net.names_of("cname.example") == names{"f.example"});
}

TEST_CASE("mail hosts: when we are the best host, mail would come back to us") {
    net_of_hosts net;
    net.add_host("name.example", 10, "mx.home.example");
    net.add_host("name.example", 20, "b.example");
    check_end(net.find("name.example"), hosts_verdict::loops_back);

    net.dns.add_mx("address.example", 10, "alias.example");
    net.dns.add_address("alias.example", "2001:db8::99");
    net.add_host("address.example", 10, "c.example");
    check_end(net.find("address.example"), hosts_verdict::loops_back);

    net.dns.add_address("mx.home.example", "192.0.2.99");
    check_end(net.find("mx.home.example"), hosts_verdict::loops_back);
    net.dns.add_address("itself.example", "192.0.2.99");
    check_end(net.find("itself.example"), hosts_verdict::loops_back);
}

TEST_CASE("mail hosts: F05 better hosts that fail do not make a loop of a domain behind us") {
    net_of_hosts net;
    net.dns.add_mx("house.example", 5, "lame.example");
    net.dns.fail("lame.example", record_type::a);
    net.add_host("house.example", 10, "mx.home.example");
    check_end(net.find("house.example"), hosts_verdict::lookup_failed);
}

TEST_CASE("mail hosts: A22 hosts that lead inwards are none, unless that is wanted") {
    net_of_hosts net;
    net.dns.add_mx("house.example", 5, "inner.example");
    for (const char* address : {"127.0.0.1", "10.0.0.1", "169.254.169.254", "::1",
                                "::ffff:192.168.0.1", "fe80::1", "224.0.0.1"})
        net.dns.add_address("inner.example", address);
    check_end(net.find("house.example"), hosts_verdict::no_usable_host);
    net.dns.add_address("inner.example", "192.0.2.1");
    CHECK(net.find("house.example").hosts.front().addresses == addresses({"192.0.2.1"}));

    check_end(net.find("[127.0.0.1]"), hosts_verdict::no_usable_host);
    check_end(net.find("[IPv6:::ffff:127.0.0.1]"), hosts_verdict::no_usable_host);
    net.settings.may_lead_inwards = true;
    net.settings.max_addresses_of_a_host = 10;
    CHECK(
        net.find("house.example").hosts.front().addresses ==
        addresses({"::1", "127.0.0.1", "10.0.0.1", "169.254.169.254", "192.0.2.1", "192.168.0.1"}));
    CHECK(net.find("[127.0.0.1]").verdict == hosts_verdict::found);
}

TEST_CASE("mail hosts: A22 of ten thousand MX records the best ten of those read are tried") {
    net_of_hosts net;
    for (std::uint16_t i = 0; i < 10'000; ++i)
        net.dns.add_mx("house.example", static_cast<std::uint16_t>(10'000 - i),
                       "mx" + std::to_string(i) + ".example");
    for (int i = 0; i < 256; ++i)
        for (int j = 1; j < 9; ++j)
            net.dns.add_address("mx" + std::to_string(i) + ".example",
                                "192.0.2." + std::to_string(j));
    const auto search = net.find("house.example");
    CHECK(search.hosts.size() == 10);
    CHECK(search.hosts.front().name == "mx255.example");
    CHECK(search.hosts.front().addresses.size() == 4);
    CHECK(net.dns.asked().size() == 1 + 2 * 10);
}

TEST_CASE("mail hosts: both families in turn, or only the one that is wanted") {
    net_of_hosts net;
    net.dns.add_mx("house.example", 5, "mx.example");
    for (const char* address : {"192.0.2.1", "192.0.2.2", "2001:db8::1"})
        net.dns.add_address("mx.example", address);
    CHECK(net.find("house.example").hosts.front().addresses ==
          addresses({"2001:db8::1", "192.0.2.1", "192.0.2.2"}));
    net.settings.families = dns::families::ipv4;
    CHECK(net.find("house.example").hosts.front().addresses ==
          addresses({"192.0.2.1", "192.0.2.2"}));
}

TEST_CASE("mail hosts: an address literal is a host of its own, without questions") {
    net_of_hosts net;
    const auto search = net.find("[192.0.2.1]");
    CHECK(search.verdict == hosts_verdict::found);
    REQUIRE(search.hosts.size() == 1);
    CHECK(search.hosts.front().name == "[192.0.2.1]");
    CHECK(search.hosts.front().addresses == addresses({"192.0.2.1"}));
    CHECK_FALSE(search.is_mx_secure);
    CHECK(net.find("[IPv6:2001:db8::1]").hosts.front().addresses == addresses({"2001:db8::1"}));
    check_end(net.find("[192.0.2.99]"), hosts_verdict::loops_back);
    check_end(net.find("[IPv6:::ffff:192.0.2.99]"), hosts_verdict::loops_back);
    CHECK(net.dns.asked().empty());
}

TEST_CASE("mail hosts: what DNSSEC proves is told of the MX records and of each host") {
    net_of_hosts net;
    net.add_host("house.example", 5, "a.example");
    net.add_host("house.example", 10, "b.example");
    net.dns.sign("house.example", record_type::mx);
    net.dns.sign("b.example", record_type::a);
    net.dns.add_mx("open.example", 5, "b.example");
    auto search = net.find("house.example");
    CHECK(search.is_mx_secure);
    REQUIRE(search.hosts.size() == 2);
    CHECK_FALSE(search.hosts[0].are_addresses_secure);
    CHECK(search.hosts[1].are_addresses_secure);
    search = net.find("open.example");
    CHECK_FALSE(search.is_mx_secure);
    CHECK(search.hosts.front().are_addresses_secure);
    // That there is no MX is proven as well.
    net.dns.add_address("bare.example", "192.0.2.1");
    net.dns.sign("bare.example", record_type::mx);
    net.dns.sign("bare.example", record_type::a);
    search = net.find("bare.example");
    CHECK(search.is_mx_secure);
    CHECK(search.hosts.front().are_addresses_secure);
}

TEST_CASE("mail hosts: CNAMEs of a domain and of a host are followed, and their ends told") {
    net_of_hosts net;
    net.dns.add_alias("house.example", "real.example");
    net.dns.add_mx("real.example", 5, "mx.example");
    net.dns.add_alias("mx.example", "host.example");
    net.dns.add_address("host.example", "192.0.2.1");
    const auto search = net.find("house.example");
    CHECK(search.canonical_domain == "real.example");
    REQUIRE(search.hosts.size() == 1);
    CHECK(search.hosts.front().name == "mx.example");
    CHECK(search.hosts.front().canonical_name == "host.example");
}

TEST_CASE("mail hosts: each end has its status code, and those that may pass begin with 4") {
    CHECK(enhanced_status(hosts_verdict::found).empty());
    CHECK(enhanced_status(hosts_verdict::no_such_domain) == "5.1.2");
    CHECK(enhanced_status(hosts_verdict::takes_no_mail) == "5.1.10");
    CHECK(enhanced_status(hosts_verdict::no_usable_host) == "5.4.4");
    CHECK(enhanced_status(hosts_verdict::loops_back) == "5.4.6");
    CHECK(enhanced_status(hosts_verdict::lookup_failed) == "4.4.3");
    CHECK(is_permanent(hosts_verdict::loops_back));
    CHECK_FALSE(is_permanent(hosts_verdict::lookup_failed));
    CHECK_FALSE(is_permanent(hosts_verdict::found));
}
