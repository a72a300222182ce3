#include "tests/session/smtp_client/remote_script.hpp"

#include <boost/asio/error.hpp>
#include <doctest/doctest.h>

using namespace hauspost;
using namespace hauspost::test;
using namespace std::string_literals;

namespace {

const auto to_ann = message_to({"ann@a.example"});
const auto to_three = message_to({"ann@a.example", "ben@a.example", "cid@c.example"});
const std::string mail_bob = "MAIL FROM:<bob@b.example>\r\n";
const std::string rcpt_ann = "RCPT TO:<ann@a.example>\r\n";

/// What became of a message to three recipients, with these replies to MAIL, RCPT and DATA.
std::string outcome_of_three(const std::string& replies, const server_turn& end = stored) {
    std::vector<server_turn> script{greet, offer(), {"DATA\r\n", replies}};
    if (replies.find("354") != std::string::npos) script.push_back(end);
    remote_script remote(script);
    remote.add(to_three);
    CHECK(remote.play().empty());
    return remote.outcome();
}

}  // namespace

TEST_CASE("smtp client: a message is delivered with as few waits as PIPELINING allows") {
    remote_script remote({greet, offer(), take_one, stored});
    remote.add(to_ann);
    CHECK(remote.play().empty());
    CHECK(remote.outcome() == delivered);
    CHECK(remote.server.output() ==
          "EHLO me.example\r\n" + mail_bob + rcpt_ann + "DATA\r\ntext\r\n.\r\nQUIT\r\n");
    CHECK(remote.server.writes() == 5);  // EHLO; the envelope; the octets; the end; QUIT
    CHECK(remote.server.is_closed());
    CHECK(remote.is_played);
}

TEST_CASE("smtp client: without PIPELINING each command waits for its reply") {
    remote_script remote({greet,
                          offer("8BITMIME"),
                          {mail_bob, "250 ok\r\n"},
                          {rcpt_ann, "250 ok\r\n"},
                          {"RCPT TO:<ben@a.example>\r\n", "550 no\r\n"},
                          {"RCPT TO:<cid@c.example>\r\n", "250 ok\r\n"},
                          {"DATA\r\n", "354 go\r\n"},
                          stored});
    remote.add(to_three);
    CHECK(remote.play().empty());
    CHECK(remote.outcome() == delivered + "; permanent replied rcpt 550 no; " + delivered);
    CHECK(remote.server.writes() == 9);
    // Nobody is left: DATA is not even said.
    remote_script refused({greet, offer(""), {mail_bob, "250 ok\r\n"}, {rcpt_ann, "550 no\r\n"}});
    refused.add(to_ann);
    CHECK(refused.play().empty());
    CHECK(refused.outcome() == "permanent replied rcpt 550 no");
    CHECK(refused.server.output().find("DATA") == std::string::npos);
}

TEST_CASE("smtp client: each recipient has an outcome of its own, with the step it comes from") {
    CHECK(outcome_of_three("250 ok\r\n250 ok\r\n550 5.1.1 no\r\n450 4.2.0 later\r\n354 go\r\n") ==
          delivered +
              "; permanent replied rcpt 550 5.1.1 no; "
              "temporary replied rcpt 450 4.2.0 later");
    CHECK(outcome_of_three("250 ok\r\n250 ok\r\n250 ok\r\n251 ok\r\n554 5.7.1 no\r\n") ==
          "permanent replied data 554 5.7.1 no; permanent replied data 554 5.7.1 no; "
          "permanent replied data 554 5.7.1 no");
    CHECK(outcome_of_three("550 5.7.1 you\r\n503 x\r\n503 x\r\n503 x\r\n503 x\r\n") ==
          "permanent replied mail 550 5.7.1 you; permanent replied mail 550 5.7.1 you; "
          "permanent replied mail 550 5.7.1 you");
    CHECK(outcome_of_three("250 ok\r\n550 a\r\n250 ok\r\n550 c\r\n354 go\r\n",
                           {"\r\n.\r\n", "452 4.3.1 full\r\n"}) ==
          "permanent replied rcpt 550 a; temporary replied end_of_data 452 4.3.1 full; "
          "permanent replied rcpt 550 c");
}

