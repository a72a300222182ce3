#include "tests/session/smtp/fake_sink.hpp"

#include <doctest/doctest.h>

using namespace hauspost;
using namespace hauspost::test;

TEST_CASE("smtp session: one message is taken and stored as it came") {
    fake_sink sink;
    const auto said = talk(
        "EHLO c.example\r\n"
        "MAIL FROM:<bob@b.example>\r\n"
        "RCPT TO:<ann@a.example>\r\n"
        "DATA\r\n"
        "Subject: hello\r\n"
        "\r\n"
        "..dot\r\n"
        ".\r\n"
        "QUIT\r\n",
        sink);
    CHECK(said ==
          "250-mx.example\r\n"
          "250-PIPELINING\r\n"
          "250-SIZE 52428800\r\n"
          "250-8BITMIME\r\n"
          "250-SMTPUTF8\r\n"
          "250-ENHANCEDSTATUSCODES\r\n"
          "250-CHUNKING\r\n"
          "250-BINARYMIME\r\n"
          "250 LIMITS MAILMAX=100 RCPTMAX=1000\r\n"
          "250 2.1.0 ok\r\n"
          "250 2.1.5 ok\r\n"
          "354 end data with <CRLF>.<CRLF>\r\n"
          "250 2.6.0 stored as ID1\r\n"
          "221 2.0.0 closing\r\n");
    REQUIRE(sink.stored.size() == 1);
    CHECK(sink.stored[0].octets == "Subject: hello\r\n\r\n.dot\r\n");
    const auto& envelope = sink.stored[0].envelope;
    CHECK(envelope.helo == "c.example");
    CHECK(envelope.peer_address == "127.0.0.1");
    CHECK(envelope.protocol == "ESMTP");
    CHECK(envelope.tls.empty());
    CHECK(smtp::to_text(envelope.reverse_path) == "bob@b.example");
    REQUIRE(envelope.recipients.size() == 1);
    CHECK(smtp::to_text(envelope.recipients[0].address) == "ann@a.example");
}

TEST_CASE("smtp session: RCPT before MAIL gets 503 and the session goes on") {
    CHECK(codes(talk(hello + "RCPT TO:<ann@a.example>\r\n"
                             "MAIL FROM:<bob@b.example>\r\n"
                             "RCPT TO:<ann@a.example>\r\n"
                             "QUIT\r\n")) == "250 503 250 250 221");
}

TEST_CASE("smtp session: commands out of order get 503 and move nothing") {
    fake_sink sink;
    CHECK(codes(talk(to_ann + "DATA\r\nQUIT\r\n", sink)) == "503 503 503 221");
    CHECK(codes(talk(hello + "DATA\r\nQUIT\r\n", sink)) == "250 503 221");
    CHECK(codes(talk(hello + to_ann + "MAIL FROM:<x@b.example>\r\nQUIT\r\n", sink)) ==
          "250 250 250 503 221");
    CHECK(codes(talk(hello + to_ann + "RSET\r\nDATA\r\nQUIT\r\n", sink)) ==
          "250 250 250 250 503 221");
    CHECK(codes(talk(hello + to_ann + "EHLO c\r\nDATA\r\nQUIT\r\n", sink)) ==
          "250 250 250 250 503 221");
    CHECK(codes(talk(hello + "MAIL FROM:<>\r\nDATA\r\nQUIT\r\n", sink)) == "250 250 554 221");
    CHECK(sink.stored.empty());
}

TEST_CASE("smtp session: HELO speaks SMTP without extensions") {
    fake_sink sink;
    CHECK(talk("HELO c.example\r\n" + to_ann + "DATA\r\n\r\n.\r\nQUIT\r\n", sink) ==
          "250 mx.example\r\n250 2.1.0 ok\r\n250 2.1.5 ok\r\n354 end data with <CRLF>.<CRLF>\r\n"
          "250 2.6.0 stored as ID1\r\n221 2.0.0 closing\r\n");
    REQUIRE(sink.stored.size() == 1);
    CHECK(sink.stored[0].envelope.protocol == "SMTP");
}

TEST_CASE("smtp session: A19 VRFY and EXPN tell nothing, AUTH is not implemented here") {
    CHECK(talk("VRFY ann\r\nEXPN list\r\nAUTH PLAIN AGEAYg==\r\nHELP\r\nNOOP x\r\nQUIT\r\n") ==
          "252 2.5.2 cannot verify, but will take mail\r\n"
          "252 2.5.2 cannot verify, but will take mail\r\n"
          "502 5.5.1 not implemented\r\n"
          "214 2.0.0 see RFC 5321\r\n"
          "250 2.0.0 ok\r\n"
          "221 2.0.0 closing\r\n");
}

