// What MTA-STS policies change in where mail goes, and what is counted of it.
#include "tests/session/sending/fixture.hpp"

#include <doctest/doctest.h>
#include <openssl/x509_vfy.h>

using namespace hauspost;
using outbound::attempt_verdict;

namespace {

const error_code wrong_name(X509_V_ERR_HOSTNAME_MISMATCH, net::verification_category());

class policy_host final : public tls_policy::policy_fetcher {
public:
    awaitable<tls_policy::fetched_policy> fetch(std::string) override {
        tls_policy::fetched_policy made;
        if (text.empty()) co_return made;
        made.verdict = tls_policy::fetch_verdict::fetched;
        made.text = text;
        co_return made;
    }
    std::string text;
};

/// b.example has a policy.
struct sts_server : test::sending_server {
    explicit sts_server(const std::string& mode, const std::string& pattern = "*.b.example") {
        dns.add_txt("_mta-sts.b.example", "v=STSv1; id=1");
        if (!mode.empty())
            host.text = "version: STSv1\nmode: " + mode + "\nmx: " + pattern + "\nmax_age: 86400\n";
        servers.at("192.0.2.1").has_tls = servers.at("192.0.2.2").has_tls = true;
        policies_in_use = &policies;
    }
    outbound::attempt_result send() { return attempt_one("bob@b.example", "b.example"); }
    /// "sts certificate-host-mismatch mx1.b.example 192.0.2.1 x1"
    std::vector<std::string> counts() {
        std::vector<std::string> lines;
        for (const auto& one : counted) {
            auto line = one.policy_type;
            for (const auto& word : {one.failure, one.mx, one.address})
                line += word.empty() ? "" : ' ' + word;
            lines.push_back(line + " x" + std::to_string(one.sessions));
            CHECK(one.domain == "b.example");
        }
        return lines;
    }

    policy_host host;
    tls_policy::sts_policies policies{{dns, parts.store().tls, host, parts.time.wall()}};
};
using texts = std::vector<std::string>;

}  // namespace

TEST_CASE("sts delivery: a host that the policy names and that proves itself gets the mail") {
    sts_server at("enforce");
    const auto result = at.send();
    CHECK(result.verdict == attempt_verdict::delivered);
    CHECK(result.tls == "TLSv1.3 sts");
    CHECK(at.counts() == texts{"sts x1"});
    CHECK(at.counted.at(0).policy_lines ==
          "version: STSv1\nmode: enforce\nmx: *.b.example\nmax_age: 86400");
    CHECK(at.counted.at(0).mx_hosts == "*.b.example");
}

TEST_CASE(
    "sts delivery: E11 enforced, nothing goes to who is not named, or does not prove himself") {
    sts_server at("enforce", "mx2.b.example");
    auto& second = at.servers.at("192.0.2.2");
    SUBCASE("the first host is not named, the second is") {
        CHECK(at.send().host == "mx2.b.example [192.0.2.2]");
        CHECK(at.counts() == texts{"sts validation-failure mx1.b.example x1", "sts x1"});
    }
    SUBCASE("its certificate is wrong") {
        second.distrust = wrong_name;
        const auto result = at.send();
        CHECK(result.verdict == attempt_verdict::again);
        CHECK(result.reply.find("which the domain's MTA-STS policy demands") != std::string::npos);
        CHECK(at.counts() == texts{"sts validation-failure mx1.b.example x1",
                                   "sts certificate-host-mismatch mx2.b.example 192.0.2.2 x1"});
    }
    SUBCASE("it has no TLS") {
        second.has_tls = false;
        const auto result = at.send();
        CHECK(result.verdict == attempt_verdict::again);
        CHECK(result.reply == "no TLS, which the domain's MTA-STS policy demands");
        CHECK(at.counts().at(1) == "sts starttls-not-supported mx2.b.example 192.0.2.2 x1");
        CHECK(second.messages.empty());
    }
    CHECK(at.servers.at("192.0.2.1").connections == 0);
}

TEST_CASE("sts delivery: no host is named, the mail waits and says why") {
    sts_server at("enforce", "other.example");
    const auto result = at.send();
    CHECK(result.verdict == attempt_verdict::again);
    CHECK(result.reply == "the MTA-STS policy of b.example does not name the host mx2.b.example");
    CHECK(at.servers.connected().empty());
}

