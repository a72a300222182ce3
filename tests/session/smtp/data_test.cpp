#include "storage/errc.hpp"
#include "tests/session/smtp/fake_sink.hpp"

#include <doctest/doctest.h>

#include <array>
#include <utility>

using namespace hauspost;
using namespace hauspost::test;
using namespace std::string_literals;

namespace {

const std::array<std::pair<const char*, std::string>, 8> separators{{{"CRLF", "\r\n"},
                                                                     {"LF", "\n"},
                                                                     {"CR", "\r"},
                                                                     {"CRCRLF", "\r\r\n"},
                                                                     {"LFCR", "\n\r"},
                                                                     {"NUL", "\0"s},
                                                                     {"VT", "\v"},
                                                                     {"CRNULLF", "\r\0\n"s}}};

bool is_harmless(const std::string& separator) {
    return separator == "\r\n" || separator == "\v" || separator == "\0"s;
}

const std::string smuggled =
    "MAIL FROM:<evil@b.example>\r\nRCPT TO:<eve@a.example>\r\nDATA\r\nsmuggled\r\n.\r\n";

std::string bdat(const std::string& octets, bool is_last) {
    return "BDAT " + std::to_string(octets.size()) + (is_last ? " LAST\r\n" : "\r\n") + octets;
}

}  // namespace

TEST_CASE("smtp data: A01 of 64 separators around a dot only CRLF.CRLF ends the message") {
    for (const auto& [x_name, x] : separators) {
        for (const auto& [y_name, y] : separators) {
            CAPTURE(x_name);
            CAPTURE(y_name);
            fake_sink sink;
            const auto said = codes(
                talk(hello + to_ann + "DATA\r\ntext" + x + "." + y + smuggled + "QUIT\r\n", sink));
            if (x == "\r\n" && y == "\r\n") {
                CHECK(said == "250 250 250 354 250 250 250 354 250 221");
            } else if (is_harmless(x) && is_harmless(y)) {
                CHECK(said == "250 250 250 354 250 221");
                REQUIRE(sink.stored.size() == 1);
                CHECK(sink.stored[0].octets.find("smuggled") != std::string::npos);
            } else {
                CHECK(said == "250 250 250 354 550 221");
                CHECK(sink.stored.empty());
            }
        }
    }
}

TEST_CASE("smtp data: A03 of 64 separators around a dot none ends a chunk") {
    for (const auto& [x_name, x] : separators) {
        for (const auto& [y_name, y] : separators) {
            CAPTURE(x_name);
            CAPTURE(y_name);
            fake_sink sink;
            const auto body = "text" + x + "." + y + smuggled;
            const auto said = codes(talk(hello + to_ann + bdat(body, true) + "QUIT\r\n", sink));
            if (is_harmless(x) && is_harmless(y)) {
                CHECK(said == "250 250 250 250 221");
                REQUIRE(sink.stored.size() == 1);
                CHECK(sink.stored[0].octets == body);
            } else {
                CHECK(said == "250 250 250 550 221");
                CHECK(sink.stored.empty());
            }
        }
    }
}

TEST_CASE("smtp data: chunks make one message, cut even inside a line end") {
    fake_sink sink;
    CHECK(talk(hello + to_ann + bdat("Subject: x\r", false) + bdat("\n\r\nbody", false) +
                   bdat("", true) + "QUIT\r\n",
               sink)
              .find("250 2.1.5 ok\r\n"
                    "250 2.0.0 octets received\r\n"
                    "250 2.0.0 octets received\r\n"
                    "250 2.6.0 stored as ID1\r\n221") != std::string::npos);
    REQUIRE(sink.stored.size() == 1);
    CHECK(sink.stored[0].octets == "Subject: x\r\n\r\nbody");
}

TEST_CASE("smtp data: BINARYMIME keeps all octets and comes only in chunks") {
    fake_sink sink;
    const auto begin = hello +
                       "MAIL FROM:<> BODY=BINARYMIME\r\n"
                       "RCPT TO:<ann@a.example>\r\n";
    const auto binary = "a\nb\rc\0d\r\n.\r\n"s;
    CHECK(codes(talk(begin + bdat(binary, true) + "QUIT\r\n", sink)) == "250 250 250 250 221");
    REQUIRE(sink.stored.size() == 1);
    CHECK(sink.stored[0].octets == binary);
    CHECK(codes(talk(begin + "DATA\r\nQUIT\r\n", sink)) == "250 250 250 503 221");
}

