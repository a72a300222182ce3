#include "protocols/dns/unbound_resolver.hpp"

#include "base/octets.hpp"
#include "tests/session/dns/scripted_dns.hpp"
#include "tests/support/fake_resolver.hpp"
#include "tests/support/run.hpp"
#include "tests/support/tmp_dir.hpp"

#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <doctest/doctest.h>

#include <atomic>
#include <chrono>
#include <cstdlib>
#include <fstream>
#include <future>
#include <set>
#include <stdexcept>
#include <string>
#include <thread>

using namespace hauspost;
using namespace hauspost::dns;
using namespace std::chrono_literals;
using test::dns_query;
using test::dns_record;
using test::dns_reply;
using test::scripted_dns;

namespace {

constexpr std::uint16_t type_a = 1;
constexpr std::uint16_t type_cname = 5;
constexpr std::uint16_t type_mx = 15;
constexpr std::uint16_t type_txt = 16;

constexpr std::uint16_t servfail = 2;
constexpr std::uint16_t nxdomain = 3;
constexpr std::uint16_t refused = 5;

using replies = std::vector<std::string>;

/// The same answer to everybody: one MX.
replies one_mx(const dns_query& query) {
    dns_reply reply;
    reply.answers = {dns_record(query.name, type_mx, test::mx_rdata(10, "mx.house.example"))};
    return {reply.to(query)};
}

/// Never an answer.
replies nothing(const dns_query&) {
    return {};
}

scripted_dns::script only_rcode(std::uint16_t rcode) {
    return [rcode](const dns_query& query) {
        dns_reply reply;
        reply.rcode = rcode;
        return replies{reply.to(query)};
    };
}

/// A server with a script, the resolver that asks it, and the thread of the caller.
struct fixture {
    explicit fixture(scripted_dns::script says, unbound_settings settings = {})
        : server(std::move(says)), dns(with_server(std::move(settings))) {}

    unbound_settings with_server(unbound_settings settings) const {
        settings.forwarders = {server.address()};
        return settings;
    }

    template <class T>
    T got(awaitable<T> from) {
        T value;
        test::run(io, keep(std::move(from), value));
        return value;
    }
    template <class T>
    static awaitable<void> keep(awaitable<T> from, T& into) {
        into = co_await std::move(from);
    }

    asio::io_context io{1};
    scripted_dns server;
    unbound_resolver dns;
};

unbound_settings limited(std::chrono::milliseconds limit) {
    unbound_settings settings;
    settings.time_limit = limit;
    return settings;
}

}  // namespace

TEST_CASE("unbound resolver: an answer comes back to the caller's thread, and is kept") {
    fixture h(one_mx);
    const auto told = h.got(h.dns.find_mx("House.example"));
    CHECK(told.what == outcome::found);
    CHECK(told.records == std::vector<mx_record>{{10, "mx.house.example"}});
    CHECK(told.canonical_name == "house.example");
    CHECK_FALSE(told.is_secure);
    CHECK(told.ttl > 3500s);
    CHECK(told.ttl <= 3600s);
    const int queries = h.server.queries();
    CHECK(h.got(h.dns.find_mx("house.example.")).what == outcome::found);
    CHECK(h.server.queries() == queries);
    CHECK(h.dns.open_questions() == 0);
}

TEST_CASE("unbound resolver: F05 NXDOMAIN, no data, SERVFAIL and REFUSED") {
    {
        fixture h(only_rcode(nxdomain));
        CHECK(h.got(h.dns.find_mx("house.example")).what == outcome::no_such_name);
    }
    {
        fixture h(only_rcode(0));
        CHECK(h.got(h.dns.find_mx("house.example")).what == outcome::no_data);
    }
    for (const auto rcode : {servfail, refused}) {
        fixture h(only_rcode(rcode));
        const auto told = h.got(h.dns.find_mx("house.example"));
        CHECK(told.what == outcome::failed);
        CHECK(told.why == "SERVFAIL");
    }
}

TEST_CASE("unbound resolver: F05 without an answer a question fails when its time is over") {
    fixture h(nothing, limited(200ms));
    const auto begin = std::chrono::steady_clock::now();
    const auto told = h.got(h.dns.find_mx("house.example"));
    CHECK(std::chrono::steady_clock::now() - begin >= 200ms);
    CHECK(told.what == outcome::failed);
    CHECK(told.why == "time-out");
    CHECK(h.dns.open_questions() == 1);  // libunbound's still
}

TEST_CASE("unbound resolver: F05 a server that is back is asked again") {
    std::atomic<bool> is_back = false;
    fixture h(
        [&is_back](const dns_query& query) { return is_back ? one_mx(query) : nothing(query); },
        limited(500ms));
    for (const char* name : {"a.example", "b.example", "c.example"})
        CHECK(h.got(h.dns.find_mx(name)).what == outcome::failed);
    is_back = true;
    auto last = outcome::failed;
    for (int i = 0; i < 60 && last != outcome::found; ++i)
        last = h.got(h.dns.find_mx("d" + std::to_string(i) + ".example")).what;
    CHECK(last == outcome::found);
}

