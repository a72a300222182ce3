#include "protocols/mta_sts/policy.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace hauspost::mta_sts;
using texts = std::vector<std::string>;

namespace {

const std::string head = "version: STSv1\nmode: enforce\nmax_age: 604800\n";

}  // namespace

TEST_CASE("mta-sts: a policy as the RFC shows it") {
    const auto read = parse_policy(
        "version: STSv1\r\nmode: enforce\r\nmx: mail.example.com\r\nmx: *.Example.NET\r\n"
        "mx: backupmx.example.com\r\nmax_age: 604800\r\n");
    REQUIRE(read);
    CHECK(read->mode == policy_mode::enforce);
    CHECK(read->max_age == std::chrono::seconds(604'800));
    CHECK(read->mx == texts{"mail.example.com", "*.example.net", "backupmx.example.com"});
}

TEST_CASE("mta-sts: of a key that stands twice the first counts, unknown keys are passed over") {
    const auto read = parse_policy(head + "mode: none\nnew_key: a: b\nmx:a.example\n\n");
    REQUIRE(read);
    CHECK(read->mode == policy_mode::enforce);
    CHECK(read->mx == texts{"a.example"});
}

TEST_CASE("mta-sts: the longest time is a year") {
    CHECK(parse_policy("version: STSv1\nmode: none\nmax_age: 9999999999\n")->max_age ==
          longest_age);
    CHECK_FALSE(parse_policy("version: STSv1\nmode: none\nmax_age: 10000000000\n"));
}

TEST_CASE("mta-sts: what lacks something, or says what it may not, is no policy") {
    CHECK_FALSE(parse_policy(""));
    CHECK_FALSE(parse_policy(head));  // no mx
    CHECK_FALSE(parse_policy("mode: enforce\nmax_age: 1\nmx: a.example\n"));
    CHECK_FALSE(parse_policy("version: STSv2\nmode: enforce\nmax_age: 1\nmx: a.example\n"));
    CHECK_FALSE(parse_policy("version: STSv1\nmode: Enforce\nmax_age: 1\nmx: a.example\n"));
    CHECK_FALSE(parse_policy("version: STSv1\nmode: enforce\nmax_age: -1\nmx: a.example\n"));
    CHECK_FALSE(parse_policy("version: STSv1\nmode: enforce\nmx: a.example\n"));
    for (const auto* mx : {"", "*", "*.", "a..b", "a.*.b", "a b", "-\xc3\xa4", ".a", "a."})
        CHECK_FALSE(parse_policy(head + "mx: " + mx + "\n"));
    CHECK_FALSE(parse_policy("<html>\n" + head + "mx: a.example\n"));
}

TEST_CASE("mta-sts: policies are bounded") {
    auto text = head;
    for (std::size_t n = 0; n < max_patterns; ++n)
        text += "mx: a.example\n";
    CHECK(parse_policy(text));
    CHECK_FALSE(parse_policy(text + "mx: a.example\n"));
    auto padded = head + "mx: a.example\nx: ";
    padded.resize(max_policy_octets, 'y');
    CHECK(parse_policy(padded));
    CHECK_FALSE(parse_policy(padded + 'y'));
}

TEST_CASE("mta-sts: a wildcard stands for one whole label") {
    policy with;
    with.mx = {"mail.example.com", "*.example.net"};
    CHECK(matches(with, "mail.example.com"));
    CHECK(matches(with, "MAIL.Example.com"));
    CHECK(matches(with, "a.example.net"));
    CHECK_FALSE(matches(with, "example.net"));
    CHECK_FALSE(matches(with, ".example.net"));
    CHECK_FALSE(matches(with, "a.b.example.net"));
    CHECK_FALSE(matches(with, "aexample.net"));
    CHECK_FALSE(matches(with, "a.mail.example.com"));
    CHECK_FALSE(matches(with, "com"));
    CHECK_FALSE(matches(with, ""));
}

TEST_CASE("mta-sts: a policy's lines are read as the same again") {
    const auto read = parse_policy(head + "mx: b.example\nmx: *.a.example\n");
    REQUIRE(read);
    CHECK(to_lines(*read) == texts{"version: STSv1", "mode: enforce", "mx: b.example",
                                   "mx: *.a.example", "max_age: 604800"});
}