TEST_CASE("sts delivery: E11 a policy that is only tested holds nothing back, and is counted") {
    sts_server at("testing");
    auto& first = at.servers.at("192.0.2.1");
    SUBCASE("it is right") {
        CHECK(at.send().tls == "TLSv1.3 sts");
        CHECK(at.counts() == texts{"sts x1"});
    }
    SUBCASE("the certificate is wrong") {
        first.distrust = wrong_name;
        const auto result = at.send();
        CHECK(result.verdict == attempt_verdict::delivered);
        CHECK(result.tls == "TLSv1.3");
        CHECK(at.counts() == texts{"sts certificate-host-mismatch mx1.b.example 192.0.2.1 x1"});
    }
    SUBCASE("no TLS works") {
        first.breaks_tls = true;
        const auto result = at.send();
        CHECK(result.verdict == attempt_verdict::delivered);
        CHECK(result.tls.empty());
        CHECK(at.counts() == texts{"sts validation-failure mx1.b.example 192.0.2.1 x1"});
    }
    SUBCASE("no TLS is offered") {
        first.has_tls = false;
        CHECK(at.send().verdict == attempt_verdict::delivered);
        CHECK(at.counts() == texts{"sts starttls-not-supported mx1.b.example 192.0.2.1 x1"});
    }
    CHECK(at.servers.at("192.0.2.2").connections == 0);
}

TEST_CASE("sts delivery: a policy that cannot be fetched changes nothing, and is counted") {
    sts_server at("");
    CHECK(at.send().tls == "TLSv1.3");
    CHECK(at.counts() == texts{"sts sts-policy-fetch-error x1", "no-policy-found x1"});
}

TEST_CASE("sts delivery: where TLSA records can be used they alone count") {
    sts_server at("enforce", "other.example");
    at.dns.sign("b.example", dns::record_type::mx);
    for (const auto type : {dns::record_type::a, dns::record_type::aaaa})
        at.dns.sign("mx1.b.example", type);
    const std::string name = "_25._tcp.mx1.b.example";
    SUBCASE("they can") {
        at.dns.add(name, dns::record_type::tlsa, std::string("\3\1\1", 3) + std::string(32, 'x'));
        at.dns.sign(name, dns::record_type::tlsa);
        CHECK(at.send().host == "mx1.b.example [192.0.2.1]");
        CHECK(at.counts().at(0) == "tlsa x1");
        CHECK(at.counted.at(0).policy_lines.starts_with("3 1 1 7878"));
    }
    SUBCASE("they cannot, and the policy counts") {
        at.dns.add(name, dns::record_type::tlsa, std::string("\1\1\1", 3) + std::string(32, 'x'));
        at.dns.sign(name, dns::record_type::tlsa);
        CHECK(at.send().verdict == attempt_verdict::again);
        CHECK(at.servers.connected().empty());
    }
}

TEST_CASE(
    "sts delivery: TLSA records that cannot be used demand TLS, and a tested policy no proof") {
    sts_server at("testing");
    at.dns.sign("b.example", dns::record_type::mx);
    for (const auto type : {dns::record_type::a, dns::record_type::aaaa})
        at.dns.sign("mx1.b.example", type);
    const std::string name = "_25._tcp.mx1.b.example";
    at.dns.add(name, dns::record_type::tlsa, std::string("\1\1\1", 3) + std::string(32, 'x'));
    at.dns.sign(name, dns::record_type::tlsa);
    auto& first = at.servers.at("192.0.2.1");
    SUBCASE("no proof") {
        first.distrust = wrong_name;
        CHECK(at.send().tls == "TLSv1.3");
        CHECK(first.connections == 2);
    }
    SUBCASE("no TLS") {
        first.has_tls = false;
        CHECK(at.send().host == "mx2.b.example [192.0.2.2]");
        CHECK(first.messages.empty());
    }
}

TEST_CASE("sts delivery: what says that TLS is not required goes by no policy, uncounted") {
    sts_server at("enforce", "other.example");
    at.ignores_policies = true;
    CHECK(at.send().verdict == attempt_verdict::delivered);
    CHECK(at.counts().empty());
}
