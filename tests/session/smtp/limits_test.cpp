#include "tests/session/smtp/fake_sink.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <doctest/doctest.h>

#include <chrono>
#include <string>

using namespace hauspost;
using namespace hauspost::test;
using namespace std::chrono_literals;

namespace {

std::string repeat(const std::string& text, std::size_t count) {
    std::string out;
    for (std::size_t i = 0; i < count; ++i)
        out += text;
    return out;
}

std::size_t count(const std::string& said, const std::string& text) {
    std::size_t found = 0;
    for (auto at = said.find(text); at != std::string::npos; at = said.find(text, at + 1))
        ++found;
    return found;
}

}  // namespace

TEST_CASE("smtp limits: the 20th bad command ends the session, the 19th does not") {
    CHECK(codes(talk(repeat("X\r\n", 19) + "QUIT\r\n")) == repeat("500 ", 19) + "221");
    CHECK(codes(talk(repeat("X\r\n", 20) + "QUIT\r\n")) == repeat("500 ", 19) + "421");
    auto off = test_config();
    off->limits.hard_bad_commands = smtp::no_limit<std::size_t>;
    fake_sink sink;
    CHECK(codes(talk(repeat("X\r\n", 50) + "QUIT\r\n", sink, off)) == repeat("500 ", 50) + "221");
}

TEST_CASE("smtp limits: from the 10th bad command on each answer waits a second") {
    auto config = test_config();
    config->limits.bad_command_delay = 1000ms;
    const auto waits_after = [&config](std::size_t bad) {
        manual_clock time;
        const auto began = time.now();
        asio::io_context io(1);
        fake_sink sink;
        memory_stream peer(repeat("X\r\n", bad) + "NOOP\r\nQUIT\r\n");
        smtp::server_session session(peer, {"smtp", sink}, time, config);
        asio::co_spawn(io, session.run(), asio::detached);
        run_until(io, [&] {
            time.advance(time.until_next());
            return peer.is_closed();
        });
        return (time.now() - began) / 1000ms;
    };
    CHECK(waits_after(9) == 0);
    CHECK(waits_after(10) == 1);
    CHECK(waits_after(15) == 6);
    config->limits.soft_bad_commands = smtp::no_limit<std::size_t>;
    CHECK(waits_after(15) == 0);
}

TEST_CASE("smtp limits: a message that was stored forgives what was wrong before") {
    fake_sink sink;
    const auto message = to_ann + "DATA\r\nx\r\n.\r\n";
    CHECK(
        codes(talk(hello + repeat("X\r\n", 19) + message + repeat("X\r\n", 19) + "QUIT\r\n", sink))
            .find("421") == std::string::npos);
}

TEST_CASE("smtp limits: a hundred commands without mail are answered, one more ends the session") {
    fake_sink sink;
    CHECK(codes(talk(repeat("NOOP\r\n", 100) + "QUIT\r\n", sink)) == repeat("250 ", 100) + "221");
    CHECK(codes(talk(repeat("NOOP\r\n", 101) + "QUIT\r\n", sink)) == repeat("250 ", 101) + "421");
    for (const auto* junk : {"RSET\r\n", "HELP\r\n", "VRFY x\r\n", "EHLO c\r\n", "HELO c\r\n"})
        CHECK(codes(talk(repeat(junk, 101) + "QUIT\r\n", sink)).find("421") != std::string::npos);
    auto off = test_config();
    off->limits.max_idle_commands = smtp::no_limit<std::size_t>;
    CHECK(codes(talk(repeat("NOOP\r\n", 150) + "QUIT\r\n", sink, off)).find("421") ==
          std::string::npos);
}

TEST_CASE("smtp limits: A12 recipients up to the limit are taken, the rest waits for later") {
    auto config = test_config();
    config->limits.max_recipients = 3;
    fake_sink sink;
    std::string rcpts;
    for (int i = 0; i < 4; ++i)
        rcpts += "RCPT TO:<r" + std::to_string(i) + "@a.example>\r\n";
    const auto said =
        talk(hello + "MAIL FROM:<>\r\n" + rcpts + "DATA\r\nx\r\n.\r\nQUIT\r\n", sink, config);
    CHECK(codes(said) == "250 250 250 250 250 452 354 250 221");
    CHECK(said.find("452 4.5.3 ") != std::string::npos);
    REQUIRE(sink.stored.size() == 1);
    CHECK(sink.stored[0].envelope.recipients.size() == 3);
    // A12: so many that a counter could overflow: the session ends long before.
    CHECK(codes(talk(hello + "MAIL FROM:<>\r\n" + repeat("RCPT TO:<a@a.example>\r\n", 200), sink,
                     config))
              .find("421") != std::string::npos);
}

