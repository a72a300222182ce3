#include "protocols/dmarc/record.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace hauspost::dmarc;

TEST_CASE("dmarc record: what RFC 9989 4.7 names, in any order and case of values") {
    const auto made = parse_record(
        "v=DMARC1; aspf=s; P = x; p=Reject; np=none; sp=quarantine; adkim=S; t=y; psd=n;");
    REQUIRE(made.has_value());
    CHECK(made->for_domain == policy::reject);
    CHECK(made->for_subdomains == policy::quarantine);
    CHECK(made->for_missing_subdomains == policy::none);
    CHECK(made->dkim == alignment::strict);
    CHECK(made->spf == alignment::strict);
    CHECK(made->what == role::organization);
    CHECK(made->is_testing);
}

TEST_CASE("dmarc record: what is not said") {
    const auto made = parse_record("v=DMARC1;p=quarantine");
    REQUIRE(made.has_value());
    CHECK(made->for_domain == policy::quarantine);
    CHECK(!made->for_subdomains);
    CHECK(made->dkim == alignment::relaxed);
    CHECK(made->what == role::unknown);
    CHECK(!made->is_testing);
    CHECK(policy_below(*made, true) == policy::quarantine);
    CHECK(policy_below(*made, false) == policy::quarantine);
}

TEST_CASE("dmarc record: other texts are none") {
    for (const std::string text :
         {"", "v=DMARC1", "p=reject; v=DMARC1", "v=DMARC2; p=reject", "v=dmarc1; p=reject",
          "v=DMARC11; p=reject", "v=spf1 -all", "v=DMARC1 p=reject", " ; v=DMARC1; p=reject"})
        CHECK(!parse_record(text));
    CHECK(!parse_record("v=DMARC1; p=reject; x=" + std::string(record::max_octets, 'x')));
    CHECK(parse_record(" v = DMARC1 ; p=reject"));
}

TEST_CASE("dmarc record: a policy that cannot be read is none, when reports tell the owner") {
    CHECK(!parse_record("v=DMARC1; p=rejekt"));
    CHECK(!parse_record("v=DMARC1; p=reject; sp=all"));
    CHECK(!parse_record("v=DMARC1; rua=nobody"));
    const auto wrong = parse_record("v=DMARC1; p=reject; sp=all; rua=x, mailto:a@b.test");
    REQUIRE(wrong.has_value());
    CHECK(wrong->for_domain == policy::none);
    CHECK(policy_below(*wrong, true) == policy::none);
    CHECK(parse_record("v=DMARC1; rua=mailto:a@b.test!10m")->for_domain == policy::none);
}

TEST_CASE("dmarc record: other tags that cannot be read are not there") {
    const auto made = parse_record("v=DMARC1; p=reject; adkim=x; psd=u; t; ;; =; pct=none; ri=x");
    REQUIRE(made.has_value());
    CHECK(made->for_domain == policy::reject);
    CHECK(made->dkim == alignment::relaxed);
    CHECK(made->what == role::unknown);
}
