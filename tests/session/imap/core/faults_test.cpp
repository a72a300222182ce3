#include "tests/support/test_imap.hpp"

#include <doctest/doctest.h>

#include <atomic>

using namespace hauspost;
using test::imap_server;
using test::memory_stream;

namespace {

const std::string conversation =
    "a LOGIN {13}\r\nann@a.example pw\r\n"
    "b SELECT INBOX\r\n"
    "c FETCH 1:* (FLAGS BODY[])\r\n"
    "d STORE 1 +FLAGS (\\Flagged)\r\n"
    "e APPEND INBOX {9}\r\n\r\nhello\r\n\r\n"
    "f SEARCH BODY number\r\n"
    "g COPY 1 Archive\r\n"
    "h IDLE\r\nDONE\r\n"
    "i LOGOUT\r\n";

/// Reads of blobs work until the n-th.
class failing_blobs final : public storage::blob_store {
public:
    failing_blobs(storage::blob_store& real, unsigned good) : real_(real), good_(good) {}
    std::unique_ptr<storage::staged_blob> stage() override { return real_.stage(); }
    awaitable<result<std::size_t>> read(blob_id blob,
                                        std::uint64_t offset,
                                        std::span<char> into) override {
        if (good_ == 0 && throws) throw storage::fault("cannot read");
        if (good_ == 0) co_return fail(refusal);
        --good_;
        co_return co_await real_.read(blob, offset, into);
    }
    result<std::size_t> read_here(blob_id blob,
                                  std::uint64_t offset,
                                  std::span<char> into) override {
        if (good_ == 0 && throws) throw storage::fault("cannot read");
        if (good_ == 0) return fail(refusal);
        --good_;
        return real_.read_here(blob, offset, into);
    }
    bool throws = false;
    storage::errc refusal = storage::errc::no_such_message;

private:
    storage::blob_store& real_;
    std::atomic<unsigned> good_;  // searches read on worker threads
};

}  // namespace

TEST_CASE("imap session: each read or write that fails ends the session cleanly") {
    std::size_t operations = 0;
    {
        imap_server server;
        server.parts.fill(3);
        memory_stream whole(conversation);
        whole.split_every(40);
        CHECK(server.talk(whole).ends_with("i OK Logged out\r\n"));
        operations = whole.operations();
    }
    REQUIRE(operations > 10);
    imap_server server;
    server.parts.fill(3);
    for (std::size_t n = 1; n <= operations; ++n) {
        memory_stream peer(conversation);
        peer.split_every(40);
        peer.fail_operation(n);
        server.talk(peer);
        CHECK(peer.is_closed());
    }
    CHECK(server.parts.store().keeper.check().findings.empty());
}

TEST_CASE("imap session: a fault of ours is NO [SERVERBUG] and the session goes on") {
    imap_server server;
    CHECK(server.talk("a LOGIN fault@a.example pw\r\nb LOGIN ann@a.example pw\r\n")
              .find("a NO [SERVERBUG] A fault of this server; please try again later\r\nb OK") !=
          std::string::npos);
}

TEST_CASE("imap session: writes are refused for now while the store stops") {
    imap_server server;
    server.parts.fill(1);
    test::imap_client client(server);
    client.command("SELECT INBOX");
    server.parts.store().keeper.stop();
    CHECK(client.command("STORE 1 +FLAGS (\\Seen)") ==
          "t NO [UNAVAILABLE] The server is busy; try again later\r\n");
    CHECK(client.command("NOOP") == "t OK Done\r\n");
}

TEST_CASE("imap session: a message that cannot be read leaves no half line") {
    imap_server server;
    server.parts.fill(3);
    failing_blobs blobs(server.parts.store().blobs, 1);
    server.parts.blobs = &blobs;
    CHECK(server.in_inbox("a FETCH 1:3 (UID BODY.PEEK[TEXT])\r\nb NOOP\r\n") ==
          "* 1 FETCH (UID 1 BODY[TEXT] {8}\r\nbody 1\r\n)\r\n"
          "a NO [EXPUNGEISSUED] Some of the messages no longer exist\r\nb OK Done\r\n");
    blobs.throws = true;
    CHECK(server.in_inbox("a FETCH 1 (UID BODY.PEEK[TEXT])\r\nb NOOP\r\n") ==
          "a NO [SERVERBUG] A fault of this server; please try again later\r\nb OK Done\r\n");
}

TEST_CASE("imap session: a message that fails half-way ends the connection") {
    imap_server server;
    server.parts.put("Subject: x\r\n\r\n" + std::string(400'000, 'x') + "\r\n", mail::flags::seen);
    for (const bool throws : {false, true}) {
        failing_blobs blobs(server.parts.store().blobs, 2);
        blobs.throws = throws;
        server.parts.blobs = &blobs;
        const auto said = server.in_inbox("a FETCH 1 BODY[]\r\nb NOOP\r\n");
        CHECK(said.starts_with("* 1 FETCH (BODY[] {400016}\r\nSubject: x"));
        CHECK(said.ends_with("xxx"));
    }
}

TEST_CASE("imap session: a busy store makes FETCH fail, it does not hide messages") {
    imap_server server;
    server.parts.fill(3);
    failing_blobs blobs(server.parts.store().blobs, 1);
    blobs.refusal = storage::errc::busy;
    server.parts.blobs = &blobs;
    // What could not be read is not seen.
    CHECK(server.in_inbox("a UID FETCH 1:3 BODY[TEXT]\r\nb SEARCH UNSEEN\r\n") ==
          "* 1 FETCH (UID 1 FLAGS (\\Seen) BODY[TEXT] {8}\r\nbody 1\r\n)\r\n"
          "* 2 FETCH (UID 2 FLAGS ())\r\n* 3 FETCH (UID 3 FLAGS ())\r\n"
          "a NO [UNAVAILABLE] The server is busy; try again later\r\n"
          "* SEARCH 2 3\r\nb OK Searched\r\n");
}

TEST_CASE("imap session: what a fault kept from being read stays unseen, others' flags stay") {
    imap_server server;
    server.parts.put("\r\nx\r\n");
    server.parts.put("\r\nx\r\n", mail::flags::seen);
    server.parts.put("\r\nx\r\n", mail::flags::flagged);
    failing_blobs blobs(server.parts.store().blobs, 0);
    blobs.throws = true;
    server.parts.blobs = &blobs;
    const auto said = server.in_inbox("a FETCH 1:3 BODY[TEXT]\r\nb SEARCH UNSEEN\r\n");
    CHECK(
        said.starts_with("a NO [SERVERBUG] A fault of this server; please try again later\r\n"
                         "* SEARCH 1 3\r\n"));
    server.parts.blobs = nullptr;
    CHECK(server.in_inbox("a FETCH 1:3 FLAGS\r\n") ==
          "* 1 FETCH (FLAGS ())\r\n* 2 FETCH (FLAGS (\\Seen))\r\n* 3 FETCH (FLAGS (\\Flagged))\r\n"
          "a OK Fetched\r\n");
}

TEST_CASE("imap session: a busy store makes SEARCH fail, it is no false \"no match\"") {
    imap_server server;
    server.parts.fill(3);
    for (const unsigned good : {0U, 1U, 2U}) {
        failing_blobs blobs(server.parts.store().blobs, good);
        blobs.refusal = storage::errc::busy;
        server.parts.blobs = &blobs;
        CHECK(server.in_inbox("a SEARCH BODY body\r\n") ==
              "a NO [UNAVAILABLE] The server is busy; try again later\r\n");
    }
}
