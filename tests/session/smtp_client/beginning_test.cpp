#include "tests/session/smtp_client/remote_script.hpp"

#include <boost/asio/error.hpp>
#include <doctest/doctest.h>

using namespace hauspost;
using namespace hauspost::test;
using namespace std::string_literals;

namespace {

const auto to_ann = message_to({"ann@a.example"});

smtp::client_login bob() {
    return {"bob", secret("plum")};
}

/// A server that offers STARTTLS, and these things behind it.
std::vector<server_turn> with_tls(const std::string& behind, std::vector<server_turn> more = {}) {
    std::vector<server_turn> all{
        greet, offer("STARTTLS,XPLAIN"), {"STARTTLS\r\n", "220 go\r\n"}, offer(behind)};
    all.insert(all.end(), more.begin(), more.end());
    return all;
}

}  // namespace

TEST_CASE("smtp client: a server that refuses from the greeting on is left") {
    for (const auto& [said, outcome] :
         {std::pair{"554 5.7.1 not you\r\n"s, "permanent replied greeting 554 5.7.1 not you"s},
          {"421 4.3.2 busy\r\n"s, "temporary replied greeting 421 4.3.2 busy"s},
          {"450 later\r\n"s, "temporary replied greeting 450 later"s},
          {"250 hi\r\n"s, "temporary not_smtp greeting 250 hi"s}}) {
        remote_script remote({{"", said}});
        remote.add(to_ann);
        CHECK(remote.play() == outcome);
        CHECK(remote.server.is_closed());
        CHECK((remote.server.output() == (said.starts_with("421") ? "" : "QUIT\r\n")));
    }
}

TEST_CASE("smtp client: HELO for who does not know EHLO, and then no extensions") {
    remote_script remote({greet,
                          {"EHLO me.example\r\n", "502 what\r\n"},
                          {"HELO me.example\r\n", "250-mx\r\n250 PIPELINING\r\n"},
                          {"MAIL FROM:<bob@b.example>\r\n", "250 ok\r\n"},
                          {"RCPT TO:<ann@a.example>\r\n", "250 ok\r\n"},
                          {"DATA\r\n", "354 go\r\n"},
                          stored});
    auto message = to_ann;
    message.mail.params.size = 6;
    remote.add(message);
    CHECK(remote.play().empty());
    CHECK(remote.outcome() == delivered);
    remote_script refused({greet,
                           {"EHLO me.example\r\n", "550 no\r\n"},
                           {"HELO me.example\r\n", "550 5.7.1 nor this\r\n"}});
    CHECK(refused.play() == "permanent replied hello 550 5.7.1 nor this");
    remote_script later({greet, {"EHLO me.example\r\n", "451 later\r\n"}});
    CHECK(later.play() == "temporary replied hello 451 later");
}

TEST_CASE("smtp client: STARTTLS where it is offered, and only what is offered behind it counts") {
    remote_script remote(with_tls("PIPELINING", {take_one, stored}));
    remote.server.allow_tls();
    remote.add(to_ann);
    CHECK(remote.play().empty());
    CHECK(remote.outcome() == delivered);
    CHECK(remote.server.handshakes() == 1);
    CHECK(remote.server.output().substr(0, 50) ==
          "EHLO me.example\r\nSTARTTLS\r\nEHLO me.example\r\nMAIL F");
    // What was said in the clear is forgotten.
    auto message = to_ann;
    message.mail.params.body = smtp::body_type::eight_bit;
    remote_script forgotten(
        {greet, offer("STARTTLS,8BITMIME"), {"STARTTLS\r\n", "220 go\r\n"}, offer("PIPELINING")});
    forgotten.server.allow_tls();
    forgotten.add(message);
    CHECK(forgotten.play().empty());
    CHECK(forgotten.outcome() == "permanent needs_8bitmime mail");
    remote_script old({greet,
                       offer("STARTTLS,8BITMIME"),
                       {"STARTTLS\r\n", "220 go\r\n"},
                       {"EHLO me.example\r\n", "502 what\r\n"},
                       {"HELO me.example\r\n", "250 mx\r\n"}});
    old.server.allow_tls();
    old.add(message);
    CHECK(old.play().empty());
    CHECK(old.outcome() == "permanent needs_8bitmime mail");
}

TEST_CASE("smtp client: A05 octets in the clear behind the reply to STARTTLS are never heard") {
    for (const auto* injected : {"250-mx\r\n250 AUTH PLAIN\r\n", "2", "\r\n", "421 bye\r\n"}) {
        CAPTURE(injected);
        for (const auto use : {smtp::tls_use::if_offered, smtp::tls_use::required}) {
            remote_script remote(
                {greet, offer("STARTTLS"), {"STARTTLS\r\n", "220 go\r\n"s + injected}});
            remote.server.allow_tls();
            remote.settings->tls = use;
            CHECK(remote.play() == "temporary injected start_tls");
            CHECK(remote.server.handshakes() == 0);
            CHECK(remote.server.is_closed());
            CHECK(remote.server.output().ends_with("STARTTLS\r\n"));
            // In a segment of its own it meets the TLS engine, and that is the end.
            remote_script cut(
                {greet, offer("STARTTLS"), {"STARTTLS\r\n", "220 go\r\n"s + injected}});
            cut.server.allow_tls();
            cut.server.split_every(1);
            CHECK(cut.play() == "temporary tls_failed start_tls");
            CHECK(cut.server.output().ends_with("STARTTLS\r\n"));
        }
    }
}

