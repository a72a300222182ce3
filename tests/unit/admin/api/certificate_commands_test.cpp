// The server's certificates, and what is wrong with them.
#include "tests/unit/admin/fixture.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace hauspost;
using hauspost::test::admin_fixture;
using hauspost::test::contains;

namespace {

constexpr std::int64_t day = 24 * 3600;

struct certificates_at_hand : admin_fixture {
    certificates_at_hand() {
        admin::seen_certificate one;
        one.names = {"mail.a.example"};
        one.subject = "CN=mail.a.example";
        one.issuer = "CN=R11,O=Some CA";
        one.key = "EC P-256";
        one.fingerprint = "aa01";
        one.file = "/etc/tls/cert.pem";
        one.begins_at = 0;
        one.ends_at = 1000 + 60 * day;
        one.intermediates = 1;
        one.fits_host = true;
        certificates.all = {one};
    }
    std::string list() { return ask(R"({"command":"certificate list"})"); }
    std::string reload() { return ask(R"({"command":"certificate reload"})"); }
    std::string problems() {
        const auto all = list();
        const auto from = all.find("\"problems\":") + 11;
        return all.substr(from, all.find(']', from) + 1 - from);
    }
    admin::seen_certificate& one() { return certificates.all.front(); }
};

}  // namespace

TEST_CASE_FIXTURE(certificates_at_hand, "certificate commands: the list has all but the key") {
    CHECK(list() ==
          R"({"host":"mail.a.example","listeners":[{"role":"imap","port":143,"tls":"starttls"},)"
          R"({"role":"imaps","port":993,"tls":"implicit"}],"certificates":[{"names":)"
          R"(["mail.a.example"],"subject":"CN=mail.a.example","issuer":"CN=R11,O=Some CA",)"
          R"("key":"EC P-256","fingerprint":"aa01","file":"/etc/tls/cert.pem","begins_at":0,)"
          R"("ends_at":5185000,"intermediates":1,"self_signed":false,"made_here":false,)"
          R"("problems":[]}]})");
}

TEST_CASE_FIXTURE(certificates_at_hand, "certificate commands: each problem has its name") {
    one().ends_at = 1000 + 21 * day;
    CHECK(problems() == "[]");
    one().ends_at -= 1;
    CHECK(problems() == R"(["ends_soon"])");
    one().ends_at = 1000 + 7 * day;
    CHECK(problems() == R"(["ends_soon"])");
    one().ends_at -= 1;
    CHECK(problems() == R"(["ends_this_week"])");
    one().ends_at = 1000;
    CHECK(problems() == R"(["expired"])");
    one().ends_at = 1000 + 60 * day;
    one().begins_at = 1001;
    CHECK(problems() == R"(["not_yet"])");
    one().begins_at = 1000;
    one().fits_host = false;
    CHECK(problems() == R"(["wrong_name"])");
    one().fits_host = true;
    one().is_file_another = true;
    CHECK(problems() == R"(["file_is_another"])");
    one().is_file_another = false;
    one().intermediates = 0;
    CHECK(problems() == R"(["no_chain"])");
    one().is_self_signed = true;
    CHECK(problems() == R"(["self_signed"])");
}

TEST_CASE_FIXTURE(certificates_at_hand,
                  "certificate commands: files are read again, and the audit log tells of it") {
    certificates.fresh = one();
    certificates.fresh->fingerprint = "bb02";
    CHECK(contains(reload(), R"("fingerprint":"bb02")"));
    const auto log = ask(R"({"command":"audit list"})");
    CHECK(contains(log, R"("command":"certificate reload")"));
    CHECK(contains(log, R"({"certificates":["aa01"]})"));
    CHECK(contains(log, R"({"certificates":["bb02"]})"));
}

TEST_CASE_FIXTURE(certificates_at_hand,
                  "certificate commands: what cannot be used is refused with the reason") {
    certificates.faults = {"the key /etc/tls/key.pem is of another certificate"};
    CHECK(reload() ==
          "refused: The certificate was not taken, and the one in use stays: the key "
          "/etc/tls/key.pem is of another certificate.");
    certificates.is_running = false;
    CHECK(contains(reload(), "refused: "));
    CHECK(contains(list(), "aa01"));
}
