#include "server/delivery/trace_headers.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace hauspost;
using namespace hauspost::delivery;

namespace {

smtp::envelope some_envelope() {
    smtp::envelope made;
    made.helo = "c.example";
    made.peer_address = "192.0.2.7";
    made.protocol = "ESMTPS";
    made.tls = "TLSv1.3 TLS_AES_256_GCM_SHA384";
    made.recipients.resize(1);
    made.recipients[0].address.local_part = "ann";
    made.recipients[0].address.domain = "a.example";
    return made;
}

std::string received(const smtp::envelope& envelope) {
    return received_field(envelope, "mx.example", "id7", 1795429606);
}

/// One field: each line end but the last is followed by white space.
bool is_one_field(const std::string& text) {
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '\r' && (i + 1 == text.size() || text[i + 1] != '\n')) return false;
        if (text[i] != '\n') continue;
        if (i == 0 || text[i - 1] != '\r') return false;
        if (i + 1 != text.size() && text[i + 1] != '\t') return false;
    }
    return text.size() > 2 && text.substr(text.size() - 2) == "\r\n";
}

}  // namespace

TEST_CASE("trace headers: Received says from, by, with, id, for and when") {
    CHECK(received(some_envelope()) ==
          "Received: from c.example ([192.0.2.7])\r\n"
          "\tby mx.example with ESMTPS (TLSv1.3 TLS_AES_256_GCM_SHA384)\r\n"
          "\tid id7\r\n"
          "\tfor <ann@a.example>;\r\n"
          "\tMon, 23 Nov 2026 10:26:46 +0000\r\n");
}

TEST_CASE("trace headers: of a message that was submitted nobody learns from where") {
    auto envelope = some_envelope();
    envelope.submitter = sasl::identity(account_id(7), "ann@a.example");
    envelope.protocol = "ESMTPSA";
    CHECK(received(envelope) ==
          "Received: by mx.example with ESMTPSA (TLSv1.3 TLS_AES_256_GCM_SHA384)\r\n"
          "\tid id7\r\n"
          "\tfor <ann@a.example>;\r\n"
          "\tMon, 23 Nov 2026 10:26:46 +0000\r\n");
}

TEST_CASE("trace headers: of several recipients none is named") {
    auto envelope = some_envelope();
    envelope.recipients.resize(2);
    envelope.tls.clear();
    envelope.peer_address = "2001:db8::7";
    CHECK(received(envelope) ==
          "Received: from c.example ([IPv6:2001:db8::7])\r\n"
          "\tby mx.example with ESMTPS\r\n"
          "\tid id7;\r\n"
          "\tMon, 23 Nov 2026 10:26:46 +0000\r\n");
}

TEST_CASE("trace headers: A03 A15 nothing that a peer says opens a new line or comment") {
    auto envelope = some_envelope();
    envelope.helo = "x)\r\nSubject: fake\r\n\r\n(\\\"";
    envelope.tls = "TLS\r\nX: y)";
    envelope.recipients[0].address.local_part = "a\r\nX: y\n";
    CHECK(is_one_field(received(envelope)));
    CHECK(received(envelope).find("from x???Subject:?fake?") != std::string::npos);
    smtp::mailbox_address sender;
    sender.local_part = "b\r\nX: y";
    sender.domain = "b.example";
    const auto prefix = copy_prefix(sender, "ann@a.example\r\nX: y", "a\nb@a.example", false);
    CHECK(prefix.find("\r\nX:") == std::string::npos);
    CHECK(prefix ==
          "Return-Path: <\"b??X: y\"@b.example>\r\n"
          "Delivered-To: ann@a.example??X: y\r\n"
          "X-Original-To: a?b@a.example\r\n");
}

TEST_CASE("trace headers: a client name in UTF-8 stands only in a message that may have it") {
    auto envelope = some_envelope();
    envelope.helo = "m\xc3\xbcller.example";
    CHECK(received(envelope).find("from m??ller.example") != std::string::npos);
    envelope.smtputf8 = true;
    CHECK(received(envelope).find("from m\xc3\xbcller.example") != std::string::npos);
}