TEST_CASE("smtp limits: a recipient that is named again and again is looked up once") {
    fake_sink sink;
    const auto said = talk(hello + "MAIL FROM:<>\r\n" + repeat("RCPT TO:<ann@a.example>\r\n", 50) +
                               "DATA\r\nx\r\n.\r\nQUIT\r\n",
                           sink);
    CHECK(sink.checked == 1);
    REQUIRE(sink.stored.size() == 1);
    CHECK(sink.stored[0].envelope.recipients.size() == 1);
}

TEST_CASE("smtp limits: who asks for a hundred unknown recipients hears no more of any") {
    fake_sink sink;
    std::string rcpts = repeat("RCPT TO:<nobody@a.example>\r\n", 100);
    const auto said = talk(hello + "MAIL FROM:<>\r\nRCPT TO:<ann@a.example>\r\n" + rcpts +
                               "RCPT TO:<ann2@a.example>\r\nDATA\r\nx\r\n.\r\nQUIT\r\n",
                           sink);
    CHECK(count(said, "550 5.1.1 ") == 100);
    CHECK(count(said, "452 4.5.3 ") == 1);
    CHECK(sink.checked == 101);
    // The mail for the one that is known comes in all the same.
    REQUIRE(sink.stored.size() == 1);
    CHECK(sink.stored[0].envelope.recipients.size() == 1);
}

TEST_CASE("smtp limits: so many messages on one connection and not one more") {
    auto config = test_config();
    config->limits.max_messages = 2;
    fake_sink sink;
    const auto message = to_ann + "DATA\r\nx\r\n.\r\n";
    CHECK(codes(talk(hello + repeat(message, 3) + "QUIT\r\n", sink, config)) ==
          "250 250 250 354 250 250 250 354 250 421");
    CHECK(sink.stored.size() == 2);
}

TEST_CASE("smtp limits: so many octets on one connection, then no new message") {
    auto config = test_config();
    config->limits.max_session_octets = 2000;
    fake_sink sink;
    const auto message = to_ann + "DATA\r\n" + std::string(1900, 'x') + "\r\n.\r\n";
    memory_stream peer(hello + message + message);
    peer.split_every(1);
    run_session(peer, sink, config);
    CHECK(codes(peer.output()) == "220 250 250 250 354 250 421");
    CHECK(sink.stored.size() == 1);
}

TEST_CASE("smtp limits: a peer that says nothing hears 421 when its time is over") {
    fake_sink sink;
    for (const auto& input : {std::string(), hello, hello + "MAIL FR",
                              hello + to_ann + "DATA\r\nhalf", hello + to_ann + "BDAT 10\r\nx"}) {
        memory_stream peer(input, when_dry::time_out);
        run_session(peer, sink);
        const auto& said = peer.output();
        CHECK(said.find("421 4.4.2 timed out\r\n") == said.size() - 21);
        CHECK(peer.is_closed());
        CHECK(sink.open == 0);
        CHECK(sink.stored.empty());
    }
}

TEST_CASE(
    "smtp limits: a peer that is silent for five minutes hears 421, one that speaks does not") {
    manual_clock time;
    asio::io_context io(1);
    fake_sink sink;
    memory_stream peer(hello, when_dry::wait);
    peer.use(time);
    smtp::server_session session(peer, {"smtp", sink}, time, test_config());
    asio::co_spawn(io, session.run(), asio::detached);
    const auto settle = [&] {
        run_until(io, [&] {
            return peer.is_closed() || (peer.is_waiting() && peer.unread_input().empty());
        });
        return codes(peer.take_output());
    };
    CHECK(settle() == "220 250");
    time.advance(299s);
    peer.send("NOOP\r\n");
    CHECK(settle() == "250");
    time.advance(299s);
    peer.send("NOO");  // the limit is for the whole line
    CHECK(settle().empty());
    time.advance(1s);
    run_until(io, [&] { return peer.is_closed(); });
    CHECK(codes(peer.take_output()) == "421");
}

TEST_CASE("smtp limits: a command that comes octet by octet has one time limit for all of it") {
    manual_clock time;
    fake_sink sink;
    memory_stream peer("NOOP " + std::string(100, 'x') + "\r\n");
    peer.use(time);
    peer.let_reads_take(10s);
    peer.split_every(1);
    run_session(peer, sink, test_config(), time);
    CHECK(codes(peer.output()) == "220 421");
}

