// What sending remembers of secure ways to other domains: policies, and counts of sessions.
#include "storage/tls_store.hpp"

#include "store_fixture.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace hauspost;
using namespace hauspost::storage;
using namespace hauspost::storage::test;

namespace {

kept_policy policy_of(const std::string& domain, const std::string& text = "mode: none\n") {
    kept_policy made;
    made.domain = domain;
    made.id = "1";
    made.text = text;
    made.fetched_at = 100;
    made.expires_at = 200;
    return made;
}

tls_result one_of(std::uint32_t day, const std::string& domain, const std::string& mx = {}) {
    tls_result made;
    made.day = day;
    made.domain = domain;
    made.policy_type = "sts";
    made.policy_lines = "version: STSv1\nmode: enforce";
    made.mx_hosts = "mx.b.example";
    made.mx = mx;
    if (!mx.empty()) made.failure = "certificate-expired";
    return made;
}

void count(store_fixture& at, std::vector<tls_result> some) {
    REQUIRE_FALSE(at.get(at->tls.count(std::move(some))));
}

std::vector<tls_result> take(store_fixture& at, std::uint32_t day, const std::string& domain) {
    tls_day of;
    of.day = day;
    of.domain = domain;
    return at.get(at->tls.take_results(of)).value();
}

std::vector<std::string> days(store_fixture& at, std::uint32_t before, std::size_t limit = 100) {
    std::vector<std::string> found;
    for (const auto& one : at.get(at->tls.days_before(before, limit)))
        found.push_back(std::to_string(one.day) + ' ' + one.domain);
    return found;
}

using texts = std::vector<std::string>;

}  // namespace

TEST_CASE("store tls: a policy is there after the store was opened anew, and is replaced whole") {
    store_fixture at;
    CHECK_FALSE(at.get(at->tls.find_policy("b.example")));
    REQUIRE_FALSE(at.get(at->tls.keep_policy(policy_of("b.example", "one"))));
    REQUIRE_FALSE(at.get(at->tls.keep_policy(policy_of("b.example", "two"))));
    at.reopen();
    const auto found = at.get(at->tls.find_policy("b.example"));
    REQUIRE(found.has_value());
    CHECK(found->text == "two");
    CHECK(found->id == "1");
    CHECK(found->fetched_at == 100);
    CHECK(found->expires_at == 200);
    CHECK(at->keeper.check().findings.empty());
}

TEST_CASE("store tls: what is no policy, or too long, is refused") {
    store_fixture at;
    CHECK(at.get(at->tls.keep_policy(policy_of(""))) == errc::invalid_name);
    CHECK(at.get(at->tls.keep_policy(policy_of(std::string(254, 'd')))) == errc::invalid_name);
    CHECK(at.get(at->tls.keep_policy(policy_of("d", ""))) == errc::invalid_name);
    const std::string large(tls_store::max_policy_octets, 'x');
    CHECK_FALSE(at.get(at->tls.keep_policy(policy_of("d", large))));
    CHECK(at.get(at->tls.keep_policy(policy_of("d", large + 'x'))) == errc::invalid_name);
    CHECK_FALSE(at.get(at->tls.find_policy(std::string(600, 'd'))));
}

TEST_CASE("store tls: sessions of one kind are one row, days and domains are apart") {
    store_fixture at;
    count(at, {one_of(7, "b.example"), one_of(7, "b.example"), one_of(7, "b.example", "mx1")});
    count(at, {one_of(7, "a.example"), one_of(8, "b.example"), one_of(7, "b.example")});
    at.reopen();
    CHECK(days(at, 8) == texts{"7 a.example", "7 b.example"});
    CHECK(days(at, 9) == texts{"7 a.example", "7 b.example", "8 b.example"});
    CHECK(days(at, 9, 1) == texts{"7 a.example"});
    CHECK(days(at, 7).empty());
    CHECK(at->keeper.check().findings.empty());
    const auto rows = take(at, 7, "b.example");
    REQUIRE(rows.size() == 2);
    CHECK(rows[0].sessions == 3);
    CHECK(rows[0].failure.empty());
    CHECK(rows[0].policy_lines == "version: STSv1\nmode: enforce");
    CHECK(rows[0].mx_hosts == "mx.b.example");
    CHECK(rows[1].sessions == 1);
    CHECK(rows[1].failure == "certificate-expired");
    CHECK(rows[1].mx == "mx1");
    CHECK(take(at, 7, "b.example").empty());
    CHECK(days(at, 9) == texts{"7 a.example", "8 b.example"});
    count(at, rows);
    CHECK(take(at, 7, "b.example").size() == 2);
}

TEST_CASE(
    "store tls: a domain has 64 rows a day at most, and what differs in the host alone joins") {
    store_fixture at;
    std::vector<tls_result> many;
    for (int n = 0; n < 100; ++n)
        many.push_back(one_of(7, "b.example", "mx" + std::to_string(n)));
    many.push_back(one_of(7, "b.example"));  // another kind, for which there is no room
    count(at, many);
    const auto rows = take(at, 7, "b.example");
    REQUIRE(rows.size() == tls_store::max_results_of_day);
    std::uint64_t sessions = 0;
    for (const auto& one : rows)
        sessions += one.sessions;
    CHECK(sessions == 100);
}

TEST_CASE("store tls: texts of strangers are cut, and a domain that is none is not counted") {
    store_fixture at;
    auto long_one = one_of(7, "b.example", std::string(5'000, 'm'));
    long_one.policy_lines = long_one.mx_hosts = long_one.address = std::string(100'000, 'x');
    count(at, {long_one, one_of(7, ""), one_of(7, std::string(254, 'd')),
               one_of(7, std::string("a\0b", 3))});
    CHECK(days(at, 9) == texts{"7 b.example"});
    const auto rows = take(at, 7, "b.example");
    REQUIRE(rows.size() == 1);
    CHECK(rows[0].policy_lines.size() == 600);
    CHECK(rows[0].mx.size() == 253);
}
