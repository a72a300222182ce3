// REQUIRETLS and "TLS-Required: No": how much TLS a message needs on its way. RFC 8689
#include "tests/session/sending/fixture.hpp"

#include <doctest/doctest.h>

using namespace hauspost;
using outbound::attempt_verdict;

namespace {

bool has(const std::string& text, std::string_view part) {
    return text.find(part) != std::string::npos;
}

/// b.example's MX records are proven; its first host shows a certificate that is trusted.
struct tls_server : test::running_server {
    tls_server() {
        submission.config.offer_require_tls = true;
        submission.config.offer_dsn = true;
        dns.sign("b.example", dns::record_type::mx);
        auto& mx = servers.at("192.0.2.1");
        mx.has_tls = true;
        mx.proves = net::authentication::pkix;
        mx.offers = "250-mx1.b.example\r\n250 REQUIRETLS\r\n";
    }
    std::string send(const std::string& parameters,
                     const std::string& to,
                     const std::string& field = "") {
        return submission.submit("MAIL FROM:<ann@a.example>" + parameters + "\r\nRCPT TO:<" + to +
                                 ">\r\nDATA\r\n" + field +
                                 "From: ann@a.example\r\nSubject: s\r\n\r\nsecret\r\n.\r\n");
    }
    test::answering_servers::server& mx(int n) {
        return servers.at("192.0.2." + std::to_string(n));
    }
    static bool was_said(const test::answering_servers::server& by, std::string_view part) {
        for (const auto& command : by.commands)
            if (has(command, part)) return true;
        return false;
    }
};

}  // namespace

TEST_CASE_FIXTURE(tls_server, "require tls: it is offered over TLS alone") {
    CHECK(has(submission.submit(""), "250-REQUIRETLS\r\n"));
    test::memory_stream peer("EHLO c\r\nQUIT\r\n");
    auto config = std::make_shared<const smtp::session_config>(submission.config);
    smtp::server_session session(peer, submission.policy, parts.limits(), std::move(config));
    test::run(parts.io, session.run());
    CHECK_FALSE(has(peer.output(), "REQUIRETLS"));
    submission.config.offer_require_tls = false;
    CHECK(has(send(" REQUIRETLS", "bob@b.example"), "555 5.5.4"));
}

TEST_CASE_FIXTURE(tls_server, "require tls: a proven host that promises it too gets the message") {
    send(" REQUIRETLS", "bob@b.example");
    REQUIRE(parts.queue().at(0).requires_tls);
    const auto result = attempt("b.example").at(0);
    CHECK(result.verdict == attempt_verdict::delivered);
    CHECK(result.tls == "TLSv1.3 pkix");
    CHECK(was_said(mx(1), " REQUIRETLS"));
}

TEST_CASE_FIXTURE(tls_server,
                  "A38 require tls: who cannot keep the promise gets nothing, and it comes back") {
    SUBCASE("no server offers it") {
        mx(1).offers = mx(2).offers;
    }
    SUBCASE("no server proves itself") {
        mx(1).proves = net::authentication::none;
    }
    mx(2).has_tls = true;
    send(" REQUIRETLS", "bob@b.example");
    const auto result = attempt("b.example").at(0);
    CHECK(result.verdict == attempt_verdict::failed);
    CHECK(has(result.reply, "5.7.30"));
    CHECK(mx(1).messages.empty());
    CHECK(mx(2).messages.empty());
    CHECK(mx(2).connections == 1);  // another host might have
}

TEST_CASE_FIXTURE(tls_server,
                  "A38 require tls: MX records that anybody may have written prove nothing") {
    dns.add_address("c.example", "192.0.2.3");
    mx(3).has_tls = true;
    mx(3).proves = net::authentication::pkix;
    mx(3).offers = "250-c.example\r\n250 REQUIRETLS\r\n";
    send(" REQUIRETLS", "carl@c.example");
    const auto result = attempt("c.example").at(0);
    CHECK(result.verdict == attempt_verdict::failed);
    CHECK(result.reply.starts_with("5.7.30 "));
    CHECK(mx(3).connections == 0);
}

TEST_CASE_FIXTURE(tls_server,
                  "A38 require tls: without TLS, or with a broken one, it waits for a better day") {
    mx(2).is_away = true;
    SUBCASE("none") {
        mx(1).has_tls = false;
    }
    SUBCASE("broken") {
        mx(1).breaks_tls = true;
    }
    send(" REQUIRETLS", "bob@b.example");
    send("", "other@b.example");
    const auto results = attempt("b.example");
    REQUIRE(results.size() == 2);
    CHECK(results[0].verdict == attempt_verdict::again);
    CHECK(results[1].verdict == attempt_verdict::delivered);  // which needs no more than before
    REQUIRE(mx(1).messages.size() == 1);
    CHECK_FALSE(was_said(mx(1), "bob@b.example"));
}

TEST_CASE_FIXTURE(tls_server,
                  "require tls: a bounce holds the header alone, and is not lost for want of it") {
    mx(1).offers = mx(2).offers;
    send(" REQUIRETLS RET=FULL", "bob@b.example");
    start();
    until_empty();
    stop();
    const auto mail = parts.inbox(parts.ann);
    REQUIRE(mail.size() == 1);
    CHECK(has(mail[0].octets, "Status: 5.7.10"));  // of the last host, which has no TLS
    CHECK(has(mail[0].octets, "Subject: s\r\n"));
    CHECK_FALSE(has(mail[0].octets, "secret"));
    // The same on its way to another server that knows nothing of it.
    storage::queue_item report;
    report.requires_tls = true;
    report.recipients = {{"carl@c.example", "", "", 0, 0}};
    storage::delivery_request request;
    request.blob = parts.store().blobs.stage();
    REQUIRE_FALSE(parts.wait(request.blob->write("Subject: report\r\n\r\n")));
    REQUIRE_FALSE(parts.wait(request.blob->finish()));
    request.remote = {report};
    REQUIRE_FALSE(parts.wait(parts.store().delivery.deliver(std::move(request))));
    CHECK(attempt("c.example").at(0).verdict == attempt_verdict::delivered);
}

TEST_CASE_FIXTURE(tls_server,
                  "TLS-Required: No goes where proof is broken, but REQUIRETLS wins over it") {
    const std::string name = "_25._tcp.mx1.b.example";
    for (const auto type : {dns::record_type::a, dns::record_type::aaaa})
        dns.sign("mx1.b.example", type);
    dns.fail(name, dns::record_type::tlsa, dns::outcome::bogus);
    mx(2).is_away = true;
    send("", "bob@b.example", "TLS-Required: No\r\n");
    send("", "other@b.example");
    send(" REQUIRETLS", "third@b.example", "TLS-Required: no\r\n");
    const auto waiting = parts.queue();
    REQUIRE(waiting.size() == 3);
    CHECK(waiting[0].tls_optional);
    CHECK_FALSE(waiting[1].tls_optional);
    CHECK_FALSE(waiting[2].tls_optional);
    const auto results = attempt("b.example");
    CHECK(results.at(0).verdict == attempt_verdict::delivered);
    CHECK(results.at(1).verdict == attempt_verdict::again);
    CHECK(results.at(2).verdict == attempt_verdict::again);
}