TEST_CASE("trace headers: a message without SMTPUTF8 gets no UTF-8 from us, RFC 6531 3.7.3") {
    smtp::mailbox_address sender;
    sender.local_part = "b";
    sender.domain = "m\xc3\xbcller.example";
    const std::string ann = "\xc3\xa4nn@xn--mller-kva.example";
    CHECK(copy_prefix(sender, ann, "info@xn--mller-kva.example", false) ==
          "Return-Path: <b@xn--mller-kva.example>\r\n"
          "Delivered-To: \\x{e4}nn@xn--mller-kva.example\r\n"
          "X-Original-To: info@xn--mller-kva.example\r\n");
    CHECK(copy_prefix(sender, ann, ann, true) ==
          "Return-Path: <b@xn--mller-kva.example>\r\n"
          "Delivered-To: \xc3\xa4nn@xn--mller-kva.example\r\n"
          "X-Original-To: \xc3\xa4nn@xn--mller-kva.example\r\n");
    auto envelope = some_envelope();
    envelope.smtputf8 = true;
    envelope.recipients[0].address.domain = "m\xc3\xbcller.example";
    CHECK(received(envelope).find("for <ann@xn--mller-kva.example>;") != std::string::npos);
}

TEST_CASE("trace headers: a message that comes back is known in each spelling of the address") {
    for (const auto* spelling :
         {"\xc3\xa4nn@m\xc3\xbcller.example", "\xc3\x84nn@XN--MLLER-KVA.example",
          "\\x{e4}nn@xn--mller-kva.example", "\\x{E4}nn@xn--mller-kva.example"}) {
        const auto found = read_trace("Delivered-To: " + std::string(spelling) + "\r\n\r\n");
        CHECK_MESSAGE(found.was_delivered_to("\xc3\xa4nn@xn--mller-kva.example"), spelling);
        CHECK_FALSE(found.was_delivered_to("ann@xn--mller-kva.example"));
    }
}

TEST_CASE("trace headers: the null sender has an empty Return-Path") {
    CHECK(copy_prefix({}, "a@b", "c@b", false) ==
          "Return-Path: <>\r\nDelivered-To: a@b\r\nX-Original-To: c@b\r\n");
}

TEST_CASE("trace headers: A21 the way so far is read from the header alone") {
    const auto found = read_trace(
        "Received: from a\r\n\tby b\r\n"
        "received: from c\r\n"
        "X-Received: no\r\n"
        "Delivered-To: Ann@A.example\r\n"
        "Subject: x\r\n"
        "Delivered-To:bob@a.example\r\n"
        "\r\n"
        "Received: in the body\r\nDelivered-To: eve@a.example\r\n");
    CHECK(found.received == 2);
    CHECK(found.was_delivered_to("ann@a.example"));
    CHECK(found.was_delivered_to("bob@a.example"));
    CHECK_FALSE(found.was_delivered_to("eve@a.example"));
}

TEST_CASE("trace headers: mail to many says so itself") {
    for (const auto* field : {"List-Id: <news.a.example>", "list-unsubscribe: <mailto:x@a.example>",
                              "Precedence: bulk", "Precedence:LIST", "Precedence: junk "})
        CHECK(read_trace("From: a@a.example\r\n" + std::string(field) + "\r\n\r\nx").is_bulk);
    CHECK_FALSE(read_trace("Precedence: first-class\r\nX-List-Id: x\r\n\r\n").is_bulk);
    CHECK_FALSE(read_trace("Subject: x\r\n\r\nPrecedence: bulk\r\n").is_bulk);
}

TEST_CASE("trace headers: RFC 8689 TLS-Required has one meaning, and it is No") {
    CHECK(read_trace("From: a@a.example\r\ntls-required:  NO \r\n\r\nx").tls_optional);
    CHECK_FALSE(read_trace("TLS-Required: Yes\r\n\r\nx").tls_optional);
    CHECK_FALSE(read_trace("Subject: x\r\n\r\nTLS-Required: No\r\n").tls_optional);
}