TEST_CASE("smtp client: a server that wants octets for nobody gets a dot alone") {
    for (const auto* replies : {"250 ok\r\n550 a\r\n550 b\r\n550 c\r\n354 go\r\n",
                                "550 no\r\n250 a\r\n250 b\r\n250 c\r\n354 go\r\n"}) {
        remote_script remote(
            {greet, offer(), {"DATA\r\n", replies}, {".\r\n", "554 5.5.1 nobody\r\n"}});
        remote.add(to_three);
        CHECK(remote.play().empty());
        CHECK(remote.outcome().substr(0, 17) == "permanent replied");
        CHECK(remote.server.output().ends_with("DATA\r\n.\r\nQUIT\r\n"));
        CHECK_FALSE(remote.jobs[0].octets.was_read());
    }
}

TEST_CASE("smtp client: A02 only lines of CRLF leave, dots are stuffed, by DATA and by BDAT") {
    for (const auto& [x, sent] : {std::pair{"\r\n"s, "\r\n"s},
                                  {"\n"s, "\r\n"s},
                                  {"\r"s, "\r\n"s},
                                  {"\r\r\n"s, "\r\n\r\n"s},
                                  {"\n\r"s, "\r\n\r\n"s},
                                  {"\0"s, "\0"s}}) {
        for (const std::size_t piece : {1u, 2u, 1000u}) {
            CAPTURE(piece);
            const auto text = "a" + x + "." + x + "RSET" + x + "..b" + x;
            const auto dotless = "a" + sent + "." + sent + "RSET" + sent + "..b" + sent;
            const bool is_line = sent != "\0"s;
            auto stuffed = "a" + sent + (is_line ? ".." : ".") + sent + "RSET" + sent +
                           (is_line ? "..." : "..") + "b" + sent;
            if (!is_line) stuffed += "\r\n";
            remote_script by_data({greet, offer(), take_one, stored});
            by_data.add(to_ann, text_source(text, piece));
            CHECK(by_data.play().empty());
            CHECK(by_data.outcome() == delivered);
            CHECK(by_data.server.output().ends_with("DATA\r\n" + stuffed + ".\r\nQUIT\r\n"));
            const auto chunk = "BDAT " + std::to_string(dotless.size()) + " LAST\r\n" + dotless;
            remote_script by_bdat({greet,
                                   offer("PIPELINING,CHUNKING"),
                                   {rcpt_ann, "250 ok\r\n250 ok\r\n"},
                                   {chunk, "250 2.0.0 stored\r\n"}});
            by_bdat.settings->use_chunking = true;
            by_bdat.add(to_ann, text_source(text, piece));
            CHECK(by_bdat.play().empty());
            CHECK(by_bdat.outcome() == delivered);
            CHECK(by_bdat.server.output().ends_with(rcpt_ann + chunk + "QUIT\r\n"));
        }
    }
}

TEST_CASE("smtp client: an empty message and one without an end of line are whole messages") {
    for (const auto& [text, sent] : {std::pair{""s, ".\r\n"s}, {"a"s, "a\r\n.\r\n"s}}) {
        remote_script remote({greet, offer(), take_one, {".\r\n", "250 2.0.0 stored\r\n"}});
        remote.add(to_ann, text_source(text));
        CHECK(remote.play().empty());
        CHECK(remote.outcome() == delivered);
        CHECK(remote.server.output().ends_with("DATA\r\n" + sent + "QUIT\r\n"));
    }
    remote_script by_bdat({greet,
                           offer("PIPELINING,CHUNKING"),
                           {rcpt_ann, "250 ok\r\n250 ok\r\n"},
                           {"BDAT 0 LAST\r\n", "250 2.0.0 stored\r\n"}});
    by_bdat.settings->use_chunking = true;
    by_bdat.add(to_ann, text_source(""));
    CHECK(by_bdat.play().empty());
    CHECK(by_bdat.outcome() == delivered);
}

