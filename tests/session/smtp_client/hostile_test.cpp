#include "tests/session/smtp_client/remote_script.hpp"

#include <boost/asio/error.hpp>
#include <doctest/doctest.h>

using namespace hauspost;
using namespace hauspost::test;
using namespace std::chrono_literals;
using namespace std::string_literals;

namespace {

const auto to_two = message_to({"ann@a.example", "ben@a.example"});
const server_turn take_two{"DATA\r\n", "250 ok\r\n250 ok\r\n250 ok\r\n354 go\r\n"};

std::string twice(const std::string& outcome) {
    return outcome + "; " + outcome;
}

/// What becomes of a message to two when the server does this after its greeting and EHLO.
std::string outcome_of(std::vector<server_turn> turns) {
    turns.insert(turns.begin(), {greet, offer()});
    remote_script remote(std::move(turns));
    remote.add(to_two);
    CHECK(remote.play().empty());
    CHECK_FALSE(remote.usable[0]);
    CHECK(remote.server.is_closed());
    return remote.outcome();
}

}  // namespace

TEST_CASE(
    "smtp client: A24 a connection that ends behind the end of the message leaves it unsure") {
    CHECK(outcome_of({take_two, {"\r\n.\r\n", "", 0s, true}}) ==
          twice("temporary unsure end_of_data"));
    CHECK(outcome_of({take_two, {"\r\n.\r\n", "250-half\r\n", 0s, true}}) ==
          twice("temporary unsure end_of_data"));
    CHECK(outcome_of({take_two, {"\r\n.\r\n", "", 601s}}) == twice("temporary unsure end_of_data"));
    CHECK(outcome_of({take_two, {"\r\n.\r\n", "garbage\r\n"}}) ==
          twice("temporary unsure end_of_data"));
    // The server's own word is sure.
    CHECK(outcome_of({take_two, {"\r\n.\r\n", "421 4.3.2 bye\r\n"}}) ==
          twice("temporary replied end_of_data 421 4.3.2 bye"));
    // And before the end nothing was delivered.
    CHECK(outcome_of({{"DATA\r\n", "250 ok\r\n250 ok\r\n250 ok\r\n", 0s, true}}) ==
          twice("temporary lost data"));
}

TEST_CASE("smtp client: 421 anywhere is for the moment, and the end of the connection") {
    CHECK(outcome_of({{"DATA\r\n", "421 4.3.2 bye\r\n"}}) ==
          twice("temporary replied mail 421 4.3.2 bye"));
    CHECK(outcome_of({{"DATA\r\n", "250 ok\r\n550 5.1.1 no\r\n421 bye\r\n"}}) ==
          "permanent replied rcpt 550 5.1.1 no; temporary replied rcpt 421 bye");
    CHECK(outcome_of({{"DATA\r\n", "250 ok\r\n250 ok\r\n250 ok\r\n421 bye\r\n"}}) ==
          twice("temporary replied data 421 bye"));
    // Unasked, as a server says it that has waited long enough.
    remote_script idle({greet, {"EHLO me.example\r\n", "250 mx\r\n421 4.4.2 too long\r\n"}});
    idle.add(to_two);
    CHECK(idle.play().empty());
    CHECK(idle.outcome() == twice("temporary replied mail 421 4.4.2 too long"));
    CHECK(idle.server.output() == "EHLO me.example\r\n");
}

TEST_CASE("smtp client: A23 a server that hangs at any step costs that step's limit") {
    const auto beginning = [](std::vector<server_turn> turns) {
        remote_script remote(std::move(turns));
        remote.server.allow_tls();
        remote.settings->tls = smtp::tls_use::required;
        const auto end = remote.play();
        CHECK(remote.refused->error == asio::error::timed_out);
        return end;
    };
    CHECK(beginning({{"", "", 301s}}) == "temporary timed_out greeting");
    CHECK(beginning({greet, {"EHLO me.example\r\n", "250-mx\r\n", 301s}}) ==
          "temporary timed_out hello");
    CHECK(beginning({greet, offer("STARTTLS"), {"STARTTLS\r\n", "", 301s}}) ==
          "temporary timed_out start_tls");
    CHECK(outcome_of({{"DATA\r\n", "", 301s}}) == twice("temporary timed_out mail"));
    CHECK(outcome_of({{"DATA\r\n", "250 ok\r\n", 0s}, {"", "", 301s}}) ==
          twice("temporary timed_out rcpt"));
    CHECK(outcome_of({{"DATA\r\n", "250 ok\r\n250 ok\r\n250 ok\r\n", 0s}, {"", "", 121s}}) ==
          twice("temporary timed_out data"));
    // One second less is not too late.
    remote_script patient({{"", "", 299s},
                           greet,
                           offer(),
                           take_two,
                           {"\r\n.\r\n", "", 599s},
                           {"", "250 2.0.0 stored\r\n"}});
    patient.add(to_two);
    CHECK(patient.play().empty());
    CHECK(patient.outcome() == twice(delivered));
}

