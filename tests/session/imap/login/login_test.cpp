#include "protocols/imap/response/capability.hpp"
#include "tests/support/log_capture.hpp"
#include "tests/support/test_imap.hpp"

#include <doctest/doctest.h>

using namespace hauspost;
using test::imap_client;
using test::imap_server;
using test::memory_stream;

namespace {

const std::string greeting =
    "* OK [CAPABILITY IMAP4rev1 IMAP4rev2 LITERAL+ ID ENABLE IDLE SASL-IR AUTH=PLAIN AUTH=LOGIN]"
    " imap.a.example IMAP4rev1 ready\r\n";
/// What capability_test says is right for a user.
const std::string logged_in = [] {
    imap::capability_state state;
    state.is_logged_in = true;
    state.append_limit = imap::limits().append_octets;
    return " OK [CAPABILITY " + imap::capabilities(state) + "] Logged in\r\n";
}();

const std::string wrong_login =
    "wrong user name or password: the user name is the whole address, and only the owner sets "
    "passwords";

net::peer_info far_peer() {
    net::peer_info peer;
    peer.address = "192.0.2.7";
    peer.id = connection_id(7);
    return peer;
}

}  // namespace

TEST_CASE("imap session: greeting, LOGIN and LOGOUT") {
    imap_server server;
    CHECK(server.talk("a LOGIN ann@a.example pw\r\nb LOGOUT\r\nc NOOP\r\n") ==
          greeting + "a" + logged_in +
              "* BYE Until next time\r\n"
              "b OK Logged out\r\n");
}

TEST_CASE("imap session: LOGIN takes literals, synchronising and not") {
    imap_server server;
    CHECK(server.talk("a LOGIN {13}\r\nann@a.example {2}\r\npw\r\n") ==
          greeting + "+ Ready for more\r\n+ Ready for more\r\na" + logged_in);
    CHECK(server.talk("a LOGIN {13+}\r\nann@a.example {2+}\r\npw\r\n") ==
          greeting + "a" + logged_in);
}

TEST_CASE("imap session: a wrong password and an unknown user get the same words") {
    imap_server server;
    CHECK(server.talk("a LOGIN ann@a.example no\r\nb LOGIN nobody@a.example pw\r\n") ==
          greeting + "a NO [AUTHENTICATIONFAILED] " + wrong_login +
              "\r\n"
              "b NO [AUTHENTICATIONFAILED] " +
              wrong_login + "\r\n");
}

TEST_CASE("imap session: a disabled account, a busy pool and a throttled peer have their codes") {
    imap_server server;
    CHECK(server.talk("a LOGIN off@a.example pw\r\nb LOGIN busy@a.example pw\r\n"
                      "c LOGIN throttled@a.example pw\r\n") ==
          greeting +
              "a NO [CONTACTADMIN] logins are disabled for this account\r\n"
              "b NO [UNAVAILABLE] too many logins at once, try again later\r\n"
              "c NO [UNAVAILABLE] too many wrong passwords, try again later\r\n");
}

TEST_CASE("imap session: the fifth failed login ends the connection") {
    imap_server server;
    std::string input, expected = greeting;
    for (int n = 1; n <= 6; ++n)
        input += "a LOGIN ann@a.example no\r\n";
    for (int n = 1; n <= 5; ++n) {
        if (n == 5) expected += "* BYE Too many failed logins\r\n";
        expected += "a NO [AUTHENTICATIONFAILED] " + wrong_login + "\r\n";
    }
    CHECK(server.talk(input) == expected);
}

TEST_CASE("imap session: AUTHENTICATE PLAIN with and without initial response") {
    imap_server server;
    // NUL ann@a.example NUL pw
    CHECK(server.talk("a AUTHENTICATE PLAIN AGFubkBhLmV4YW1wbGUAcHc=\r\n") ==
          greeting + "a" + logged_in);
    CHECK(server.talk("a AUTHENTICATE PLAIN\r\nAGFubkBhLmV4YW1wbGUAcHc=\r\nb NOOP\r\n") ==
          greeting + "+ \r\na" + logged_in + "b OK Done\r\n");
}

TEST_CASE("imap session: AUTHENTICATE LOGIN asks for name and password") {
    imap_server server;
    CHECK(server.talk("a AUTHENTICATE LOGIN\r\nYW5uQGEuZXhhbXBsZQ==\r\ncHc=\r\n") ==
          greeting + "+ VXNlcm5hbWU6\r\n+ UGFzc3dvcmQ6\r\na" + logged_in);
}

TEST_CASE(
    "imap session: AUTHENTICATE is cancelled by *, and refuses bad base64 and others' names") {
    imap_server server;
    CHECK(server.talk("a AUTHENTICATE PLAIN\r\n*\r\n"
                      "b AUTHENTICATE PLAIN\r\n!!!\r\n"
                      "c AUTHENTICATE CRAM-MD5\r\n"
                      "d AUTHENTICATE PLAIN Ym9iQGEuZXhhbXBsZQBhbm5AYS5leGFtcGxlAHB3\r\n") ==
          greeting +
              "+ \r\na BAD Cancelled\r\n"
              "+ \r\nb BAD Not a possible response\r\n"
              "c NO [CANNOT] No such mechanism\r\n"
              "d NO [AUTHORIZATIONFAILED] Nobody may act for somebody else\r\n");
}