TEST_CASE("unbound resolver: F04 an answer with a foreign id does not count") {
    fixture h([](const dns_query& query) {
        dns_reply forged;
        forged.answers = {dns_record(query.name, type_mx, test::mx_rdata(1, "evil.example"))};
        auto foreign = query;
        ++foreign.id;
        return replies{forged.to(foreign), one_mx(query).front()};
    });
    const auto told = h.got(h.dns.find_mx("house.example"));
    CHECK(told.records == std::vector<mx_record>{{10, "mx.house.example"}});
}

TEST_CASE("unbound resolver: F04 an answer to a foreign question does not count") {
    fixture h([](const dns_query& query) {
        auto foreign = query;
        foreign.name = "other.example";
        foreign.question =
            test::wire_name(foreign.name) + query.question.substr(query.question.size() - 4);
        return one_mx(foreign);
    });
    CHECK(h.got(h.dns.find_mx("house.example")).what == outcome::failed);
}

TEST_CASE("unbound resolver: F04 records of other names in an answer do not count") {
    fixture h([](const dns_query& query) {
        dns_reply reply;
        if (query.name == "house.example") {
            reply.answers = {
                dns_record("house.example", type_mx, test::mx_rdata(10, "mx.house.example")),
                dns_record("bank.example", type_mx, test::mx_rdata(1, "evil.example"))};
        } else {
            reply.answers = {dns_record(query.name, type_mx, test::mx_rdata(5, "real.example"))};
        }
        return replies{reply.to(query)};
    });
    CHECK(h.got(h.dns.find_mx("house.example")).records.size() == 1);
    CHECK(h.got(h.dns.find_mx("bank.example")).records ==
          std::vector<mx_record>{{5, "real.example"}});
}

TEST_CASE("unbound resolver: F04 garbage is no answer") {
    fixture h(
        [](const dns_query& query) {
            std::string loop = dns_reply().to(query);
            loop[7] = 1;  // an answer, whose name points to itself
            loop += std::string("\xc0", 1) + static_cast<char>(loop.size()) + "\0\x0f\0\1";
            return replies{"", "x", std::string(600, '\xff'), loop};
        },
        limited(700ms));
    CHECK(h.got(h.dns.find_mx("house.example")).what == outcome::failed);
}

TEST_CASE("unbound resolver: F04 a record that is too short or lies about its length") {
    fixture h([](const dns_query& query) {
        dns_reply reply;
        if (query.name == "short.example") {
            reply.answers = {dns_record(query.name, type_mx, "\1")};
        } else {
            auto record = dns_record(query.name, type_txt, "\5hello");
            record[record.size() - 7] = 100;  // the length of RDATA
            reply.answers = {record};
        }
        return replies{reply.to(query)};
    });
    CHECK(h.got(h.dns.find_mx("short.example")).what == outcome::failed);
    CHECK(h.got(h.dns.find_txt("lying.example")).what == outcome::failed);
}

