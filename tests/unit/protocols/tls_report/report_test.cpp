#include "protocols/tls_report/report.hpp"

#include "base/base64.hpp"

#include <doctest/doctest.h>
#include <zlib.h>

#include <string>

using namespace hauspost::tls_report;

namespace {

report example() {
    report made;
    made.organization = "mail.a.example";
    made.contact = "postmaster@mail.a.example";
    made.id = "id1";
    made.domain = "b.example";
    made.day = 16'892;  // 2016-04-01
    auto& sts = made.policies.emplace_back();
    sts.type = "sts";
    sts.lines = {"version: STSv1", "mode: testing"};
    sts.mx_hosts = {"*.mail.b.example"};
    sts.successes = 5326;
    auto& first = sts.failures.emplace_back();
    first.result_type = "certificate-expired";
    first.mx = "mx1.mail.b.example";
    first.sessions = 100;
    auto& second = sts.failures.emplace_back();
    second.result_type = "starttls-not-supported";
    second.mx = "mx2.mail.b.example";
    second.address = "192.0.2.1";
    second.sessions = 203;
    return made;
}

std::string gunzipped(const std::string& octets) {
    z_stream stream{};
    REQUIRE(inflateInit2(&stream, 15 + 16) == Z_OK);
    std::string out(100'000, '\0');
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(octets.data()));
    stream.avail_in = static_cast<uInt>(octets.size());
    stream.next_out = reinterpret_cast<Bytef*>(out.data());
    stream.avail_out = static_cast<uInt>(out.size());
    CHECK(inflate(&stream, Z_FINISH) == Z_STREAM_END);
    out.resize(stream.total_out);
    inflateEnd(&stream);
    return out;
}

const std::string as_json =
    R"({"organization-name":"mail.a.example",)"
    R"("date-range":{"start-datetime":"2016-04-01T00:00:00Z","end-datetime":"2016-04-01T23:59:59Z"},)"
    R"("contact-info":"postmaster@mail.a.example","report-id":"id1","policies":[)"
    R"({"policy":{"policy-type":"sts","policy-string":["version: STSv1","mode: testing"],)"
    R"("policy-domain":"b.example","mx-host":["*.mail.b.example"]},)"
    R"("summary":{"total-successful-session-count":5326,"total-failure-session-count":303},)"
    R"("failure-details":[{"result-type":"certificate-expired",)"
    R"("receiving-mx-hostname":"mx1.mail.b.example","failed-session-count":100},)"
    R"({"result-type":"starttls-not-supported","receiving-mx-hostname":"mx2.mail.b.example",)"
    R"("receiving-ip":"192.0.2.1","failed-session-count":203}]}]})";

}  // namespace

TEST_CASE("tls report: JSON as RFC 8460 shows it") {
    CHECK(to_json(example()) == as_json);
}

TEST_CASE("tls report: A15 what strangers say stays a text") {
    auto made = example();
    made.policies[0].lines = {"\",\"x\":\"", "\xff\x01"};
    const auto text = to_json(made);
    CHECK(text.find(R"(["\",\"x\":\"","?\u0001"])") != std::string::npos);
}

TEST_CASE("tls report: a message of two parts, the second the report as gzip") {
    message_terms terms;
    terms.from = "postmaster@mail.a.example";
    terms.to = "tls@b.example";
    terms.hostname = "mail.a.example";
    terms.unique = "u1";
    terms.now = 1'459'555'200;
    const auto text = to_message(example(), terms);
    CHECK(
        text.starts_with("From: <postmaster@mail.a.example>\r\nTo: <tls@b.example>\r\n"
                         "Subject: Report Domain: b.example\r\n Submitter: mail.a.example\r\n"
                         " Report-ID: <id1>\r\n"));
    for (const auto* line : {"TLS-Report-Domain: b.example\r\n",
                             "TLS-Report-Submitter: mail.a.example\r\n", "TLS-Required: No\r\n",
                             "Content-Type: application/tlsrpt+gzip\r\n", "report-type=\"tlsrpt\"",
                             "filename=\"mail.a.example!b.example!1459468800!1459555199.json.gz\""})
        CHECK(text.find(line) != std::string::npos);
    const auto head = text.find("gz\"\r\n\r\n") + 7;
    std::string octets;
    hauspost::base64::mime_decoder decoder;
    decoder.feed(std::string_view(text).substr(head, text.find("\r\n\r\n--=_u1--") - head), octets);
    decoder.finish(octets);
    CHECK(gunzipped(octets) == as_json);
}