TEST_CASE("imap session: without TLS a login from another machine is refused unread") {
    imap_server server;
    memory_stream peer("a LOGIN ann@a.example pw\r\nb AUTHENTICATE PLAIN\r\nc CAPABILITY\r\n");
    peer.set_peer(far_peer());
    peer.allow_tls();
    const std::string words =
        "IMAP4rev1 IMAP4rev2 LITERAL+ ID ENABLE IDLE SASL-IR STARTTLS LOGINDISABLED";
    CHECK(server.talk(peer) == "* OK [CAPABILITY " + words +
                                   "] imap.a.example IMAP4rev1 ready\r\n"
                                   "a NO [PRIVACYREQUIRED] Use TLS first\r\n"
                                   "b NO [PRIVACYREQUIRED] Use TLS first\r\n"
                                   "* CAPABILITY " +
                                   words + "\r\nc OK Done\r\n");
}

TEST_CASE("imap session: a login on loopback without TLS can be forbidden") {
    imap_server server;
    server.config.allow_plain_login_on_loopback = false;
    CHECK(server.talk("a LOGIN ann@a.example pw\r\n").find("a NO [PRIVACYREQUIRED]") !=
          std::string::npos);
}

TEST_CASE("imap session: after STARTTLS the client logs in under TLS") {
    imap_server server;
    memory_stream peer("a STARTTLS\r\n");
    peer.set_peer(far_peer());
    peer.allow_tls();
    peer.send_after_tls("b LOGIN ann@a.example pw\r\nc STARTTLS\r\n");
    const auto said = server.talk(peer);
    CHECK(said.find("a OK Begin TLS negotiation now\r\nb" + logged_in) != std::string::npos);
    CHECK(said.find("c BAD ") != std::string::npos);
    CHECK(peer.handshakes() == 1);
}

TEST_CASE("imap session: A04 what was sent behind STARTTLS in the clear is never run") {
    imap_server server;
    memory_stream peer("a STARTTLS\r\nb LOGIN ann@a.example pw\r\n");
    peer.allow_tls();
    peer.send_after_tls("c NOOP\r\n");
    const auto said = server.talk(peer);
    CHECK(said.find("b OK") == std::string::npos);
    CHECK(said.find("c OK Done\r\n") != std::string::npos);
}

TEST_CASE("imap session: A06 STARTTLS twice, without a certificate, or after login is refused") {
    imap_server server;
    CHECK(server.talk("a STARTTLS\r\n") == greeting + "a BAD TLS is not available\r\n");
    CHECK(server.as_ann("a STARTTLS\r\n") == "a BAD Command not allowed in this state\r\n");
}

TEST_CASE("imap session: commands of users are refused before login, logins after it") {
    imap_server server;
    CHECK(server.talk("a SELECT INBOX\r\nb FETCH 1 FLAGS\r\n") ==
          greeting +
              "a BAD Command not allowed in this state\r\n"
              "b BAD Command not allowed in this state\r\n");
    CHECK(server.as_ann("a LOGIN bob@a.example pw\r\nb FETCH 1 FLAGS\r\n") ==
          "a BAD Command not allowed in this state\r\n"
          "b BAD Command not allowed in this state\r\n");
}

TEST_CASE("imap session: three bad commands are borne before login, the fourth ends it") {
    imap_server server;
    CHECK(server.talk("a X\r\nb X\r\nc X\r\nd NOOP\r\n").find("d OK") != std::string::npos);
    const auto said = server.talk("a X\r\nb X\r\nc X\r\nd X\r\ne NOOP\r\n");
    CHECK(said.find("* BYE Too many bad commands\r\n") != std::string::npos);
    CHECK(said.find("e OK") == std::string::npos);
}

TEST_CASE("imap session: what is too long before login counts as a bad command does") {
    imap_server server;
    const std::string long_line = "a LOGIN " + std::string(9000, 'x') + "\r\n";
    std::string all;
    for (int n = 0; n < 4; ++n)
        all += long_line;
    const auto said = server.talk(all + "e NOOP\r\n");
    CHECK(said.find("a NO ") != std::string::npos);
    CHECK(said.find("* BYE Too many bad commands\r\n") != std::string::npos);
    CHECK(said.find("e OK") == std::string::npos);
}

TEST_CASE("imap session: twenty bad commands in a row are borne after login, one more ends it") {
    imap_server server;
    std::string bad;
    for (int n = 0; n < 20; ++n)
        bad += "a X\r\n";
    CHECK(server.as_ann(bad + "b NOOP\r\n" + bad + "c NOOP\r\n").find("c OK") != std::string::npos);
    const auto said = server.as_ann(bad + "a X\r\nc NOOP\r\n");
    CHECK(said.find("* BYE Too many bad commands\r\n") != std::string::npos);
    CHECK(said.find("c OK") == std::string::npos);
}

