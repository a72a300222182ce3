#include "tests/support/test_pop3.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <random>

using namespace hauspost;
using test::memory_stream;
using test::pop3_client;
using test::pop3_login;
using test::pop3_server;

namespace {

/// What a client keeps of an answer to RETR or TOP: stuffed dots gone.
std::string received(std::string_view answer) {
    const auto begin = answer.find("\r\n") + 2;
    REQUIRE(answer.starts_with("+OK"));
    REQUIRE(answer.ends_with(".\r\n"));
    std::string octets;
    for (auto at = begin; at < answer.size() - 3;) {
        if (answer[at] == '.') ++at;
        const auto end = answer.find("\r\n", at) + 2;
        octets += answer.substr(at, end - at);
        at = end;
    }
    return octets;
}

/// Reads of blobs work until the n-th.
class failing_blobs final : public storage::blob_store {
public:
    failing_blobs(storage::blob_store& real, unsigned good) : real_(real), good_(good) {}
    std::unique_ptr<storage::staged_blob> stage() override { return real_.stage(); }
    awaitable<result<std::size_t>> read(blob_id blob,
                                        std::uint64_t offset,
                                        std::span<char> into) override {
        largest = std::max(largest, into.size());
        read_octets += into.size();
        if (good_ == 0 && throws) throw storage::fault("cannot read");
        if (good_ == 0) co_return fail(refusal);
        --good_;
        co_return co_await real_.read(blob, offset, into);
    }
    result<std::size_t> read_here(blob_id blob,
                                  std::uint64_t offset,
                                  std::span<char> into) override {
        return real_.read_here(blob, offset, into);
    }
    bool throws = false;
    storage::errc refusal = storage::errc::no_such_message;
    std::size_t largest = 0;
    std::uint64_t read_octets = 0;

private:
    storage::blob_store& real_;
    unsigned good_;
};

}  // namespace

TEST_CASE("pop3 session: RETR sends the message of this copy, prefix first") {
    pop3_server server;
    server.parts.put("Subject: x\r\n\r\n.dot\r\n", 0, {}, "INBOX",
                     "Return-Path: <bob@b.example>\r\n");
    CHECK(server.as_ann("LIST 1\r\nRETR 1\r\n") ==
          "+OK 1 50\r\n"
          "+OK 50 octets\r\n"
          "Return-Path: <bob@b.example>\r\nSubject: x\r\n\r\n..dot\r\n.\r\n");
}

TEST_CASE("pop3 session: C01 TOP gives the header and so many lines") {
    pop3_server server;
    server.parts.put("Subject: x\r\n\r\none\r\ntwo\r\nthree\r\n");
    CHECK(server.as_ann("TOP 1 0\r\nTOP 1 2\r\n") ==
          "+OK top of message follows\r\nSubject: x\r\n\r\n.\r\n"
          "+OK top of message follows\r\nSubject: x\r\n\r\none\r\ntwo\r\n.\r\n");
    CHECK(received(server.as_ann("TOP 1 2147483648\r\n")) == received(server.as_ann("RETR 1\r\n")));
}

TEST_CASE(
    "pop3 session: UTF-8 in a header goes out as it is, and as long as LIST says, UTF8 or not") {
    pop3_server server;
    const std::string message = "Subject: Gr\xc3\xbc\xc3\x9f\x65\r\n\r\nx\r\n";
    server.parts.put(message);
    const auto list = "+OK 1 " + std::to_string(message.size()) + "\r\n";
    const auto retrieved =
        "+OK " + std::to_string(message.size()) + " octets\r\n" + message + ".\r\n";
    CHECK(server.as_ann("LIST 1\r\nRETR 1\r\n") == list + retrieved);
    const auto said = server.talk("UTF8\r\n" + test::pop3_login + "LIST 1\r\nRETR 1\r\n");
    CHECK(said.ends_with(list + retrieved));
}