TEST_CASE("smtp data: A09 a chunk that is out of order is skipped to its last octet") {
    fake_sink sink;
    const std::string trap = "QUIT\r\n" + smuggled;
    CHECK(codes(talk(hello + bdat(trap, true) + "NOOP\r\nQUIT\r\n", sink)) == "250 503 250 221");
    CHECK(codes(talk(hello + "MAIL FROM:<>\r\n" + bdat(trap, false) + "NOOP\r\nQUIT\r\n", sink)) ==
          "250 250 554 250 221");
    CHECK(codes(talk(bdat(trap, true) + "QUIT\r\n", sink)) == "503 221");
    CHECK(codes(talk(hello + to_ann + bdat("x\r\n", false) + "DATA\r\nMAIL FROM:<>\r\n" +
                         "RCPT TO:<ann@a.example>\r\n" + bdat("y\r\n", true) + "QUIT\r\n",
                     sink)) == "250 250 250 250 503 503 503 250 221");
    REQUIRE(sink.stored.size() == 1);
    CHECK(sink.stored[0].octets == "x\r\ny\r\n");
}

TEST_CASE("smtp data: A09 a chunk size that is no number ends the session, nothing is read on") {
    for (const auto* size : {"-1", "+5", "0x10", "18446744073709551616", "5 LAST x", "5 FIRST", "",
                             "9999999999999999999999"}) {
        CAPTURE(size);
        fake_sink sink;
        CHECK(codes(talk(hello + to_ann + "BDAT " + size + "\r\n" + smuggled, sink)) ==
              "250 250 250 501");
        CHECK(sink.begun == 0);
    }
    for (const auto* size : {"9223372036854775808", "18446744073709551615"}) {
        CAPTURE(size);
        CHECK(codes(talk(hello + to_ann + "BDAT " + size + "\r\n" + smuggled)) ==
              "250 250 250 552");
    }
}

TEST_CASE("smtp data: A08 a message may come in so many chunks and no more") {
    auto config = test_config();
    config->limits.max_bdat_chunks = 3;
    fake_sink sink;
    const auto chunk = bdat("x", false);
    CHECK(codes(talk(hello + to_ann + chunk + chunk + bdat("x", true) + "QUIT\r\n", sink,
                     config)) == "250 250 250 250 250 250 221");
    CHECK(codes(talk(hello + to_ann + chunk + chunk + chunk + bdat("x", true) + "QUIT\r\n", sink,
                     config)) == "250 250 250 250 250 250 552 221");
    CHECK(sink.stored.size() == 1);
}