TEST_CASE("smtp session: A20 each refusal of a recipient has its code, in the session") {
    fake_sink sink;
    const auto rcpt = [](const std::string& local, const std::string& domain = "a.example") {
        return "RCPT TO:<" + local + "@" + domain + ">\r\n";
    };
    const auto said = talk(hello + "MAIL FROM:<> SIZE=101\r\n" + rcpt("nobody") + rcpt("off") +
                               rcpt("full") + rcpt("small") + rcpt("loop") + rcpt("later") +
                               rcpt("ann", "other.example") + "RCPT TO:<Postmaster>\r\nQUIT\r\n",
                           sink);
    CHECK(said.find("250 2.1.0 ok\r\n"
                    "550 5.1.1 no such user here\r\n"
                    "550 5.2.1 mailbox is disabled\r\n"
                    "452 4.2.2 mailbox is full, try again later\r\n"
                    "452 4.2.2 mailbox is full, try again later\r\n"
                    "550 5.4.6 mail loop\r\n"
                    "451 4.3.0 local error, try again later\r\n"
                    "550 5.7.1 relaying denied\r\n"
                    "250 2.1.5 ok\r\n"
                    "221 2.0.0 closing\r\n") != std::string::npos);
}

TEST_CASE("smtp session: A19 tricks with addresses do not relay") {
    for (const auto* trick :
         {"u%other.example@b.example", "other.example!u@b.example", "u@other.example@a.example",
          "\"u@other.example\"@b.example", "u@[192.0.2.1]", "u@[IPv6:2001:db8::1]",
          "@a.example:u@other.example", "@a.example,@b.example:u@other.example", "u@OTHER.EXAMPLE",
          "u@other.example.", "u@a.example.", "u@.a.example", "u", "u@", "@a.example",
          "u@a.example.other.example", "u@[a.example]", "ann@a.example\\0"}) {
        CAPTURE(trick);
        fake_sink sink;
        const auto said = codes(
            talk(hello + "MAIL FROM:<>\r\nRCPT TO:<" + trick + ">\r\nDATA\r\nQUIT\r\n", sink));
        CHECK((said == "250 250 550 554 221" || said == "250 250 501 554 221"));
        CHECK(sink.begun == 0);
    }
}

TEST_CASE("smtp session: A12 a recipient named many times is kept once") {
    fake_sink sink;
    std::string input = hello + "MAIL FROM:<>\r\n";
    for (int i = 0; i < 50; ++i)
        input += "RCPT TO:<ann@A.example>\r\n";
    talk(input + "DATA\r\nx\r\n.\r\nQUIT\r\n", sink);
    REQUIRE(sink.stored.size() == 1);
    CHECK(sink.stored[0].envelope.recipients.size() == 1);
}

TEST_CASE("smtp session: parameters of MAIL and RCPT are kept, unknown ones refused") {
    fake_sink sink;
    auto config = test_config();
    config->offer_dsn = true;
    CHECK(
        codes(talk(hello + "MAIL FROM:<bob@b.example> BODY=8BITMIME SIZE=1000 RET=hdrs ENVID=e+2B1 "
                           "SMTPUTF8\r\n"
                           "RCPT TO:<\xc3\xa4nn@a.example> NOTIFY=success,DELAY "
                           "ORCPT=rfc822;ann+40x\r\n"
                           "DATA\r\nx\r\n.\r\n"
                           "MAIL FROM:<bob@b.example> FOO=1\r\n"
                           "MAIL FROM:<bob@b.example> REQUIRETLS\r\n"
                           "MAIL FROM:<bob@b.example> HOLDFOR=60\r\n"
                           "MAIL FROM:<bob@b.example> SIZE=1 SIZE=1\r\n"
                           "MAIL FROM:<b\xc3\xb6"
                           "b@b.example>\r\n"
                           "MAIL FROM:<bob@b.example>\r\n"
                           "RCPT TO:<\xc3\xa4nn@a.example>\r\n"
                           "RCPT TO:<ann@a.example> BAR\r\n"
                           "QUIT\r\n",
                   sink, config)) == "250 250 250 354 250 555 555 555 501 553 250 553 555 221");
    REQUIRE(sink.stored.size() == 1);
    const auto& envelope = sink.stored[0].envelope;
    CHECK(envelope.protocol == "UTF8SMTP");
    CHECK(envelope.is_8bit);
    CHECK(envelope.smtputf8);
    CHECK(envelope.ret == "HDRS");
    CHECK(envelope.envelope_id == "e+2B1");
    CHECK(envelope.announced_octets == 1000);
    CHECK(envelope.recipients[0].notify == "SUCCESS,DELAY");
    CHECK(envelope.recipients[0].original == "rfc822;ann+40x");
}

TEST_CASE("smtp session: pipelined commands are answered by one write") {
    fake_sink sink;
    memory_stream peer(hello + to_ann + "RCPT TO:<eve@a.example>\r\nDATA\r\n");
    run_session(peer, sink);
    // The greeting alone; all answers through 354.
    CHECK(peer.writes() == 2);
    CHECK(codes(peer.output()) == "220 250 250 250 250 354");
}

TEST_CASE(
    "smtp session: A18 HTTP and other things that are no mail are dropped at the first line") {
    for (const auto* first : {"GET / HTTP/1.1", "POST / HTTP/1.1", "CONNECT a:25 HTTP/1.1",
                              "\x16\x03\x01", " EHLO c", "{\"a\":1}"}) {
        CAPTURE(first);
        CHECK(codes(talk(first + ("\r\nHost: x\r\n\r\n" + hello + to_ann))) == "521");
    }
}