TEST_CASE("pop3 session: C04 odd messages arrive whole, and as long as LIST says") {
    pop3_server server;
    const std::string_view alphabet(".\r\n\n\rab\0\x80", 9);
    std::mt19937 random(2449);
    std::vector<std::string> messages{"",
                                      "\r\n",
                                      "A: b",
                                      "A: b\r\n",
                                      "A: b\n\nbare\n.\n",
                                      "A: b\r\n\r\nno end",
                                      "A: b\r\n\r\n.\r\n..\r\n",
                                      "A: b\r\n\r\n" + std::string(300'000, '.'),
                                      "A: b\r\n\r\n" + std::string(131'072 - 9, 'x') + "\r\n.\r\n",
                                      "A: b\r\n\r\n" + std::string(300'000, '\n')};
    for (int n = 0; n < 60; ++n) {
        std::string text(random() % 300, 'x');
        for (auto& octet : text)
            if (random() % 8 == 0) octet = alphabet[random() % alphabet.size()];
        messages.push_back("A: b\r\n\r\n" + text);
    }
    for (std::size_t n = 0; n < messages.size(); ++n)
        server.parts.put(messages[n], 0, {}, "INBOX", n % 2 != 0 ? "Return-Path: <>\r\n" : "");
    for (std::size_t n = 1; n <= messages.size(); ++n) {
        CAPTURE(n);
        const auto number = std::to_string(n);
        const auto listed = server.as_ann("LIST " + number + "\r\n");
        const auto octets = received(server.as_ann("RETR " + number + "\r\n"));
        CHECK(listed == "+OK " + number + ' ' + std::to_string(octets.size()) + "\r\n");
        CHECK(octets.find('\0') == std::string::npos);
        CHECK(("\r\n" + octets).find("\r\n\r\n") != std::string::npos);
    }
}

TEST_CASE("pop3 session: C04 a line of 20 MB goes through with bounded memory") {
    pop3_server server;
    const std::string message = "A: b\r\n\r\n" + std::string(20'000'000, 'x') + "\r\n";
    server.parts.put(message);
    failing_blobs blobs(server.parts.store().blobs, UINT_MAX);
    server.parts.blobs = &blobs;
    memory_stream peer(pop3_login + "RETR 1\r\nQUIT\r\n");
    const auto said = server.talk(peer);
    const auto begin = said.find("octets\r\n") + 8;
    CHECK(said.substr(begin, message.size()) == message);
    CHECK(said.ends_with("x\r\n.\r\n+OK until next time\r\n"));
    CHECK(blobs.largest <= 128 * 1024);
    CHECK(peer.writes() > message.size() / (300 * 1024));
}

TEST_CASE("pop3 session: TOP reads little of a large message") {
    pop3_server server;
    server.parts.put("A: b\r\n\r\n" + std::string(5'000'000, 'x') + "\r\n");
    failing_blobs blobs(server.parts.store().blobs, UINT_MAX);
    server.parts.blobs = &blobs;
    server.as_ann("TOP 1 0\r\n");
    CHECK(blobs.read_octets <= 16 * 1024);
}

TEST_CASE("pop3 session: B11 a client that does not read its mail is left after a while") {
    pop3_server server;
    server.parts.put("A: b\r\n\r\n" + std::string(5'000'000, 'x') + "\r\n");
    failing_blobs blobs(server.parts.store().blobs, UINT_MAX);
    server.parts.blobs = &blobs;
    memory_stream peer(pop3_login + "RETR 1\r\nRETR 1\r\nDELE 1\r\nQUIT\r\n");
    peer.stall_output_after(100'000);
    server.talk(peer);
    CHECK(blobs.read_octets <= 512 * 1024);
    CHECK(server.uids() == "1");
    CHECK(server.seen_uids().empty());
}

TEST_CASE("pop3 session: a message that cannot be read is an -ERR and the session goes on") {
    pop3_server server;
    server.parts.fill(1);
    failing_blobs blobs(server.parts.store().blobs, 0);
    server.parts.blobs = &blobs;
    CHECK(server.as_ann("RETR 1\r\nNOOP\r\n") ==
          "-ERR message was removed by another session\r\n+OK ok\r\n");
    blobs.refusal = storage::errc::busy;
    CHECK(server.as_ann("RETR 1\r\nNOOP\r\n") ==
          "-ERR [SYS/TEMP] server busy, try again later\r\n+OK ok\r\n");
    blobs.throws = true;
    CHECK(server.as_ann("RETR 1\r\nNOOP\r\n") ==
          "-ERR [SYS/TEMP] server error, try again later\r\n+OK ok\r\n");
    CHECK(server.seen_uids().empty());
}

TEST_CASE(
    "pop3 session: a message that fails half-way ends the connection, its mark is not taken") {
    pop3_server server;
    server.parts.put("A: b\r\n\r\n" + std::string(400'000, 'x') + "\r\n");
    for (const bool throws : {false, true}) {
        failing_blobs blobs(server.parts.store().blobs, 2);
        blobs.throws = throws;
        server.parts.blobs = &blobs;
        const auto said = server.as_ann("RETR 1\r\nDELE 1\r\nQUIT\r\n");
        CHECK(said.starts_with("+OK 400010 octets\r\nA: b"));
        CHECK(said.ends_with("x"));
        server.parts.blobs = nullptr;
        CHECK(server.uids() == "1");
    }
}

TEST_CASE("pop3 session: each read or write that fails ends the session cleanly") {
    const std::string conversation =
        pop3_login + "STAT\r\nLIST\r\nUIDL\r\nRETR 1\r\nTOP 2 1\r\nDELE 3\r\nRSET\r\nQUIT\r\n";
    pop3_server server;
    server.parts.fill(3);
    memory_stream whole(conversation);
    whole.split_every(20);
    CHECK(server.talk(whole).ends_with("+OK until next time\r\n"));
    REQUIRE(whole.operations() > 10);
    for (std::size_t n = 1; n <= whole.operations(); ++n) {
        memory_stream peer(conversation);
        peer.split_every(20);
        peer.fail_operation(n);
        server.talk(peer);
        CHECK(peer.is_closed());
    }
    CHECK(server.uids() == "1 2 3");
    CHECK(server.parts.store().keeper.check().findings.empty());
}
