#include "tests/support/log_capture.hpp"
#include "tests/support/test_pop3.hpp"

#include <doctest/doctest.h>

using namespace hauspost;
using test::memory_stream;
using test::pop3_client;
using test::pop3_greeting;
using test::pop3_logged_in;
using test::pop3_login;
using test::pop3_server;

namespace {

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

TEST_CASE("pop3 session: greeting, USER, PASS and QUIT") {
    pop3_server server;
    CHECK(server.talk(pop3_login + "QUIT\r\nNOOP\r\n") ==
          pop3_greeting + pop3_logged_in + "+OK until next time\r\n");
    CHECK(server.talk("QUIT\r\n") == pop3_greeting + "+OK until next time\r\n");
}

TEST_CASE(
    "pop3 session: a wrong password and an unknown user get the same words, USER always +OK") {
    pop3_server server;
    CHECK(server.talk("USER ann@a.example\r\nPASS no\r\nUSER nobody@a.example\r\nPASS pw\r\n") ==
          pop3_greeting + "+OK send the password\r\n-ERR [AUTH] " + wrong_login +
              "\r\n"
              "+OK send the password\r\n-ERR [AUTH] " +
              wrong_login + "\r\n");
}

TEST_CASE("pop3 session: RFC 3206 a disabled account, a busy pool and a throttled peer") {
    pop3_server server;
    CHECK(server.talk("USER off@a.example\r\nPASS pw\r\nUSER busy@a.example\r\nPASS pw\r\n"
                      "USER throttled@a.example\r\nPASS pw\r\n"
                      "USER fault@a.example\r\nPASS pw\r\n") ==
          pop3_greeting +
              "+OK send the password\r\n"
              "-ERR [SYS/PERM] logins are disabled for this account\r\n"
              "+OK send the password\r\n"
              "-ERR [SYS/TEMP] too many logins at once, try again later\r\n"
              "+OK send the password\r\n"
              "-ERR [SYS/TEMP] too many wrong passwords, try again later\r\n"
              "+OK send the password\r\n"
              "-ERR [SYS/TEMP] server error, try again later\r\n");
}

TEST_CASE("pop3 session: the fifth failed login ends the connection, four are borne") {
    pop3_server server;
    const std::string wrong = "USER ann@a.example\r\nPASS no\r\n";
    std::string input;
    for (int n = 0; n < 4; ++n)
        input += wrong;
    CHECK(server.talk(input + pop3_login).ends_with(pop3_logged_in));
    const auto said = server.talk(input + wrong + pop3_login);
    CHECK(said.find("locked and ready") == std::string::npos);
    CHECK(said.ends_with("-ERR [AUTH] " + wrong_login + "\r\n"));
}

TEST_CASE("pop3 session: PASS needs a USER of its own") {
    pop3_server server;
    CHECK(server.talk("PASS pw\r\nUSER ann@a.example\r\nPASS no\r\nPASS pw\r\n") ==
          pop3_greeting +
              "-ERR USER must come first\r\n"
              "+OK send the password\r\n"
              "-ERR [AUTH] " +
              wrong_login +
              "\r\n"
              "-ERR USER must come first\r\n");
}

TEST_CASE("pop3 session: RFC 5034 AUTH PLAIN with and without initial response, AUTH LOGIN") {
    pop3_server server;
    const std::string ready = "+OK maildrop locked and ready\r\n";
    // NUL ann@a.example NUL pw
    CHECK(server.talk("AUTH PLAIN AGFubkBhLmV4YW1wbGUAcHc=\r\n") == pop3_greeting + ready);
    CHECK(server.talk("auth plain\r\nAGFubkBhLmV4YW1wbGUAcHc=\r\nNOOP\r\n") ==
          pop3_greeting + "+ \r\n" + ready + "+OK ok\r\n");
    CHECK(server.talk("AUTH LOGIN\r\nYW5uQGEuZXhhbXBsZQ==\r\ncHc=\r\n") ==
          pop3_greeting + "+ VXNlcm5hbWU6\r\n+ UGFzc3dvcmQ6\r\n" + ready);
    CHECK(server.talk("AUTH LOGIN YW5uQGEuZXhhbXBsZQ==\r\ncHc=\r\n") ==
          pop3_greeting + "+ UGFzc3dvcmQ6\r\n" + ready);
}

TEST_CASE("pop3 session: AUTH alone lists the mechanisms, as Outlook wants it") {
    pop3_server server;
    CHECK(server.talk("AUTH\r\n") ==
          pop3_greeting + "+OK mechanisms follow\r\nPLAIN\r\nLOGIN\r\n.\r\n");
}

TEST_CASE("pop3 session: AUTH is cancelled by *, and refuses bad base64 and others' names") {
    pop3_server server;
    CHECK(server.talk("AUTH PLAIN\r\n*\r\nAUTH PLAIN\r\n!!!\r\nAUTH CRAM-MD5\r\n"
                      "AUTH PLAIN Ym9iQGEuZXhhbXBsZQBhbm5AYS5leGFtcGxlAHB3\r\n") ==
          pop3_greeting +
              "+ \r\n-ERR cancelled\r\n"
              "+ \r\n-ERR invalid response\r\n"
              "-ERR no such mechanism\r\n"
              "-ERR [AUTH] acting for another user is not allowed\r\n");
}

TEST_CASE("pop3 session: a response may be as long as the limit, a command may not") {
    pop3_server server;
    const auto answer_to = [&](std::size_t octets) {
        std::string response(octets - 2, 'A');
        return server.talk("AUTH PLAIN\r\n" + response + "\r\nCAPA\r\n");
    };
    CHECK(answer_to(pop3::max_response_octets).find("-ERR invalid response\r\n+OK") !=
          std::string::npos);
    CHECK(answer_to(pop3::max_response_octets + 1).find("-ERR line too long\r\n+OK") !=
          std::string::npos);
}

TEST_CASE("pop3 session: C03 a command line at the limit and one octet past it") {
    pop3_server server;
    const auto pass = [&](std::size_t octets) {
        return server.talk("USER ann@a.example\r\nPASS " + std::string(octets - 7, 'x') +
                           "\r\nQUIT\r\n");
    };
    CHECK(pass(2048).find("-ERR [AUTH]") != std::string::npos);
    CHECK(pass(2049) == pop3_greeting +
                            "+OK send the password\r\n-ERR line too long\r\n"
                            "+OK until next time\r\n");
    CHECK(pass(1'000'000).ends_with("-ERR line too long\r\n+OK until next time\r\n"));
}

TEST_CASE("pop3 session: C03 a password with spaces, and APOP, which there is not") {
    pop3_server server;
    CHECK(server.talk("USER ann@a.example\r\nPASS p w\r\n").find("-ERR [AUTH]") !=
          std::string::npos);
    CHECK(server.talk("APOP ann@a.example c4c9334bac560ecc979e58001b3e22fb\r\n") ==
          pop3_greeting + "-ERR unknown command\r\n");
}

TEST_CASE("pop3 session: C03 without TLS a login from another machine is refused at USER") {
    pop3_server server;
    memory_stream peer("USER ann@a.example\r\nPASS pw\r\nAUTH PLAIN\r\nAUTH\r\nCAPA\r\n");
    peer.set_peer(far_peer());
    peer.allow_tls();
    const auto said = server.talk(peer);
    CHECK(said.starts_with(pop3_greeting + "-ERR use TLS first\r\n-ERR use TLS first\r\n"
                                           "-ERR use TLS first\r\n-ERR use TLS first\r\n"
                                           "+OK capabilities follow\r\n"));
    CHECK(said.find("USER\r\n") == said.find("UTF8 USER\r\n") + 5);
    CHECK(said.find("SASL") == std::string::npos);
    CHECK(said.find("STLS\r\n") != std::string::npos);
}

TEST_CASE("pop3 session: a login on loopback without TLS can be forbidden") {
    pop3_server server;
    server.config.allow_plain_login_on_loopback = false;
    CHECK(server.talk(pop3_login) ==
          pop3_greeting + "-ERR use TLS first\r\n-ERR use TLS first\r\n");
}

TEST_CASE("pop3 session: RFC 2595 after STLS the client logs in under TLS") {
    pop3_server server;
    memory_stream peer("STLS\r\n");
    peer.set_peer(far_peer());
    peer.allow_tls();
    peer.send_after_tls(pop3_login + "STLS\r\nCAPA\r\n");
    const auto said = server.talk(peer);
    CHECK(said.starts_with(pop3_greeting + "+OK begin TLS negotiation\r\n" + pop3_logged_in +
                           "-ERR not in this state\r\n+OK capabilities follow\r\n"));
    CHECK(said.find("STLS\r\n") == std::string::npos);
    CHECK(peer.handshakes() == 1);
}

TEST_CASE("pop3 session: A04 C03 what was sent behind STLS in the clear is never run") {
    pop3_server server;
    memory_stream peer("USER ann@a.example\r\nSTLS\r\nPASS pw\r\nUSER bob@a.example\r\n");
    peer.allow_tls();
    peer.send_after_tls("PASS pw\r\n");
    CHECK(server.talk(peer) == pop3_greeting +
                                   "+OK send the password\r\n"
                                   "+OK begin TLS negotiation\r\n"
                                   "-ERR USER must come first\r\n");
    memory_stream cut("USER ann@a.example\r\nSTLS\r\nPASS pw\r\n");
    cut.allow_tls();
    cut.split_every(6);
    CHECK(server.talk(cut).find("locked and ready") == std::string::npos);
}

TEST_CASE("pop3 session: STLS twice, without a certificate, or after UTF8 is refused") {
    pop3_server server;
    CHECK(server.talk("STLS\r\n") == pop3_greeting + "-ERR TLS is not available\r\n");
    memory_stream peer("UTF8\r\nSTLS\r\n");
    peer.allow_tls();
    CHECK(server.talk(peer) ==
          pop3_greeting + "+OK UTF-8 enabled\r\n-ERR STLS is not allowed after UTF8\r\n");
    memory_stream twice("STLS\r\n");
    twice.allow_tls();
    twice.send_after_tls("STLS\r\n");
    CHECK(server.talk(twice).ends_with("-ERR TLS is already on\r\n"));
}

TEST_CASE("pop3 session: commands of one state are refused in the other") {
    pop3_server server;
    for (const auto* line : {"STAT", "LIST", "UIDL", "RETR 1", "TOP 1 1", "DELE 1", "NOOP", "RSET"})
        CHECK(server.talk(std::string(line) + "\r\n") ==
              pop3_greeting + "-ERR not in this state\r\n");
    for (const auto* line : {"USER ann@a.example", "PASS pw", "AUTH PLAIN", "STLS", "UTF8"})
        CHECK(server.as_ann(std::string(line) + "\r\n") == "-ERR not in this state\r\n");
}

TEST_CASE("pop3 session: three bad commands are borne before login, twenty after it") {
    pop3_server server;
    const auto bad = [](int count) {
        std::string lines;
        for (int n = 0; n < count; ++n)
            lines += "X\r\n";
        return lines;
    };
    CHECK(server.talk(bad(3) + "CAPA\r\n").ends_with(".\r\n"));
    CHECK(server.talk(bad(4) + "CAPA\r\n").ends_with("-ERR too many bad commands, closing\r\n"));
    CHECK(server.as_ann(bad(20) + "NOOP\r\n" + bad(20) + "NOOP\r\n").ends_with("+OK ok\r\n"));
    CHECK(server.as_ann(bad(21) + "NOOP\r\n").ends_with("-ERR too many bad commands, closing\r\n"));
}

TEST_CASE("pop3 session: a line that does not end in CRLF is no command") {
    pop3_server server;
    CHECK(server.as_ann("NOOP\nNOOP\r\nNO\rOP\r\n") ==
          "-ERR lines end with CRLF\r\n+OK ok\r\n-ERR lines end with CRLF\r\n");
}

TEST_CASE("pop3 session: RFC 1939 a silent client is left without a word, and nothing is removed") {
    pop3_server server;
    server.parts.fill(1);
    memory_stream silent("", test::when_dry::time_out);
    CHECK(server.talk(silent) == pop3_greeting);
    memory_stream lazy(pop3_login + "DELE 1\r\n", test::when_dry::time_out);
    CHECK(server.talk(lazy).ends_with("+OK message marked as deleted\r\n"));
    CHECK(server.uids() == "1");
}

TEST_CASE("pop3 session: the time until login counts in all, not from one octet to the next") {
    pop3_server server;
    server.config.login_timeout = std::chrono::milliseconds(0);
    CHECK(server.talk(pop3_login) == pop3_greeting);
}

TEST_CASE("pop3 session: E06 a change of the password ends the account's session") {
    pop3_server server;
    pop3_client client(server);
    server.parts.set_password_hash(server.parts.ann, "another");
    CHECK(client.wait_closed() == "-ERR [SYS/TEMP] account has changed\r\n");
}

TEST_CASE("pop3 session: E06 a password that changes while the login is decided ends the session") {
    pop3_server server;
    server.parts.credentials.after_listening = [&] {
        server.parts.credentials.after_listening = nullptr;
        server.parts.set_password_hash_here(server.parts.ann, "another");
    };
    pop3_client client(server, "");
    client.command("USER ann@a.example");
    auto said = client.command("PASS pw");
    said += client.wait_closed();
    CHECK(said.ends_with("-ERR [SYS/TEMP] account has changed\r\n"));
}

TEST_CASE("pop3 session: refused logins of every kind are told to the log with their peer") {
    pop3_server server;
    std::string log;
    {
        const test::log_capture captured(log);
        server.talk(
            "USER ann@a.example\r\nPASS secret-word\r\nUSER off@a.example\r\nPASS pw\r\n"
            "USER busy@a.example\r\nPASS pw\r\n"
            "AUTH PLAIN Ym9iQGEuZXhhbXBsZQBhbm5AYS5leGFtcGxlAHB3\r\n");
    }
    const std::string begin = "login_failed cid=1 proto=pop3 peer=127.0.0.1 user=";
    for (const char* end :
         {"\"ann@a.example\" reason=wrong_password", "\"off@a.example\" reason=switched_off",
          "\"busy@a.example\" reason=busy", "\"ann@a.example\" reason=act_for_other"})
        CHECK_MESSAGE(log.find(begin + end + "\n") != std::string::npos, std::string(end));
    CHECK(log.find("secret-word") == std::string::npos);
}

TEST_CASE("pop3 session: when the server stops, sessions end and nothing is removed") {
    pop3_server server;
    server.parts.fill(1);
    pop3_client client(server);
    client.command("DELE 1");
    client.session().request_stop();
    CHECK(client.wait_closed() == "-ERR [SYS/TEMP] server is shutting down\r\n");
    CHECK(server.uids() == "1");
}

TEST_CASE("pop3 session: LANG and UTF8") {
    pop3_server server;
    CHECK(server.talk("LANG\r\nLANG en-GB\r\nLANG *\r\nLANG de\r\nUTF8\r\n") ==
          pop3_greeting +
              "+OK languages follow\r\nen English\r\ni-default English\r\n.\r\n"
              "+OK en is used from now on\r\n"
              "+OK i-default is used from now on\r\n"
              "-ERR no such language\r\n"
              "+OK UTF-8 enabled\r\n");
}

TEST_CASE("pop3 session: the conversation is the same however the octets are cut") {
    pop3_server server;
    server.parts.fill(3);
    const std::string input =
        "CAPA\r\nUSER ann@a.example\r\nPASS pw\r\nSTAT\r\nLIST\r\nUIDL 2\r\nRETR 1\r\n"
        "TOP 2 0\r\nDELE 3\r\nRSET\r\nQUIT\r\n";
    const auto whole = server.talk(input);
    CHECK(whole.ends_with("+OK until next time\r\n"));
    memory_stream slow(input);
    slow.split_every(1);
    CHECK(server.talk(slow) == whole);
    for (std::size_t cut = 1; cut < input.size(); ++cut) {
        memory_stream peer(input);
        peer.cut_at(cut);
        CHECK(server.talk(peer) == whole);
    }
}

TEST_CASE("pop3 session: B06 a login ends with its client while it looks at a large INBOX") {
    pop3_server server;
    server.parts.fill(700);
    server.parts.copy_all(6);
    server.config.turn = std::chrono::milliseconds(0);
    server.config.look_interval = std::chrono::milliseconds(0);
    for (const bool is_server : {false, true}) {
        pop3_client ann(server, "");
        ann.settle();
        ann.peer().send(test::pop3_login);
        // After the password it looks at INBOX: 20 slices, each a turn.
        for (int n = 0; n < 12; ++n)
            server.parts.io.run_one();
        CHECK(ann.peer().take_output().find("maildrop locked") == std::string::npos);
        if (is_server)
            ann.session().request_stop();
        else
            ann.peer().hang_up();
        CHECK(ann.wait_closed().find("maildrop locked") == std::string::npos);
    }
    CHECK(server.talk(test::pop3_login + "QUIT\r\n").find("maildrop locked") != std::string::npos);
}

TEST_CASE("pop3 session: who is silent for the idle time-out is gone, who speaks is not") {
    pop3_server server;
    auto& time = server.parts.time;
    server.parts.is_time_manual = true;
    server.config.idle_timeout = std::chrono::minutes(10);
    pop3_client ann(server);
    time.advance(std::chrono::seconds(599));
    CHECK(ann.command("NOOP") == "+OK ok\r\n");
    time.advance(std::chrono::seconds(599));
    CHECK(ann.command("STAT") == "+OK 0 0\r\n");
    time.advance(std::chrono::minutes(10));
    // RFC 1939 3: nothing is said.
    CHECK(ann.wait_closed().empty());
    CHECK(ann.peer().is_closed());
}

TEST_CASE("pop3 session: who has not logged in within a minute is gone, however much is said") {
    pop3_server server;
    auto& time = server.parts.time;
    server.parts.is_time_manual = true;
    pop3_client somebody(server, "");
    for (int i = 0; i < 3; ++i) {
        time.advance(std::chrono::seconds(19));
        CHECK(somebody.command("CAPA").starts_with("+OK"));
    }
    time.advance(std::chrono::seconds(3));
    CHECK(somebody.wait_closed().empty());
}