TEST_CASE("smtp session: A01 a command line with a bare CR or LF ends the session") {
    CHECK(codes(talk("EHLO c\nMAIL FROM:<>\r\nQUIT\r\n")) == "521");
    CHECK(codes(talk(hello + "MAIL FROM:<>\rRCPT TO:<ann@a.example>\r\nQUIT\r\n")) == "250 521");
}

TEST_CASE("smtp session: A10 a line that is too long is answered once and skipped") {
    const std::string endless(100'000, 'x');
    CHECK(codes(talk("EHLO " + endless + "\r\nNOOP\r\nQUIT\r\n")) == "500 250 221");
    CHECK(codes(talk(endless + "\r\nNOOP\r\nQUIT\r\n")) == "500 250 221");
    const std::string longest = "NOOP " + std::string(2048 - 7, 'x') + "\r\n";
    CHECK(codes(talk(longest + "QUIT\r\n")) == "250 221");
    CHECK(codes(talk("NOOP " + longest.substr(4) + "QUIT\r\n")) == "500 221");
}

TEST_CASE("smtp session: A14 what looks like code in an address stays inert") {
    fake_sink sink;
    for (const auto* text : {"`id`", "${run{id}}", "|id", "%s%n", "'--", "{{7}}"}) {
        CAPTURE(text);
        CHECK(codes(talk(hello + "MAIL FROM:<" + text + "@b.example>\r\nRCPT TO:<\";" + text +
                             ";\"@a.example>\r\nDATA\r\nx\r\n.\r\nQUIT\r\n",
                         sink)) == "250 250 250 354 250 221");
    }
    CHECK(sink.stored.size() == 6);
    CHECK(sink.stored[0].envelope.reverse_path.local_part == "`id`");
}

TEST_CASE("smtp session: reports on delivery are neither offered nor promised without a sender") {
    CHECK(talk(hello).find("DSN") == std::string::npos);
    CHECK(codes(talk(hello + "MAIL FROM:<bob@b.example> RET=HDRS\r\n"
                             "MAIL FROM:<bob@b.example> ENVID=x\r\n"
                             "MAIL FROM:<bob@b.example>\r\n"
                             "RCPT TO:<ann@a.example> NOTIFY=SUCCESS\r\n"
                             "RCPT TO:<ann@a.example> NOTIFY=NEVER\r\n"
                             "RCPT TO:<ann@a.example> ORCPT=rfc822;ann\r\n"
                             "RCPT TO:<ann@a.example>\r\n"
                             "QUIT\r\n")) == "250 555 555 250 555 555 555 250 221");
    auto config = test_config();
    config->offer_dsn = true;
    fake_sink sink;
    CHECK(talk(hello, sink, config).find("250-DSN\r\n") != std::string::npos);
}

TEST_CASE("smtp session: the recipients of a transaction are asked for together") {
    fake_sink sink;
    const std::string two = to_ann + "RCPT TO:<bob@a.example>\r\n";
    memory_stream peer(hello + two + "RSET\r\n" + two + "DATA\r\nx\r\n.\r\n" + two + "QUIT\r\n");
    run_session(peer, sink);
    CHECK(sink.checked == 6);
    CHECK(sink.transactions == 3);
}

TEST_CASE("smtp session: a client's name may be anything, and is harmless in what is kept") {
    fake_sink sink;
    CHECK(codes(talk("EHLO [192.0.2.7] old-printer.example\r\n" + to_ann +
                         "DATA\r\nx\r\n.\r\n"
                         "HELO b\xfcro PC\r\n" +
                         to_ann + "DATA\r\nx\r\n.\r\nQUIT\r\n",
                     sink)) == "250 250 250 354 250 250 250 250 354 250 221");
    REQUIRE(sink.stored.size() == 2);
    CHECK(sink.stored[0].envelope.helo == "[192.0.2.7]");
    CHECK(sink.stored[1].envelope.helo == "b\xef\xbf\xbdro");
}

TEST_CASE("smtp session: a fault of ours is answered 451 and the session goes on") {
    fake_sink sink;
    sink.throws_on_check = true;
    CHECK(codes(talk(hello + to_ann + "NOOP\r\nQUIT\r\n", sink)) == "250 250 451 250 221");
    sink.throws_on_check = false;
    sink.throws_on_begin = true;
    CHECK(codes(talk(hello + to_ann + "DATA\r\nNOOP\r\nQUIT\r\n", sink)) ==
          "250 250 250 451 250 221");
    CHECK(codes(talk(hello + to_ann + "BDAT 6\r\nNOOP\r\nBDAT 0 LAST\r\nQUIT\r\n", sink)) ==
          "250 250 250 451 503 221");
    sink.throws_on_begin = false;
    sink.throws_on_write = true;
    CHECK(codes(talk(hello + to_ann + "DATA\r\nx\r\nNOOP\r\n.\r\nNOOP\r\nQUIT\r\n", sink)) ==
          "250 250 250 354 451 250 221");
}