TEST_CASE("smtp client: BDAT sends large messages in chunks and hears of each") {
    std::string text;
    for (int i = 0; i < 20'000; ++i)
        text += std::string(62, 'x') + "\r\n";
    std::vector<server_turn> script{
        greet, offer("PIPELINING,CHUNKING"), {rcpt_ann, "250 ok\r\n250 ok\r\n"}};
    for (int i = 0; i < 9; ++i)
        script.push_back({"BDAT 131072\r\n", "250 ok\r\n"});
    script.push_back({"BDAT 100352 LAST\r\n", "250 2.0.0 stored\r\n"});
    remote_script remote(script);
    remote.settings->use_chunking = true;
    remote.add(to_ann, text_source(text, 10'000));
    CHECK(remote.play().empty());
    CHECK(remote.outcome() == delivered);
}

TEST_CASE("smtp client: a chunk that is refused ends the message, and RSET comes before the next") {
    std::vector<server_turn> script{
        greet, offer("PIPELINING,CHUNKING"), {rcpt_ann, "250 ok\r\n250 ok\r\n"}};
    script.push_back({"BDAT 131072\r\n", "552 5.3.4 too big\r\n"});
    for (int i = 0; i < 7; ++i)  // those that are under way
        script.push_back({"BDAT 131072\r\n", "503 x\r\n"});
    script.push_back({"RSET\r\n", "250 ok\r\n"});
    script.push_back({rcpt_ann, "250 ok\r\n250 ok\r\n"});
    script.push_back({"LAST\r\n", "250 2.0.0 stored\r\n"});
    remote_script remote(script);
    remote.settings->use_chunking = true;
    remote.add(to_ann, text_source(std::string(3'000'000, 'x')));
    remote.add(to_ann);
    CHECK(remote.play().empty());
    CHECK(remote.outcome() == "permanent replied message 552 5.3.4 too big");
    CHECK(remote.outcome(1) == delivered);
}

TEST_CASE("smtp client: A23 of a refusal that is very long the beginning is kept") {
    std::string said = "250 ok\r\n";
    for (int i = 0; i < 200; ++i)
        said += "550-5.1.1 " + std::string(100, 'x') + "\r\n";
    said += "550 5.1.1 end\r\n503 x\r\n";
    remote_script remote({greet, offer(), {"DATA\r\n", said}});
    remote.add(to_ann);
    CHECK(remote.play().empty());
    const auto& reply = remote.outcomes[0][0].reply;
    CHECK(reply.enhanced == "5.1.1");
    CHECK(reply.text().size() > 1000);
    CHECK(reply.text().size() <= 2048);
}

TEST_CASE("smtp client: parameters are said as they are offered") {
    auto message = message_to({"ann@a.example"});
    message.mail.params.size = 6;
    message.mail.params.body = smtp::body_type::eight_bit;
    message.mail.params.ret = "HDRS";
    message.mail.params.envelope_id = "QQ1";
    message.recipients[0].params.notify = "FAILURE";
    message.recipients[0].params.original = "rfc822;ann@a.example";
    remote_script remote({greet, offer("PIPELINING,SIZE 1000,8BITMIME,DSN"), take_one, stored});
    remote.add(message);
    CHECK(remote.play().empty());
    CHECK(remote.outcome() == delivered);
    CHECK(remote.server.output().find(
              "MAIL FROM:<bob@b.example> SIZE=6 BODY=8BITMIME RET=HDRS ENVID=QQ1\r\n"
              "RCPT TO:<ann@a.example> NOTIFY=FAILURE ORCPT=rfc822;ann@a.example\r\n") !=
          std::string::npos);
}

TEST_CASE("smtp client: A25 what the server cannot take is not sent, and the reason is told") {
    const auto outcome = [](const smtp::outgoing_message& message, const std::string& offered) {
        remote_script remote({greet, offer(offered)});
        remote.add(message);
        CHECK(remote.play().empty());
        CHECK(remote.server.output() == "EHLO me.example\r\nQUIT\r\n");
        CHECK(remote.usable[0]);
        return remote.outcome();
    };
    auto eight_bit = to_ann;
    eight_bit.mail.params.body = smtp::body_type::eight_bit;
    CHECK(outcome(eight_bit, "SMTPUTF8") == "permanent needs_8bitmime mail");
    auto binary = to_ann;
    binary.mail.params.body = smtp::body_type::binary;
    CHECK(outcome(binary, "8BITMIME,CHUNKING") == "permanent needs_binarymime mail");
    auto utf8 = to_ann;
    utf8.mail.params.smtputf8 = true;
    CHECK(outcome(utf8, "8BITMIME") == "permanent needs_smtputf8 mail");
    CHECK(outcome(message_to({"\xc3\xa4nn@a.example"}), "8BITMIME") ==
          "permanent needs_smtputf8 mail");
    auto large = to_ann;
    large.mail.params.size = 1001;
    CHECK(outcome(large, "SIZE 1000") == "permanent too_big mail");
    auto secure = to_ann;
    secure.mail.params.require_tls = true;
    CHECK(outcome(secure, "REQUIRETLS") == "permanent needs_requiretls mail");
    auto odd = to_ann;
    odd.recipients[0].forward_path.local_part = "ann\r\nDATA";
    CHECK(outcome(odd, "PIPELINING") == "permanent bad_address mail");
}

TEST_CASE("smtp client: one recipient that needs SMTPUTF8 does not keep the others from theirs") {
    remote_script remote({greet, offer(), take_one, stored});
    remote.add(message_to({"\xc3\xa4nn@a.example", "ann@a.example"}));
    CHECK(remote.play().empty());
    CHECK(remote.outcome() == "permanent needs_smtputf8 mail; " + delivered);
    // Where it is offered it is said.
    remote_script offered({greet, offer("PIPELINING,SMTPUTF8"), take_one, stored});
    offered.add(message_to({"\xc3\xa4nn@a.example"}));
    CHECK(offered.play().empty());
    CHECK(offered.outcome() == delivered);
    CHECK(offered.server.output().find("MAIL FROM:<bob@b.example> SMTPUTF8\r\n") !=
          std::string::npos);
}

TEST_CASE("smtp client: recipients beyond what the server takes belong into the next transaction") {
    remote_script by_limit({greet,
                            offer("PIPELINING,LIMITS RCPTMAX=2"),
                            {"DATA\r\n", "250 ok\r\n250 ok\r\n250 ok\r\n354 go\r\n"},
                            stored});
    by_limit.add(to_three);
    CHECK(by_limit.play().empty());
    CHECK(by_limit.outcome() == delivered + "; " + delivered + "; postponed next_transaction rcpt");
    remote_script by_domains({greet,
                              offer("PIPELINING,LIMITS RCPTDOMAINMAX=1"),
                              {"DATA\r\n", "250 ok\r\n250 ok\r\n250 ok\r\n354 go\r\n"},
                              stored});
    by_domains.add(to_three);
    CHECK(by_domains.play().empty());
    CHECK(by_domains.outcome() ==
          delivered + "; " + delivered + "; postponed next_transaction rcpt");
    for (const auto* full : {"452 4.5.3 too many", "452 too many", "552 5.5.3 too many"})
        CHECK(outcome_of_three("250 ok\r\n250 ok\r\n250 ok\r\n"s + full + "\r\n354 go\r\n") ==
              delivered + "; " + delivered + "; postponed next_transaction rcpt " + full);
    // A mailbox that is full, and a server that takes nobody.
    CHECK(outcome_of_three("250 ok\r\n250 ok\r\n250 ok\r\n452 4.2.2 full\r\n354 go\r\n") ==
          delivered + "; " + delivered + "; temporary replied rcpt 452 4.2.2 full");
    remote_script nobody({greet, offer(), {"DATA\r\n", "250 ok\r\n452 4.5.3 x\r\n554 x\r\n"}});
    nobody.add(to_ann);
    CHECK(nobody.play().empty());
    CHECK(nobody.outcome() == "temporary replied rcpt 452 4.5.3 x");
}

TEST_CASE("smtp client: many recipients go in groups, and nobody is asked for once it is full") {
    std::vector<std::string> names;
    for (int i = 0; i < 120; ++i)
        names.push_back("u" + std::to_string(i) + "@a.example");
    const auto oks = [](int count) {
        std::string all;
        for (int i = 0; i < count; ++i)
            all += "250 ok\r\n";
        return all;
    };
    remote_script remote({greet,
                          offer(),
                          {"<u48@a.example>\r\n", oks(50)},
                          {"<u98@a.example>\r\n", oks(49) + "452 4.5.3 enough\r\n"},
                          {"DATA\r\n", "354 go\r\n"},
                          stored});
    remote.add(message_to(names));
    CHECK(remote.play().empty());
    CHECK(remote.server.output().find("<u99@a.example>") == std::string::npos);
    REQUIRE(remote.outcomes[0].size() == 120);
    for (std::size_t i = 0; i < 120; ++i)
        CHECK((remote.outcomes[0][i].verdict == smtp::send_verdict::delivered) == (i < 98));
    CHECK(remote.outcomes[0][119].verdict == smtp::send_verdict::postponed);
}

TEST_CASE(
    "smtp client: any number of messages go by one connection, RSET only where it is needed") {
    remote_script remote({greet,
                          offer(),
                          take_one,
                          stored,
                          {"DATA\r\n", "250 ok\r\n550 no\r\n503 x\r\n"},
                          {"RSET\r\n", "250 ok\r\n"},
                          take_one,
                          stored});
    for (int i = 0; i < 3; ++i)
        remote.add(to_ann);
    CHECK(remote.play().empty());
    CHECK(remote.outcome(0) == delivered);
    CHECK(remote.outcome(1) == "permanent replied rcpt 550 no");
    CHECK(remote.outcome(2) == delivered);
    CHECK(remote.server.output().find("RSET") == remote.server.output().rfind("RSET"));
    CHECK(remote.server.output().find("RSET\r\nMAIL") != std::string::npos);
}

TEST_CASE("smtp client: RFC 9422 MAILMAX ends the use of a connection") {
    remote_script remote({greet, offer("PIPELINING,LIMITS MAILMAX=1"), take_one, stored});
    remote.add(to_ann);
    remote.add(to_ann);
    CHECK(remote.play().empty());
    CHECK(remote.outcome(0) == delivered);
    CHECK_FALSE(remote.usable[0]);
    CHECK(remote.outcome(1) == "postponed next_connection mail");
}

TEST_CASE("smtp client: a message that cannot be read to its end never gets one") {
    for (const bool chunks : {false, true}) {
        remote_script remote({greet,
                              offer("PIPELINING,CHUNKING"),
                              {rcpt_ann, "250 ok\r\n250 ok\r\n"},
                              {chunks ? "" : "DATA\r\n", chunks ? "" : "354 go\r\n"}});
        remote.settings->use_chunking = chunks;
        text_source broken(std::string(300'000, 'x') + "\r\n", 200'000);
        broken.failure = asio::error::no_memory;
        remote.add(to_ann, broken);
        remote.add(to_ann);
        CHECK(remote.play().empty());
        CHECK(remote.outcome() == "temporary source_failed message");
        CHECK(remote.outcomes[0][0].error == asio::error::no_memory);
        CHECK(remote.outcome(1) == "postponed next_connection mail");
        const auto& said = remote.server.output();
        CHECK(said.find("\r\n.\r\n") == std::string::npos);
        CHECK(said.find("LAST") == std::string::npos);
        CHECK(said.find("QUIT") == std::string::npos);
        CHECK(remote.server.is_closed());
    }
}

TEST_CASE("smtp client: a fault of the source goes to the caller and ends the connection") {
    remote_script remote({greet, offer(), take_one});
    text_source broken("text");
    broken.throws = true;
    remote.add(to_ann, broken);
    CHECK(remote.play().empty());
    CHECK(remote.has_thrown);
    CHECK_FALSE(remote.usable[0]);
    CHECK(remote.server.output().ends_with("DATA\r\n"));
    CHECK(remote.server.is_closed());
}
