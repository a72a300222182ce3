#include "tests/unit/admin/fixture.hpp"

#include <doctest/doctest.h>

#include <string>

using hauspost::test::contains;
using hauspost::test::furnished;

namespace {

std::string record(const std::string& name, const std::string& type, const std::string& value) {
    return R"({"name":")" + name + R"(","type":")" + type + R"(","value":")" + value + R"("})";
}

/// One that is wanted at times only.
std::string noted(const std::string& name, const std::string& type, const std::string& value) {
    auto text = record(name, type, value);
    text.insert(text.size() - 1, R"(,"note":"")");
    return text;
}

std::string without_notes(std::string text) {
    const std::string begin = R"("note":")";
    for (auto at = text.find(begin); at != std::string::npos; at = text.find(begin, at + 1)) {
        auto end = at + begin.size();
        while (text[end] != '"' || text[end - 1] == '\\')
            ++end;
        text.erase(at + begin.size(), end - at - begin.size());
    }
    return text;
}

}  // namespace

TEST_CASE_FIXTURE(furnished, "admin: what the DNS has to say of a domain, record by record") {
    CHECK(without_notes(ask(R"({"command":"domain dns","name":"A.Example"})")) ==
          R"({"name":"a.example","records":[)" + record("a.example.", "MX", "10 mail.a.example.") +
              ',' + record("a.example.", "TXT", R"(\"v=spf1 mx -all\")") + ',' +
              record("mail.a.example.", "TXT", R"(\"v=spf1 a -all\")") + ',' +
              record("k1._domainkey.a.example.", "TXT", R"(\"v=DKIM1; p=1\")") + ',' +
              record("_dmarc.a.example.", "TXT",
                     R"(\"v=DMARC1; p=none; rua=mailto:postmaster@a.example\")") +
              ',' + record("_submissions._tcp.a.example.", "SRV", "0 1 465 mail.a.example.") + ',' +
              record("_imaps._tcp.a.example.", "SRV", "0 1 993 mail.a.example.") + ',' +
              record("_pop3s._tcp.a.example.", "SRV", "0 0 0 .") + ',' +
              record("_smtp._tls.a.example.", "TXT",
                     R"(\"v=TLSRPTv1; rua=mailto:postmaster@a.example\")") +
              ',' + noted("a.example.", "CAA", R"(0 issue \"letsencrypt.org\")") + ',' +
              noted("_mta-sts.a.example.", "TXT", R"(\"v=STSv1; id=1\")") + "]}");
    ports.published.key_digest = "0a0b";
    CHECK(contains(
        ask(R"({"command":"domain dns","name":"a.example"})"),
        R"("name":"_25._tcp.mail.a.example.","type":"TLSA","value":"3 1 1 0a0b","note":)"));
}

TEST_CASE_FIXTURE(furnished,
                  "admin: where HTTPS is served, mail programs are led to their set-up") {
    const std::string dns = R"({"command":"domain dns","name":"a.example"})";
    CHECK_FALSE(contains(ask(dns), "auto"));
    ports.published.https_port = 443;
    auto said = without_notes(ask(dns));
    CHECK(contains(said, record("_autodiscover._tcp.a.example.", "SRV", "0 1 443 mail.a.example.") +
                             ',' + record("autoconfig.a.example.", "CNAME", "mail.a.example.") +
                             ',' + noted("autodiscover.a.example.", "CNAME", "mail.a.example.")));
    // A server with such a name is where it leads.
    ports.published.hostname = "autodiscover.a.example";
    said = ask(dns);
    CHECK(contains(said, R"("name":"autoconfig.a.example.","type":"CNAME")"));
    CHECK_FALSE(contains(said, R"("name":"autodiscover.a.example.","type":"CNAME")"));
}

TEST_CASE_FIXTURE(furnished,
                  "admin: a server of another domain's name says nothing of that domain") {
    ask(R"({"command":"domain add","name":"b.example"})");
    const auto said = ask(R"({"command":"domain dns","name":"b.example"})");
    CHECK(contains(said, record("b.example.", "MX", "10 mail.a.example.")));
    CHECK_FALSE(contains(said, "\"mail.a.example.\""));
}

TEST_CASE_FIXTURE(furnished, "admin: who sends by a relay is told what the SPF record lacks") {
    CHECK_FALSE(contains(ask(R"({"command":"domain dns","name":"a.example"})"), "warning"));
    ports.published.is_relayed = true;
    const auto warned = "\"warning\":\"Its mail leaves by another server";
    CHECK(contains(ask(R"({"command":"domain dns","name":"a.example"})"), warned));
    ports.published.relayed_of["a.example"] = false;
    CHECK_FALSE(contains(ask(R"({"command":"domain dns","name":"a.example"})"), "warning"));
    ports.published.is_relayed = false;
    ports.published.relayed_of["a.example"] = true;
    CHECK(contains(ask(R"({"command":"domain dns","name":"a.example"})"), warned));
}

TEST_CASE_FIXTURE(furnished,
                  "admin: a domain gets keys when it is added, and the next ones when asked") {
    CHECK(keys.keys.at("a.example").size() == 1);
    const auto said = ask(R"({"command":"domain rotate-keys","name":"a.example"})");
    CHECK(contains(said, "\"k1._domainkey.a.example.\""));
    CHECK(contains(said, "\"k2._domainkey.a.example.\""));
    CHECK(contains(ask(R"({"command":"domain rotate-keys","name":"c.example"})"),
                   "There is no domain c.example"));
    CHECK(contains(ask(R"({"command":"domain dns","name":"c.example"})"),
                   "There is no domain c.example"));
    CHECK(keys.keys.size() == 1);
}

TEST_CASE_FIXTURE(furnished, "admin: a domain without keys is added all the same, and says so") {
    keys.is_busy = true;
    CHECK(ask(R"({"command":"domain add","name":"b.example"})") ==
          R"({"name":"b.example","warning":"The keys that sign its mail could not be made: )"
          R"(<records> tries again."})");
    CHECK(contains(ask(R"({"command":"domain dns","name":"b.example"})"), "refused: "));
    keys.is_busy = false;
    CHECK(contains(ask(R"({"command":"domain dns","name":"b.example"})"), "k1._domainkey"));
}
