#include "tests/session/smtp/fake_sink.hpp"

#include <doctest/doctest.h>

using namespace hauspost;
using namespace hauspost::test;

namespace {

/// What a session says when `plain` comes first and `after` once TLS is on.
std::string talk_tls(const std::string& plain, const std::string& after, fake_sink& sink) {
    memory_stream peer(plain);
    peer.allow_tls();
    peer.send_after_tls(after);
    run_session(peer, sink);
    return peer.output();
}

}  // namespace

TEST_CASE("smtp tls: STARTTLS is offered, then the session begins afresh") {
    fake_sink sink;
    const auto said = talk_tls(
        "EHLO plain.example\r\nSTARTTLS\r\n",
        "MAIL FROM:<>\r\nEHLO tls.example\r\n" + to_ann + "DATA\r\nx\r\n.\r\nQUIT\r\n", sink);
    CHECK(codes(said) == "220 250 220 503 250 250 250 354 250 221");
    CHECK(said.find("250-STARTTLS\r\n") != std::string::npos);
    CHECK(said.rfind("250-STARTTLS\r\n") == said.find("250-STARTTLS\r\n"));
    REQUIRE(sink.stored.size() == 1);
    CHECK(sink.stored[0].envelope.helo == "tls.example");
    CHECK(sink.stored[0].envelope.protocol == "ESMTPS");
    CHECK(sink.stored[0].envelope.tls == "TLSv1.3 TLS_AES_256_GCM_SHA384");
}

TEST_CASE("smtp tls: A04 what came in the clear behind STARTTLS is never obeyed") {
    for (const auto* injected : {"NOOP\r\n", "EHLO evil\r\nMAIL FROM:<evil@b.example>\r\n", "N",
                                 "RSET\r\nRCPT TO:<ann@a.example>\r\nDATA\r\n", "\r\n"}) {
        CAPTURE(injected);
        fake_sink sink;
        // In one segment: thrown away, and the session goes on as if it had not been there.
        const auto said = codes(
            talk_tls(hello + "STARTTLS\r\n" + injected, "NOOP\r\nMAIL FROM:<>\r\nQUIT\r\n", sink));
        CHECK(said == "220 250 220 250 503 221");
        // In a segment of its own it meets the TLS engine, and that is the end.
        memory_stream peer(hello + "STARTTLS\r\n" + injected);
        peer.allow_tls();
        peer.cut_at(hello.size() + 10);
        run_session(peer, sink);
        CHECK(codes(peer.output()) == "220 250 220");
        CHECK(peer.is_closed());
        CHECK(peer.handshakes() == 1);
    }
}

TEST_CASE("smtp tls: A06 STARTTLS twice, with argument, in a transaction or not offered") {
    fake_sink sink;
    CHECK(codes(talk_tls(hello + "STARTTLS\r\n", "STARTTLS\r\nEHLO c\r\nSTARTTLS\r\nQUIT\r\n",
                         sink)) == "220 250 220 503 250 503 221");
    CHECK(codes(talk_tls(hello + "STARTTLS now\r\nQUIT\r\n", "", sink)) == "220 250 501 221");
    CHECK(codes(talk_tls(hello + "MAIL FROM:<>\r\nSTARTTLS\r\nRCPT TO:<ann@a.example>\r\nQUIT\r\n",
                         "", sink)) == "220 250 250 503 250 221");
    CHECK(codes(talk(hello + "STARTTLS\r\nQUIT\r\n")) == "250 502 221");
    // Before EHLO it is as good as after.
    CHECK(codes(talk_tls("STARTTLS\r\n", "EHLO c\r\nQUIT\r\n", sink)) == "220 220 250 221");
}

TEST_CASE("smtp tls: A04 nothing of the plain session lives on behind TLS") {
    fake_sink sink;
    CHECK(codes(talk_tls("HELO c\r\n" + to_ann + "RSET\r\nSTARTTLS\r\n",
                         "RCPT TO:<ann@a.example>\r\nDATA\r\nBDAT 0 LAST\r\nQUIT\r\n", sink)) ==
          "220 250 250 250 250 220 503 503 503 221");
    CHECK(sink.stored.empty());
}

TEST_CASE("smtp tls: A09 TLS that ends inside a chunk leaves nothing") {
    fake_sink sink;
    talk_tls(hello + "STARTTLS\r\n", hello + to_ann + "BDAT 100 LAST\r\nhalf", sink);
    CHECK(sink.begun == 1);
    CHECK(sink.open == 0);
    CHECK(sink.stored.empty());
}