TEST_CASE("smtp data: A08 a million tiny chunks are cut off") {
    for (const auto* chunk : {"BDAT 1\r\nx", "BDAT 0\r\n"}) {
        fake_sink sink;
        std::string input = hello + to_ann;
        for (int i = 0; i < 20'000; ++i)
            input += chunk;
        memory_stream peer(input);
        run_session(peer, sink);
        CHECK(sink.stored.empty());
        CHECK(peer.output().find("552 5.3.4 too many chunks\r\n") != std::string::npos);
        CHECK(peer.output().find("421 4.7.0 too many errors\r\n") != std::string::npos);
        CHECK(peer.is_closed());
    }
}

TEST_CASE("smtp data: the message size has its limit in MAIL, DATA and BDAT") {
    auto config = test_config();
    config->limits.max_message_octets = 10;
    const auto stored_with = [&](const std::string& rest) {
        fake_sink sink;
        const auto said = codes(talk(hello + rest + "QUIT\r\n", sink, config));
        return said + " stored " + std::to_string(sink.stored.size());
    };
    CHECK(stored_with("MAIL FROM:<> SIZE=10\r\n") == "250 250 221 stored 0");
    CHECK(stored_with("MAIL FROM:<> SIZE=11\r\n") == "250 552 221 stored 0");
    CHECK(stored_with("MAIL FROM:<> SIZE=18446744073709551616\r\n") == "250 552 221 stored 0");
    CHECK(stored_with(to_ann + "DATA\r\n12345678\r\n.\r\n") == "250 250 250 354 250 221 stored 1");
    CHECK(stored_with(to_ann + "DATA\r\n..345678\r\n.\r\n") == "250 250 250 354 250 221 stored 1");
    CHECK(stored_with(to_ann + "DATA\r\n123456789\r\n.\r\n") == "250 250 250 354 552 221 stored 0");
    CHECK(stored_with(to_ann + bdat("12345", false) + bdat("67890", true)) ==
          "250 250 250 250 250 221 stored 1");
    CHECK(stored_with(to_ann + bdat("12345", false) + bdat("678901", true)) ==
          "250 250 250 250 552 221 stored 0");
    // Twice the limit is read and thrown away, more is not waited for.
    CHECK(stored_with(to_ann + "DATA\r\n" + std::string(5000, 'x') + "\r\n.\r\n")
              .find("250 250 250 354 552 stored 0") == 0);
    CHECK(stored_with(to_ann + "BDAT 22\r\n" + smuggled).find("250 250 250 552 stored 0") == 0);
}

TEST_CASE("smtp data: what the store answers is said, and nothing of the message stays") {
    const auto said_for = [](smtp::delivery_verdict verdict) {
        fake_sink sink;
        sink.verdict = verdict;
        const auto said = talk(hello + to_ann + "DATA\r\nx\r\n.\r\nDATA\r\nQUIT\r\n", sink);
        const auto from = said.find("<CRLF>.<CRLF>\r\n") + 15;
        return said.substr(from, said.find("\r\n503") - from);
    };
    CHECK(said_for(smtp::delivery_verdict::over_quota) ==
          "452 4.2.2 mailbox is full, try again later");
    CHECK(said_for(smtp::delivery_verdict::disk_full) == "452 4.3.1 out of space, try again later");
    CHECK(said_for(smtp::delivery_verdict::loop) == "550 5.4.6 mail loop");
    CHECK(said_for(smtp::delivery_verdict::busy) == "451 4.3.2 too busy, try again later");
    CHECK(said_for(smtp::delivery_verdict::try_again) == "451 4.3.0 local error, try again later");
    CHECK(said_for(smtp::delivery_verdict::accepted) == "250 2.6.0 stored as ID1");
}

TEST_CASE("smtp data: a full disk while receiving is 452 at the end, and the session goes on") {
    fake_sink sink;
    sink.of_write = smtp::delivery_verdict::disk_full;
    CHECK(codes(talk(hello + to_ann + "DATA\r\nx\r\nQUIT\r\n.\r\nNOOP\r\nQUIT\r\n", sink)) ==
          "250 250 250 354 452 250 221");
    CHECK(codes(talk(hello + to_ann + bdat("x", false) + bdat("y", true) + "QUIT\r\n", sink)) ==
          "250 250 250 452 503 221");
}

TEST_CASE("smtp data: H03 no memory or file left for the message is 451 4.3.2, not a fault") {
    fake_sink sink;
    sink.of_write = smtp::delivery_verdict::busy;
    const auto said = talk(hello + to_ann + "DATA\r\nx\r\n.\r\nNOOP\r\nQUIT\r\n", sink);
    CHECK(said.find("451 4.3.2 too busy, try again later\r\n250 ") != std::string::npos);
}

TEST_CASE("smtp data: large messages reach the store in large pieces") {
    fake_sink sink;
    std::string body;
    while (body.size() < 1'000'000)
        body += std::string(76, 'x') + "\r\n";
    memory_stream peer(hello + to_ann + "DATA\r\n" + body + ".\r\nQUIT\r\n");
    run_session(peer, sink);
    REQUIRE(sink.stored.size() == 1);
    CHECK(sink.stored[0].octets == body);
    CHECK(sink.writes <= body.size() / 65536 + 2);
}

TEST_CASE("smtp data: a peer that goes away inside a message leaves nothing") {
    for (const auto& rest :
         {"DATA\r\nhalf a"s, "DATA\r\nall\r\n."s, bdat("half", false), "BDAT 100 LAST\r\nhalf"s}) {
        fake_sink sink;
        memory_stream peer(hello + to_ann + rest);
        run_session(peer, sink);
        CHECK(sink.begun == 1);
        CHECK(sink.open == 0);
        CHECK(sink.stored.empty());
    }
}