TEST_CASE("smtp client: A23 octets that drip do not make a limit longer") {
    std::vector<server_turn> drip{greet, {"EHLO me.example\r\n", "250-"}};
    for (int i = 0; i < 400; ++i)
        drip.push_back({"", "x", 1s});
    remote_script remote(drip);
    remote.server.let_reads_take(1s);
    CHECK(remote.play() == "temporary timed_out hello");
    // Each step within its limit, but together without end.
    std::vector<std::string> names;
    std::vector<server_turn> slow{
        greet, offer("8BITMIME"), {"MAIL FROM:<bob@b.example>\r\n", "250 ok\r\n"}};
    for (int i = 0; i < 100; ++i) {
        names.push_back("u" + std::to_string(i) + "@a.example");
        slow.push_back({"<" + names.back() + ">\r\n", "", 290s});
        slow.push_back({"", "250 ok\r\n"});
    }
    remote_script endless(slow);
    endless.add(message_to(names));
    CHECK(endless.play().empty());
    CHECK(endless.outcomes[0][99].reason == smtp::send_reason::timed_out);
    CHECK(endless.server.output().find("<u12@") != std::string::npos);
    CHECK(endless.server.output().find("<u13@") == std::string::npos);
}

TEST_CASE("smtp client: A23 replies without end, garbage and mixed codes end the connection") {
    std::string many = "220-";
    for (int i = 0; i < 300; ++i)
        many += "x\r\n220-";
    for (const auto& said : {many, std::string(100'000, '2'), "220-" + std::string(100'000, 'x'),
                             "HTTP/1.1 400 Bad Request\r\n"s, "220-a\r\n250 b\r\n"s,
                             "\x16\x03\x03\x00\x05"s, "\r\n"s}) {
        remote_script remote({{"", said}});
        CHECK(remote.play() == "temporary not_smtp greeting");
        CHECK(remote.refused->error.category() == smtp::dialogue_category());
        CHECK(remote.server.output().empty());
        CHECK(remote.server.is_closed());
    }
    CHECK(outcome_of({{"DATA\r\n", "250 ok\r\n250-ok\r\n550 no\r\n"}}) ==
          twice("temporary not_smtp rcpt"));
}

TEST_CASE("smtp client: answers that come before the questions are not believed") {
    remote_script early({{"", greet.say + "250-mx\r\n250 PIPELINING\r\n"}});
    CHECK(early.play() == "temporary not_smtp hello");
    CHECK(early.server.output().empty());
    CHECK(outcome_of({{"DATA\r\n", take_two.say + "250 2.0.0 stored\r\n"}}) ==
          twice("temporary not_smtp message"));
    remote_script twofold({greet, {"EHLO me.example\r\n", "250 mx\r\n250 again\r\n"}});
    twofold.add(to_two);
    CHECK(twofold.play().empty());
    CHECK(twofold.outcome() == twice("temporary not_smtp mail"));
}

TEST_CASE("smtp client: A15 what a server says is harmless where it is kept") {
    CHECK(outcome_of({{"DATA\r\n", "421 \x1b[2J\n250 ok\r\n"}}) ==
          twice("temporary replied mail 421 ?[2J?250 ok"));
}

TEST_CASE("smtp client: a server that reads no more costs the limit of a block") {
    remote_script remote({greet, offer(), take_two});
    remote.server.stall_output_after(1'000);
    remote.add(to_two, text_source(std::string(1'000'000, 'x')));
    CHECK(remote.play().empty());
    CHECK(remote.outcome() == twice("temporary timed_out message"));
}

TEST_CASE("smtp client: octet by octet all is the same") {
    remote_script remote(
        {greet,
         offer("STARTTLS"),
         {"STARTTLS\r\n", "220 go\r\n"},
         offer("PIPELINING,SIZE 100"),
         {"DATA\r\n", "250 ok\r\n550-5.1.1 no\r\n550 5.1.1 one\r\n250 ok\r\n354 go\r\n"},
         stored});
    remote.server.split_every(1);
    remote.server.allow_tls();
    remote.add(to_two);
    CHECK(remote.play().empty());
    CHECK(remote.outcome() == "permanent replied rcpt 550 5.1.1 no one; " + delivered);
}

TEST_CASE("smtp client: wherever the connection breaks, everybody has an outcome, and a true one") {
    for (const bool chunks : {false, true}) {
        const server_turn rcpts{"<ben@a.example>\r\n", "250 ok\r\n250 ok\r\n250 ok\r\n"};
        std::vector<server_turn> script{greet, offer("PIPELINING,CHUNKING"), rcpts};
        if (chunks) {
            script.push_back({"LAST\r\ntext\r\n", "250 2.0.0 stored\r\n"});
        } else {
            script.push_back({"DATA\r\n", "354 go\r\n"});
            script.push_back(stored);
        }
        bool was_delivered = false;
        for (std::size_t n = 1; n < 60 && !was_delivered; ++n) {
            CAPTURE(n);
            remote_script remote(script);
            remote.settings->use_chunking = chunks;
            remote.server.fail_operation(n);
            remote.add(to_two);
            if (!remote.play().empty()) {
                CHECK(remote.refused->verdict == smtp::send_verdict::temporary);
                continue;
            }
            REQUIRE(remote.outcomes[0].size() == 2);
            const auto& one = remote.outcomes[0][1];
            was_delivered = one.verdict == smtp::send_verdict::delivered;
            const auto& said = remote.server.output();
            const bool is_all_said =
                said.find(chunks ? "LAST\r\ntext\r\n" : "\r\n.\r\n") != std::string::npos;
            if (was_delivered) continue;
            CHECK(one.verdict == smtp::send_verdict::temporary);
            if (is_all_said) CHECK(one.reason == smtp::send_reason::unsure);
            if (one.reason != smtp::send_reason::unsure) CHECK_FALSE(is_all_said);
        }
        CHECK(was_delivered);
    }
}
