// A store as one behind a network: the answer to a commit is lost, news come twice or not at all.
#include "tests/support/forwarding_mailboxes.hpp"
#include "tests/support/test_imap.hpp"
#include "tests/support/unsteady_feed.hpp"

#include <doctest/doctest.h>

using namespace hauspost;
using test::imap_client;
using test::imap_server;

namespace {

/// The answers to its writes are lost, whether they were done or not.
class unsure_mailboxes final : public test::forwarding_mailboxes {
public:
    using forwarding_mailboxes::forwarding_mailboxes;

    awaitable<result<storage::store_result>> store_flags(storage::store_request request) override {
        if (is_done) (void)co_await real_.store_flags(std::move(request));
        co_return fail(storage::errc::unsure);
    }
    awaitable<error_code> remove(account_id account, std::string name) override {
        if (is_done) (void)co_await real_.remove(account, std::move(name));
        co_return make_error_code(storage::errc::unsure);
    }
    bool is_done = true;
};

const std::string unsure_answer =
    "t NO [UNAVAILABLE] Perhaps done, perhaps not; look before you try again\r\n";

}  // namespace

TEST_CASE("imap session: of a write that ends unsure the client hears that, and what is so") {
    imap_server server;
    server.parts.fill(1);
    unsure_mailboxes unsure(server.parts.store().mailboxes);
    server.parts.mailboxes = &unsure;
    imap_client client(server);
    client.command("SELECT INBOX");
    auto said = client.command("STORE 1 +FLAGS (\\Flagged)");
    CHECK(said.ends_with(unsure_answer));
    said += client.command("NOOP");
    CHECK(said.find("* 1 FETCH (UID 1 FLAGS (\\Flagged))\r\n") != std::string::npos);
    unsure.is_done = false;
    said = client.command("STORE 1 +FLAGS (\\Seen)") + client.command("NOOP");
    CHECK(said == unsure_answer + "t OK Done\r\n");
    CHECK(client.command("FETCH 1 FLAGS") == "* 1 FETCH (FLAGS (\\Flagged))\r\nt OK Fetched\r\n");
}

TEST_CASE("imap session: a selected mailbox whose removal ended unsure is gone, or is not") {
    for (const bool is_done : {true, false}) {
        CAPTURE(is_done);
        imap_server server;
        unsure_mailboxes unsure(server.parts.store().mailboxes);
        unsure.is_done = is_done;
        server.parts.mailboxes = &unsure;
        imap_client client(server), other(server);
        client.command("CREATE box");
        client.command("SELECT box");
        CHECK(other.command("DELETE box") == unsure_answer);
        CHECK(client.command("NOOP").starts_with("* BYE ") == is_done);
    }
}

TEST_CASE("imap session: news that come twice are told once") {
    imap_server server;
    test::unsteady_feed feed(server.parts.store().changes);
    feed.doubles = true;
    server.parts.changes = &feed;
    imap_client idler(server);
    idler.command("SELECT INBOX");
    idler.send("i IDLE\r\n");
    CHECK(idler.wait_for("\r\n") == "+ idling\r\n");
    server.parts.fill(1);
    CHECK(idler.wait_for("RECENT\r\n") == "* 1 EXISTS\r\n* 1 RECENT\r\n");
    CHECK(idler.settle().empty());
    idler.send("DONE\r\n");
    CHECK(idler.wait_for("completed\r\n") == "i OK Idle completed\r\n");
}

TEST_CASE("imap session: what was missed since news were lost is told by the next NOOP") {
    imap_server server;
    test::unsteady_feed feed(server.parts.store().changes);
    feed.loses = true;
    server.parts.changes = &feed;
    imap_client client(server);
    client.command("SELECT INBOX");
    server.parts.fill(1);
    CHECK(client.command("NOOP") == "* 1 EXISTS\r\n* 1 RECENT\r\nt OK Done\r\n");
}

TEST_CASE("imap session: who may have missed that the account was switched off does not stay in") {
    imap_server server;
    test::unsteady_feed feed(server.parts.store().changes);
    feed.loses = true;
    server.parts.changes = &feed;
    imap_client client(server);
    storage::account_change off;
    off.active = false;
    server.parts.change(server.parts.ann, std::move(off));
    CHECK(client.command("NOOP") == "t OK Done\r\n");  // it has not heard of it
    feed.tell_unknown();
    CHECK(client.wait_closed().starts_with("* BYE "));
}

namespace {

/// Counts what sessions ask to see whether something has changed.
class counting_mailboxes final : public test::forwarding_mailboxes {
public:
    using forwarding_mailboxes::forwarding_mailboxes;
    awaitable<result<storage::mailbox_info>> find(account_id account, std::string name) override {
        ++looks;
        return real_.find(account, std::move(name));
    }
    awaitable<result<std::vector<std::string>>> keywords(storage::mailbox_key mailbox) override {
        ++looks;
        return real_.keywords(mailbox);
    }
    int looks = 0;
};

}  // namespace

TEST_CASE("imap session: what the news say is not asked again, but NOOP and CHECK look") {
    imap_server server;
    server.parts.fill(2);
    counting_mailboxes counting(server.parts.store().mailboxes);
    server.parts.mailboxes = &counting;
    imap_client client(server), other(server);
    client.command("SELECT INBOX");
    client.command("FETCH 1 FLAGS");
    counting.looks = 0;
    for (const auto* text : {"FETCH 1:2 FLAGS", "UID FETCH 1:2 FLAGS", "SEARCH KEYWORD x"})
        CHECK(client.command(text).find("OK") != std::string::npos);
    CHECK(counting.looks == 0);
    client.command("NOOP");
    CHECK(counting.looks == 1);
    client.command("CHECK");
    CHECK(counting.looks == 2);
    other.command("SELECT INBOX");
    other.command("STORE 2 +FLAGS ($New)");
    counting.looks = 0;
    CHECK(client.command("FETCH 2 FLAGS").find("FLAGS ($New))") != std::string::npos);
    CHECK(counting.looks > 0);
    counting.looks = 0;
    client.command("FETCH 2 FLAGS");
    CHECK(counting.looks == 0);
}
