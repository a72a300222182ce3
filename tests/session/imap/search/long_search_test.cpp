// B06: a search that takes long is given up with its client and with the server, and holds up
// nobody else.
#include "tests/support/test_imap.hpp"

#include <boost/asio/post.hpp>
#include <doctest/doctest.h>

#include <atomic>
#include <thread>

using namespace hauspost;
using test::imap_client;
using test::imap_server;

namespace {

constexpr unsigned messages = 200;

/// The store's blobs on a slow disk: 5 ms for each message that a search reads.
class slow_blobs final : public storage::blob_store {
public:
    explicit slow_blobs(storage::blob_store& real) : real_(real) {}
    std::unique_ptr<storage::staged_blob> stage() override { return real_.stage(); }
    awaitable<result<std::size_t>> read(blob_id blob,
                                        std::uint64_t offset,
                                        std::span<char> into) override {
        return real_.read(blob, offset, into);
    }
    result<std::size_t> read_here(blob_id blob,
                                  std::uint64_t offset,
                                  std::span<char> into) override {
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
        ++reads;
        return real_.read_here(blob, offset, into);
    }
    std::atomic<unsigned> reads{0};

private:
    storage::blob_store& real_;
};

/// Ann's INBOX on a slow disk, and her client, who has begun to search it: a second in all.
struct long_search {
    explicit long_search(const std::string& command) {
        server.parts.fill(messages);
        server.parts.blobs = &slow;
        ann = std::make_unique<imap_client>(server);
        ann->command("SELECT INBOX");
        ann->send("s " + command + "\r\n");
        test::run_until(server.parts.io, [this] { return slow.reads > 0; });
    }
    [[nodiscard]] bool is_answered() const {
        return ann->peer().output().find("\r\ns ") != std::string::npos;
    }
    imap_server server;
    slow_blobs slow{server.parts.store().blobs};
    std::unique_ptr<imap_client> ann;
};

const std::string bye = "* BYE [UNAVAILABLE] The server shuts down\r\n";

}  // namespace

TEST_CASE("imap session: B06 a stop of the server ends a long search") {
    for (const std::string command :
         {"SEARCH BODY nothing", "UID SEARCH BODY nothing", "SORT (DATE) UTF-8 BODY nothing",
          "THREAD REFERENCES UTF-8 BODY nothing", "ESEARCH IN (personal) BODY nothing"}) {
        long_search at(command);
        at.ann->session().request_stop();
        CHECK_MESSAGE(at.ann->wait_closed() == bye, command);
        CHECK_MESSAGE(at.slow.reads < messages / 2, command);
    }
}

TEST_CASE("imap session: B06 a stop of the server ends a SORT and a THREAD that read rows") {
    imap_server server;
    server.parts.fill(700);
    server.parts.copy_all(6);
    for (const std::string command : {"SORT (DATE) UTF-8 ALL", "THREAD REFERENCES UTF-8 ALL"}) {
        imap_client ann(server);
        ann.command("SELECT INBOX");
        ann.send("s " + command + "\r\n");
        // The session comes first and gives its turn away after 5 ms.
        asio::post(server.parts.io, [&ann, &server] {
            asio::post(server.parts.io, [&ann] { ann.session().request_stop(); });
        });
        CHECK_MESSAGE(ann.wait_closed() == bye, command);
    }
}

TEST_CASE("imap session: B06 a client that has closed ends its long search") {
    long_search at("SEARCH BODY nothing");
    at.ann->peer().vanish();
    const auto said = at.ann->wait_closed();
    CHECK(said.starts_with("* OK [INPROGRESS (\"s\" "));
    CHECK(said.ends_with(" 200)] Still at it\r\n"));
    CHECK(at.slow.reads < messages * 3 / 4);
}

TEST_CASE("imap session: B06 a client that only sends no more gets all its answers") {
    long_search at("SEARCH BODY nothing");
    at.ann->send("a NOOP\r\nb LOGOUT\r\n");
    at.ann->peer().half_close();
    const auto said = at.ann->wait_closed();
    CHECK(said.starts_with("* OK [INPROGRESS (\"s\" "));
    CHECK(
        said.ends_with("* SEARCH\r\ns OK Searched\r\na OK Done\r\n"
                       "* BYE Until next time\r\nb OK Logged out\r\n"));
    // He was asked once.
    CHECK(said.find("INPROGRESS") == said.rfind("INPROGRESS"));
    CHECK(at.slow.reads == messages);
}

TEST_CASE("imap session: B06 others are answered while one searches") {
    long_search at("SEARCH BODY nothing");
    imap_client other(at.server);
    other.command("SELECT INBOX");
    for (int n = 0; n < 3; ++n)
        CHECK(other.command("NOOP") == "t OK Done\r\n");
    CHECK_FALSE(at.is_answered());
    CHECK(at.slow.reads < messages);
    at.ann->wait_for("s OK Searched\r\n");
    CHECK(at.slow.reads == messages);
}