TEST_CASE("smtp client: without TLS nothing is said where it is required") {
    const auto play = [](std::vector<server_turn> turns, smtp::tls_use use) {
        remote_script remote(std::move(turns));
        remote.server.allow_tls();
        remote.settings->tls = use;
        const auto end = remote.play();
        CHECK(remote.server.output().find("MAIL") == std::string::npos);
        return end;
    };
    using smtp::tls_use;
    const server_turn refused{"STARTTLS\r\n", "454 4.7.0 not now\r\n"};
    CHECK(play({greet, offer()}, tls_use::required) == "temporary no_tls start_tls");
    CHECK(play({greet, offer("STARTTLS"), refused}, tls_use::required) ==
          "temporary no_tls start_tls 454 4.7.0 not now");
    CHECK(play({greet, offer("STARTTLS"), {"STARTTLS\r\n", "554 never\r\n"}}, tls_use::required) ==
          "temporary no_tls start_tls 554 never");
    CHECK(play({greet, offer("STARTTLS"), refused}, tls_use::if_offered).empty());
    CHECK(play({greet, offer("STARTTLS")}, tls_use::never).empty());
    CHECK(play({greet, offer("STARTTLS"), {"STARTTLS\r\n", "421 bye\r\n"}}, tls_use::if_offered) ==
          "temporary replied start_tls 421 bye");
}

TEST_CASE("smtp client: a handshake that fails is the end of the connection") {
    remote_script remote({greet, offer("STARTTLS"), {"STARTTLS\r\n", "220 go\r\n"}});
    remote.server.allow_tls();
    // Each reply costs a wait and a read, each command a write: EHLO and STARTTLS, three replies.
    remote.server.fail_operation(9, asio::error::connection_reset);
    CHECK(remote.play() == "temporary tls_failed start_tls");
    CHECK(remote.refused->error == asio::error::connection_reset);
}

TEST_CASE("smtp client: a login by PLAIN, or by LOGIN where there is no PLAIN") {
    for (const auto& [offered, talk] :
         {std::pair{"AUTH LOGIN PLAIN"s,
                    std::vector<server_turn>{{"AUTH PLAIN AGJvYgBwbHVt\r\n", "235 ok\r\n"}}},
          {"AUTH PLAIN"s,
           {{"AUTH PLAIN AGJvYgBwbHVt\r\n", "334 \r\n"}, {"AGJvYgBwbHVt\r\n", "235 ok\r\n"}}},
          {"AUTH LOGIN"s,
           {{"AUTH LOGIN\r\n", "334 VXNlcm5hbWU6\r\n"},
            {"Ym9i\r\n", "334 UGFzc3dvcmQ6\r\n"},
            {"cGx1bQ==\r\n", "235 2.7.0 ok\r\n"}}}}) {
        remote_script remote(with_tls(offered, talk));
        remote.server.allow_tls();
        remote.settings->login = bob();
        CHECK(remote.play().empty());
        CHECK(remote.is_played);
    }
}

TEST_CASE(
    "smtp client: a password is said under TLS alone, and to nobody who does not ask for it") {
    remote_script plain({greet, offer("AUTH PLAIN LOGIN")});
    plain.settings->login = bob();
    CHECK(plain.play() == "temporary no_login login");
    CHECK(plain.server.output().find("AUTH") == std::string::npos);
    remote_script other(with_tls("AUTH GSSAPI"));
    other.server.allow_tls();
    other.settings->login = bob();
    CHECK(other.play() == "temporary no_login login");
    // Offered in the clear, no more behind TLS.
    remote_script before(
        {greet, offer("STARTTLS,AUTH PLAIN"), {"STARTTLS\r\n", "220 go\r\n"}, offer("PIPELINING")});
    before.server.allow_tls();
    before.settings->login = bob();
    CHECK(before.play() == "temporary no_login login");
    remote_script wrong(with_tls("AUTH PLAIN", {{"AUTH PLAIN", "535 5.7.8 wrong\r\n"}}));
    wrong.server.allow_tls();
    wrong.settings->login = bob();
    CHECK(wrong.play() == "permanent replied login 535 5.7.8 wrong");
    remote_script endless(with_tls("AUTH LOGIN", {{"AUTH LOGIN\r\n", "334 a\r\n"},
                                                  {"Ym9i\r\n", "334 b\r\n"},
                                                  {"cGx1bQ==\r\n", "334 c\r\n"}}));
    endless.server.allow_tls();
    endless.settings->login = bob();
    CHECK(endless.play() == "temporary not_smtp login 334 c");
}

TEST_CASE("smtp client: RFC 8689 REQUIRETLS is said to a server that was verified") {
    auto message = to_ann;
    message.mail.params.require_tls = true;
    const server_turn take{"DATA\r\n", "250 ok\r\n250 ok\r\n354 go\r\n"};
    remote_script verified(with_tls("PIPELINING,REQUIRETLS", {take, stored}));
    verified.server.allow_tls();
    net::tls_info info;
    info.version = "TLSv1.3";
    info.verified = net::authentication::dane_ee;
    verified.server.set_tls(info);
    verified.add(message);
    CHECK(verified.play().empty());
    CHECK(verified.outcome() == delivered);
    CHECK(verified.server.output().find("MAIL FROM:<bob@b.example> REQUIRETLS\r\n") !=
          std::string::npos);
    remote_script unverified(with_tls("PIPELINING,REQUIRETLS"));
    unverified.server.allow_tls();
    unverified.add(message);
    CHECK(unverified.play().empty());
    CHECK(unverified.outcome() == "permanent needs_requiretls mail");
}