TEST_CASE("unbound resolver: F04 an answer that was cut is asked for again by TCP") {
    const std::string text(3'000, 't');
    fixture h([&text](const dns_query& query) {
        dns_reply reply;
        reply.is_truncated = !query.is_tcp;
        if (query.is_tcp) reply.answers = {dns_record(query.name, type_txt, test::txt_rdata(text))};
        return replies{reply.to(query)};
    });
    const auto told = h.got(h.dns.find_txt("house.example"));
    CHECK(told.what == outcome::found);
    CHECK(told.records == std::vector<std::string>{text});
}

TEST_CASE("unbound resolver: F04 CNAMEs are followed to a limit, and never in a circle") {
    // "7.x.example" leads to "6.x.example" and so on, "loop.example" to itself.
    const auto chain = [](const dns_query& query) {
        const auto number = std::atoi(query.name.c_str());
        const auto suffix = query.name.substr(query.name.find('.'));
        const auto next =
            query.name == "loop.example" ? query.name : std::to_string(number - 1) + suffix;
        dns_reply reply;
        if (query.name.starts_with("0.")) {
            reply.answers = {dns_record(query.name, type_a, test::address_rdata("192.0.2.1"))};
        } else {
            reply.answers = {dns_record(query.name, type_cname, test::wire_name(next))};
        }
        return replies{reply.to(query)};
    };
    fixture h(chain);
    const auto longest = std::to_string(max_aliases) + ".a.example";
    const auto told = h.got(h.dns.find_addresses(longest, families::ipv4));
    CHECK(told.what == outcome::found);
    CHECK(told.canonical_name == "0.a.example");
    const auto longer = std::to_string(max_aliases + 1) + ".b.example";
    for (const auto& name : {longer, std::string("50.c.example"), std::string("loop.example")})
        CHECK(h.got(h.dns.find_addresses(name, families::ipv4)).what == outcome::failed);
}

TEST_CASE("unbound resolver: F04 a CNAME to a name that is no host's hides that name only") {
    fixture h([](const dns_query& query) {
        const auto odd = std::string("\x04") + "a\r\nb" + test::wire_name("example");
        dns_reply reply;
        reply.answers = {dns_record(query.name, type_cname, odd)};
        const bool is_first = query.name == "house.example";
        if (!is_first) reply.answers = {odd + dns_record("", type_txt, "\2hi").substr(1)};
        return replies{reply.to(query)};
    });
    const auto told = h.got(h.dns.find_txt("house.example"));
    CHECK(told.what == outcome::found);
    CHECK(told.records == std::vector<std::string>{"hi"});
    CHECK(told.canonical_name.empty());
}

TEST_CASE("unbound resolver: several questions are asked at the same time") {
    std::set<std::uint16_t> seen;
    fixture h(
        [&seen](const dns_query& query) {
            seen.insert(query.type);
            replies all;
            if (seen.size() < 2) return all;  // the first waits for the other
            dns_reply reply;
            reply.answers = {dns_record(
                query.name, query.type,
                test::address_rdata(query.type == type_a ? "192.0.2.1" : "2001:db8::1"))};
            all.push_back(reply.to(query));
            return all;
        },
        limited(10s));
    const auto told = h.got(h.dns.find_addresses(std::string("mx.example"), families::both));
    CHECK(told.records.size() == 2);
}

TEST_CASE("unbound resolver: more questions than allowed fail at once") {
    auto settings = limited(300ms);
    settings.max_questions = 2;
    fixture h(nothing, settings);
    std::vector<std::string> names{"a.example", "b.example", "c.example"};
    const auto told = h.got(h.dns.find_addresses(names, families::ipv4));
    CHECK(told[0].why == "time-out");
    CHECK(told[1].why == "time-out");
    CHECK(told[2].why == "too many questions");
    CHECK(h.got(h.dns.find_mx("d.example")).why == "too many questions");
}

TEST_CASE("unbound resolver: a caller that is cancelled goes on before the answer is there") {
    using namespace asio::experimental::awaitable_operators;
    fixture h(nothing, limited(30s));
    const auto race = [](fixture& with, bool& won) -> awaitable<void> {
        asio::steady_timer soon(with.io, 50ms);
        auto question = with.dns.find_mx("house.example");
        auto pause = soon.async_wait(asio::use_awaitable);
        const auto first = co_await (std::move(question) || std::move(pause));
        won = first.index() == 1;
    };
    bool won = false;
    const auto begin = std::chrono::steady_clock::now();
    test::run(h.io, race(h, won));
    CHECK(won);
    // libunbound itself gives up after some 17 s.
    CHECK(std::chrono::steady_clock::now() - begin < 10s);
    CHECK(h.dns.open_questions() == 1);
}

TEST_CASE("unbound resolver: what waits when it stops fails, and so does what comes later") {
    std::promise<void> asked;
    bool first = true;
    fixture h([&](const dns_query&) {
        if (std::exchange(first, false)) asked.set_value();
        return replies{};
    });
    std::thread stopper([&] {
        asked.get_future().wait();
        h.dns.stop();
    });
    const auto told = h.got(h.dns.find_mx("house.example"));
    stopper.join();
    CHECK(told.what == outcome::failed);
    CHECK(told.why == "the server stops");
    CHECK(h.got(h.dns.find_mx("house.example")).why == "the server stops");
    h.dns.stop();
}

TEST_CASE("unbound resolver: settings that cannot be used are refused with their reason") {
    const auto fault_of = [](const unbound_settings& settings) -> std::string {
        try {
            const unbound_resolver dns(settings);
        } catch (const std::runtime_error& fault) {
            return fault.what();
        }
        return "";
    };
    unbound_settings settings;
    settings.forwarders = {"dns.example"};
    CHECK(fault_of(settings) == "DNS: resolver \"dns.example\": syntax error");
    settings.forwarders.clear();
    settings.trust_anchor_file = "/nowhere/root.key";
    CHECK(fault_of(settings) == "DNS: cannot read /nowhere/root.key");
    settings.trust_anchor_file.clear();
    settings.trust_anchors = {"example. IN DS garbage"};
    CHECK_FALSE(fault_of(settings).empty());
    const test::tmp_dir folder;
    settings.trust_anchors.clear();
    settings.trust_anchor_file = (folder.path() / "root.key").string();
    std::ofstream(settings.trust_anchor_file) << "no keys, but prose\n";
    CHECK_FALSE(fault_of(settings).empty());
    settings.trust_anchor_file.clear();
    CHECK(fault_of(settings).empty());
}
