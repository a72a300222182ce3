// Daily reports of how connections were protected.
#include "server/outbound/tls_reporter.hpp"

#include "tests/session/sending/fixture.hpp"

#include <doctest/doctest.h>

using namespace hauspost;

namespace {

struct scripted_door final : tls_policy::report_door {
    awaitable<std::string> hand_over(tls_report::https_place to, std::string gzipped) override {
        got.push_back(to.host + to.target);
        octets = gzipped.size();
        co_return answer;
    }
    std::vector<std::string> got;
    std::size_t octets = 0;
    std::string answer;  // "": it is taken
};

struct reporting : test::sending_server {
    reporting() {
        today = static_cast<std::uint32_t>(now() / 86'400);
        dns.add_txt("_smtp._tls.b.example", "v=TLSRPTv1; rua=mailto:tls@c.example");
    }
    void count(std::uint32_t day, const std::string& domain = "b.example") {
        storage::tls_result one;
        one.day = day;
        one.domain = domain;
        one.policy_type = "no-policy-found";
        std::vector<storage::tls_result> some{one};
        storage::tls_store& store = parts.store().tls;
        REQUIRE_FALSE(parts.wait(store.count(std::move(some))));
    }
    void report() {
        outbound::tls_reporter reporter(
            parts.io.get_executor(),
            {parts.store().tls, dns, submission.relay, parts.time.wall(), &door}, settings);
        test::run(parts.io, reporter.report_all());
    }
    std::vector<storage::queue_item> queued() {
        storage::queue_store& queue = parts.store().queue;
        return parts.wait(queue.list(queue_id(), std::size_t{100})).items;
    }
    std::size_t counted_days() {
        storage::tls_store& store = parts.store().tls;
        return parts.wait(store.days_before(today + 10, std::size_t{100})).size();
    }
    std::uint32_t today = 0;
    scripted_door door;
};

}  // namespace

TEST_CASE("tls reporter: a day that has passed is told once, also over a restart") {
    reporting at;
    at.count(at.today);
    at.report();
    CHECK(at.queued().empty());
    at.count(at.today - 1);
    at.report();
    at.report();  // another object: it remembers nothing
    const auto items = at.queued();
    REQUIRE(items.size() == 1);
    CHECK(items[0].reverse_path.empty());
    CHECK(items[0].tls_optional);
    REQUIRE(items[0].recipients.size() == 1);
    CHECK(items[0].recipients[0].to == "tls@c.example");
    CHECK(items[0].recipients[0].notify == "NEVER");
    CHECK(at.counted_days() == 1);
}

TEST_CASE("tls reporter: who asks for nothing gets nothing, and is forgotten") {
    reporting at;
    at.count(at.today - 1, "c.example");
    at.report();
    CHECK(at.queued().empty());
    CHECK(at.counted_days() == 0);
}

TEST_CASE("tls reporter: while the DNS is silent the counts wait, for some days") {
    reporting at;
    at.dns.fail("_smtp._tls.b.example", dns::record_type::txt);
    at.count(at.today - 1);
    at.report();
    CHECK(at.counted_days() == 1);
    at.count(at.today - 5);
    at.report();
    CHECK(at.counted_days() == 1);
    CHECK(at.queued().empty());
}

TEST_CASE("tls reporter: a report itself is not counted, and needs no policy") {
    reporting at;
    at.count(at.today - 1);
    at.report();
    CHECK(at.attempt("c.example").at(0).verdict == outbound::attempt_verdict::delivered);
    CHECK(at.counted.empty());
    const auto& got = at.servers.at("192.0.2.3").messages.at(0);
    CHECK(got.find("TLS-Report-Domain: b.example\r\n") != std::string::npos);
    CHECK(got.find("report-type=\"tlsrpt\"") != std::string::npos);
}

TEST_CASE("tls reporter: a place that cannot be written to loses the report, not the server") {
    reporting at;
    at.dns = {};
    at.dns.add_txt("_smtp._tls.b.example", "v=TLSRPTv1; rua=mailto:%3Cx%3E@c.example");
    at.count(at.today - 1);
    at.report();
    CHECK(at.queued().empty());
    CHECK(at.counted_days() == 0);
}

TEST_CASE("tls reporter: https places get the report, or the counts wait for the next time") {
    reporting at;
    at.dns = {};
    SUBCASE("one that takes it") {
        at.dns.add_txt("_smtp._tls.b.example", "v=TLSRPTv1; rua=https://t.b.example/x");
        at.count(at.today - 1);
        at.report();
        at.report();
        CHECK(at.door.got == std::vector<std::string>{"t.b.example/x"});
        CHECK(at.door.octets > 20);
        CHECK(at.counted_days() == 0);
    }
    SUBCASE("one that does not, for some days") {
        at.door.answer = "HTTP status 503";
        at.dns.add_txt("_smtp._tls.b.example", "v=TLSRPTv1; rua=https://t.b.example/x");
        at.count(at.today - 1);
        at.report();
        CHECK(at.counted_days() == 1);
        at.door.answer.clear();
        at.report();
        CHECK(at.counted_days() == 0);
        at.door.answer = "HTTP status 503";
        at.count(at.today - 5);
        at.report();
        CHECK(at.counted_days() == 0);
        CHECK(at.door.got.size() == 3);
    }
    SUBCASE("beside a mailbox, which is enough") {
        at.door.answer = "HTTP status 503";
        at.dns.add_txt("_smtp._tls.b.example",
                       "v=TLSRPTv1; rua=https://t.b.example/x,mailto:tls@c.example");
        at.count(at.today - 1);
        at.report();
        CHECK(at.door.got.size() == 1);
        CHECK(at.queued().size() == 1);
        CHECK(at.counted_days() == 0);
    }
}

TEST_CASE("tls reporter: rows of a day are put together by policy") {
    std::vector<storage::tls_result> rows(3);
    rows[0].policy_type = rows[1].policy_type = "sts";
    rows[0].policy_lines = rows[1].policy_lines = "version: STSv1\nmode: enforce";
    rows[0].mx_hosts = "a\nb";
    rows[0].sessions = 5;
    rows[1].failure = "certificate-expired";
    rows[1].mx = "a";
    rows[1].sessions = 2;
    rows[2].policy_type = "no-policy-found";
    const auto made = outbound::by_policy(rows);
    REQUIRE(made.size() == 2);
    CHECK(made[0].lines == std::vector<std::string>{"version: STSv1", "mode: enforce"});
    CHECK(made[0].mx_hosts == std::vector<std::string>{"a", "b"});
    CHECK(made[0].successes == 5);
    REQUIRE(made[0].failures.size() == 1);
    CHECK(made[0].failures[0].sessions == 2);
    CHECK(made[1].successes == 1);
}