TEST_CASE("imap session: a client that says nothing is told BYE") {
    imap_server server;
    memory_stream silent("", test::when_dry::time_out);
    CHECK(server.talk(silent) == greeting + "* BYE Login took too long\r\n");
    memory_stream lazy("a LOGIN ann@a.example pw\r\n", test::when_dry::time_out);
    CHECK(server.talk(lazy) == greeting + "a" + logged_in + "* BYE Autologout\r\n");
}

TEST_CASE("imap session: the time until login counts in all, not from one octet to the next") {
    imap_server server;
    // The octets are there already, but the time is over.
    server.config.login_timeout = std::chrono::milliseconds(0);
    CHECK(server.talk("a LOGIN ann@a.example pw\r\n") ==
          greeting + "* BYE Login took too long\r\n");
}

TEST_CASE("imap session: E06 a change of the password ends the account's sessions") {
    imap_server server;
    imap_client client(server);
    server.parts.set_password_hash(server.parts.ann, "another");
    CHECK(client.wait_closed() == "* BYE The account has changed\r\n");
}

TEST_CASE("imap session: E06 a password that changes while the login is decided ends the session") {
    imap_server server;
    server.parts.credentials.after_listening = [&] {
        server.parts.credentials.after_listening = nullptr;
        server.parts.set_password_hash_here(server.parts.ann, "another");
    };
    imap_client client(server, "");
    auto said = client.command("LOGIN ann@a.example pw");
    said += client.wait_closed();
    CHECK(said.ends_with("* BYE The account has changed\r\n"));
}

TEST_CASE(
    "imap session: every kind of refused login counts, and is told to the log with its peer") {
    imap_server server;
    std::string log;
    {
        const test::log_capture captured(log);
        server.talk(
            "a LOGIN ann@a.example no\r\nb LOGIN off@a.example pw\r\n"
            "c LOGIN busy@a.example pw\r\nd LOGIN \"throttled@a.example\" pw\r\n"
            "e AUTHENTICATE PLAIN Ym9iQGEuZXhhbXBsZQBhbm5AYS5leGFtcGxlAHB3\r\n"
            "f LOGIN \"x\\\" peer=1.2.3.4\" secret-word\r\ng LOGIN ann@a.example pw\r\n");
    }
    const std::string begin = "login_failed cid=1 proto=imap peer=127.0.0.1 user=";
    for (const char* end :
         {"\"ann@a.example\" reason=wrong_password", "\"off@a.example\" reason=switched_off",
          "\"busy@a.example\" reason=busy", "\"throttled@a.example\" reason=banned",
          "\"ann@a.example\" reason=act_for_other"})
        CHECK_MESSAGE(log.find(begin + end + "\n") != std::string::npos, std::string(end));
    // Nobody writes a line of his own by his name, and no password is ever there.
    CHECK(log.find("user=\"x\\x22 peer=1.2.3.4\" reason=wrong_password\n") != std::string::npos);
    CHECK(log.find("secret-word") == std::string::npos);
    // The fifth ended the connection.
    CHECK(log.find("login cid=") == std::string::npos);
}

TEST_CASE("imap session: when the server stops, sessions say BYE") {
    imap_server server;
    imap_client client(server);
    client.settle();
    client.session().request_stop();
    CHECK(client.wait_closed() == "* BYE [UNAVAILABLE] The server shuts down\r\n");
}

TEST_CASE("imap session: the conversation is the same however the octets are cut") {
    imap_server server;
    const std::string input =
        "a LOGIN {13}\r\nann@a.example {2+}\r\npw\r\nb SELECT INBOX\r\nc IDLE\r\nDONE\r\n"
        "d LOGOUT\r\n";
    const auto whole = server.talk(input);
    CHECK(whole.ends_with("d OK Logged out\r\n"));
    memory_stream slow(input);
    slow.split_every(1);
    CHECK(server.talk(slow) == whole);
    for (std::size_t cut = 1; cut < input.size(); ++cut) {
        memory_stream peer(input);
        peer.cut_at(cut);
        CHECK(server.talk(peer) == whole);
    }
}

TEST_CASE("imap session: an ID of 30 fields of 1024 octets is taken before login (RFC 2971 3.3)") {
    imap_server server;
    for (const bool as_literals : {false, true}) {
        std::string id = "a ID (";
        for (int n = 10; n < 40; ++n) {
            const auto field = "support-url-of-this-client--" + std::to_string(n);  // 30 octets
            const std::string value(1'024, 'v');
            if (n > 10) id += ' ';
            if (as_literals)
                id += "{30+}\r\n" + field + " {1024+}\r\n" + value;
            else
                id += '"' + field + "\" \"" + value + '"';
        }
        const auto said = server.talk(id + ")\r\nb LOGIN ann@a.example pw\r\nc LOGOUT\r\n");
        CAPTURE(as_literals);
        CAPTURE(said);
        CHECK(said.find("a OK") != std::string::npos);
        CHECK(said.find("b OK") != std::string::npos);
    }
}