TEST_CASE("smtp limits: message data slower than 500 octets a second is cut off") {
    const auto said_at = [](std::size_t octets_per_read) {
        auto config = test_config();
        manual_clock time;
        config->limits.command_timeout = 1h;
        fake_sink sink;
        memory_stream peer(hello + to_ann + "DATA\r\n" + std::string(499 * 400, 'x') +
                           "\r\n.\r\nQUIT\r\n");
        peer.use(time);
        peer.let_reads_take(1s);
        peer.split_every(octets_per_read);
        run_session(peer, sink, config, time);
        return codes(peer.output());
    };
    CHECK(said_at(490) == "220 250 250 250 354 421");
    CHECK(said_at(510) == "220 250 250 250 354 250 221");
}

TEST_CASE("smtp limits: under stress limits are short and one bad command is enough") {
    auto config = test_config();
    bool is_stressed = true;
    config->is_under_stress = [&is_stressed] { return is_stressed; };
    fake_sink sink;
    CHECK(codes(talk("X\r\nQUIT\r\n", sink, config)) == "421");
    CHECK(codes(talk(repeat("NOOP\r\n", 11) + "QUIT\r\n", sink, config)) ==
          repeat("250 ", 11) + "421");
    CHECK(codes(talk(hello + to_ann + "DATA\r\nx\r\n.\r\nQUIT\r\n", sink, config)) ==
          "250 250 250 354 250 221");
    is_stressed = false;
    CHECK(codes(talk("X\r\nQUIT\r\n", sink, config)) == "500 221");
}

TEST_CASE("smtp limits: under stress a silent peer is waited for ten seconds, not 300") {
    auto config = test_config();
    manual_clock time;
    config->is_under_stress = [] { return true; };
    fake_sink sink;
    memory_stream peer(std::string("NOOP\r\n"));
    peer.use(time);
    peer.let_reads_take(4s);
    peer.split_every(1);
    run_session(peer, sink, config, time);
    CHECK(codes(peer.output()) == "220 421");
}

TEST_CASE("smtp limits: A19 who speaks before the greeting is turned away, if that is wanted") {
    auto config = test_config();
    config->greet_pause = 5s;
    fake_sink sink;
    memory_stream early(hello);
    run_session(early, sink, config);
    CHECK(codes(early.output()) == "554");
    memory_stream patient("", when_dry::time_out);
    run_session(patient, sink, config);
    CHECK(codes(patient.output()) == "220 421");
    memory_stream gone;
    run_session(gone, sink, config);
    CHECK(gone.output().empty());
}

TEST_CASE("smtp limits: stop ends the session after the reply in flight with 421") {
    fake_sink sink;
    asio::io_context io(1);
    memory_stream peer("", when_dry::wait);
    smtp::server_session session(peer, {"smtp", sink}, real_time, test_config());
    const auto talk_and_stop = [](memory_stream& to,
                                  smtp::server_session& with) -> awaitable<void> {
        co_await to.read_until("220 mx.example ESMTP\r\n");
        to.send(hello + to_ann + "DATA\r\n");
        co_await to.read_until("354 end data with <CRLF>.<CRLF>\r\n");
        with.request_stop();  // the message that is coming in is finished
        to.send("x\r\n.\r\nMAIL FROM:<>\r\n");
        co_await to.read_until("421 4.3.2 shutting down, try again later\r\n");
        co_await to.wait_closed();
    };
    asio::co_spawn(io, session.run(), asio::detached);
    run(io, talk_and_stop(peer, session));
    CHECK(codes(peer.output()) == "220 250 250 250 354 250 421");
    CHECK(sink.stored.size() == 1);
}

TEST_CASE("smtp limits: stop wakes a session that waits for its peer") {
    fake_sink sink;
    asio::io_context io(1);
    memory_stream peer("", when_dry::wait);
    smtp::server_session session(peer, {"smtp", sink}, real_time, test_config());
    const auto stop = [](memory_stream& to, smtp::server_session& with) -> awaitable<void> {
        co_await to.read_until("220 mx.example ESMTP\r\n");
        with.request_stop();
        co_await to.wait_closed();
    };
    asio::co_spawn(io, session.run(), asio::detached);
    run(io, stop(peer, session));
    CHECK(codes(peer.output()) == "220 421");
}

TEST_CASE("smtp limits: a peer that reads nothing ends its session alone") {
    fake_sink sink;
    memory_stream peer(repeat("NOOP\r\n", 100));
    peer.stall_output_after(30);
    run_session(peer, sink);
    CHECK(peer.is_closed());
}
