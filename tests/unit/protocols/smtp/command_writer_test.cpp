#include "protocols/smtp/command_writer.hpp"

#include "protocols/smtp/command_parser.hpp"
#include "protocols/smtp/path.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace hauspost::smtp;
using namespace std::string_literals;

namespace {

capabilities all() {
    capabilities offered;
    offered.size = offered.eight_bit_mime = offered.smtputf8 = offered.dsn = true;
    offered.require_tls = offered.chunking = offered.binary_mime = true;
    return offered;
}

std::string mail(const cmd::mail& wanted, const capabilities& offered = all()) {
    std::string out;
    append_mail(out, wanted, offered);
    return out;
}

std::string rcpt(const cmd::rcpt& wanted, const capabilities& offered = all()) {
    std::string out;
    append_rcpt(out, wanted, offered);
    return out;
}

}  // namespace

TEST_CASE("command writer: MAIL says what the server offers and nothing else") {
    cmd::mail wanted;
    wanted.reverse_path = {"bob", "b.example"};
    wanted.params.size = 42;
    wanted.params.body = body_type::eight_bit;
    wanted.params.smtputf8 = wanted.params.require_tls = true;
    wanted.params.ret = "HDRS";
    wanted.params.envelope_id = "QQ+3D1";
    wanted.params.submitter = "ann@a.example";
    CHECK(mail(wanted) ==
          "MAIL FROM:<bob@b.example> SIZE=42 BODY=8BITMIME SMTPUTF8 RET=HDRS ENVID=QQ+3D1 "
          "REQUIRETLS\r\n");
    CHECK(mail(wanted, {}) == "MAIL FROM:<bob@b.example>\r\n");
    wanted = {};
    CHECK(mail(wanted) == "MAIL FROM:<>\r\n");
    wanted.params.body = body_type::binary;
    CHECK(mail(wanted) == "MAIL FROM:<> BODY=BINARYMIME\r\n");
}

TEST_CASE("command writer: RCPT says NOTIFY and ORCPT where DSN is offered") {
    cmd::rcpt wanted;
    wanted.forward_path = {"ann", "a.example"};
    wanted.params.notify = "FAILURE,DELAY";
    wanted.params.original = "rfc822;ann@a.example";
    CHECK(rcpt(wanted) ==
          "RCPT TO:<ann@a.example> NOTIFY=FAILURE,DELAY ORCPT=rfc822;ann@a.example\r\n");
    CHECK(rcpt(wanted, {}) == "RCPT TO:<ann@a.example>\r\n");
    wanted.params.original = "utf-8;\xc3\xa4nn@a.example";
    CHECK(rcpt(wanted).find("ORCPT=utf-8;\xc3\xa4nn@a.example\r\n") != std::string::npos);
    auto offered = all();
    offered.smtputf8 = false;
    CHECK(rcpt(wanted, offered).find("ORCPT") == std::string::npos);
}

TEST_CASE("command writer: what is written is read back, however odd the address") {
    for (const auto* local : {"ann", "a b", "a\"b", "a\\b", "a@b", ".a.", "a>b", "a<b>"}) {
        cmd::rcpt wanted;
        wanted.forward_path = {local, "a.example"};
        CHECK(can_be_said(wanted.forward_path));
        auto line = rcpt(wanted);
        line.resize(line.size() - 2);
        const auto parsed = parse_command(line);
        const auto* again = std::get_if<cmd::rcpt>(&parsed);
        REQUIRE_MESSAGE(again, local);
        CHECK(again->forward_path.local_part == local);
    }
}

TEST_CASE("command writer: a domain of letters beyond ASCII is said in A-labels where that helps") {
    cmd::rcpt wanted;
    wanted.forward_path = {"ann",
                           "b\xc3\xbc"
                           "cher.example"};
    CHECK(rcpt(wanted) == "RCPT TO:<ann@xn--bcher-kva.example>\r\n");
    wanted.forward_path.local_part = "\xc3\xa4nn";
    CHECK(rcpt(wanted) ==
          "RCPT TO:<\xc3\xa4nn@b\xc3\xbc"
          "cher.example>\r\n");
}

TEST_CASE("command writer: A15 nothing in an address or a parameter can end the line") {
    for (const auto& text : {"a\r\nDATA"s, "a\nb"s, "a\0b"s, "a\x7f"s, "a\tb"s})
        CHECK_FALSE(can_be_said({text, "a.example"}));
    for (const auto& domain : {"a.example\r\nDATA"s, "a>b"s, "a b"s, "a..b"s})
        CHECK_FALSE(can_be_said({"ann", domain}));
    CHECK(can_be_said({}));
    CHECK(can_be_said({"Postmaster", ""}));
    CHECK_FALSE(can_be_said({"ann", ""}));
    cmd::mail wanted;
    wanted.params.ret = "FULL\r\nDATA";
    wanted.params.envelope_id = "a b";
    CHECK(mail(wanted) == "MAIL FROM:<>\r\n");
    cmd::rcpt to;
    to.forward_path = {"ann", "a.example"};
    to.params.notify = "NEVER X=1";
    to.params.original = "rfc822;\r\n";
    CHECK(rcpt(to) == "RCPT TO:<ann@a.example>\r\n");
}
