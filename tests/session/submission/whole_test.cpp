// Submission through the real store and directory: what arrives here, what waits to leave.
#include "base/base64.hpp"
#include "protocols/smtp/server/server_session.hpp"
#include "server/delivery/local_sink.hpp"
#include "server/outbound/own_addresses.hpp"
#include "server/outbound/submission_sink.hpp"
#include "tests/support/test_pop3.hpp"
#include "tests/support/visit_all.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <doctest/doctest.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

using namespace hauspost;

namespace {

delivery::sink_config relaying() {
    delivery::sink_config made;
    made.hostname = "mx.example";
    made.routing.may_relay = true;
    return made;
}

std::shared_ptr<const smtp::session_config> settings() {
    auto made = std::make_shared<smtp::session_config>();
    made->hostname = "mx.example";
    made->wrong_password_delay = std::chrono::milliseconds(0);
    return made;
}

/// ann@a.example and bob@a.example, who have the password "pw"; info@a.example leads to ann.
class house : public test::pop3_house {
public:
    house() {
        storage::alias info;
        info.name = "info@a.example";
        info.targets = {"ann@a.example"};
        REQUIRE(!wait(store().directory.add_alias(info)));
    }
    ~house() { workers.stop(); }

    /// All that is said to this input behind a login of Ann's.
    std::string submit(const std::string& input) {
        const auto login = base64::encode(std::string("\0ann@a.example\0pw", 17));
        test::memory_stream peer("EHLO c\r\nAUTH PLAIN " + login + "\r\n" + input + "QUIT\r\n");
        return talk(peer);
    }
    std::string talk(test::memory_stream& peer) {
        prepare(peer);
        smtp::server_session session(peer, policy, real_time, settings());
        test::run(io, session.run());
        return peer.output();
    }
    static void prepare(test::memory_stream& peer) {
        auto info = peer.peer();
        info.address = "192.0.2.77";
        info.is_loopback = false;
        peer.set_peer(info);
        peer.set_encrypted();
    }
    std::vector<storage::queue_item> queue() {
        storage::queue_store& waiting = store().queue;
        return wait(waiting.list(queue_id(), 100)).items;
    }
    /// The octets of all messages of an account's INBOX.
    std::vector<std::string> inbox(account_id account) {
        storage::mailbox_store& mail = store().mailboxes;
        const auto box = wait(mail.find(account, "INBOX"));
        REQUIRE(box.has_value());
        std::vector<std::pair<blob_id, std::string>> found;
        const auto visitor = [&found](const storage::message_view& message) {
            found.emplace_back(message.blob,
                               std::string(message.octets - message.prefix.size(), ' '));
            return true;
        };
        REQUIRE_FALSE(wait(
            test::visit_all(mail, {account, box->id}, storage::walk_detail::row_heads, visitor)));
        std::vector<std::string> texts;
        for (auto& [blob, octets] : found) {
            REQUIRE(wait(store().blobs.read(blob, 0, octets)).has_value());
            texts.push_back(std::move(octets));
        }
        return texts;
    }

    const system_monotonic_clock real_time;
    worker_pool workers{"submission", 1, 16};
    delivery::local_sink relay{
        store().directory, store().delivery, {store().blobs, summaries, workers}, time, relaying()};
    outbound::own_addresses senders{store().directory};
    outbound::submission_sink sink{relay, senders, time, "mx.example"};
    const smtp::submission_ports ports{credentials, store().changes, senders};
    const smtp::session_policy policy{"submission", sink, &ports};
};

bool has(const std::string& text, std::string_view part) {
    return text.find(part) != std::string::npos;
}

const std::string from_ann = "MAIL FROM:<ann@a.example>\r\n";

std::string data(const std::string& message) {
    return "DATA\r\n" + message + "\r\n.\r\n";
}

}  // namespace

TEST_CASE_FIXTURE(house,
                  "A29 submitted mail: here it arrives, for elsewhere it waits, by one commit") {
    const auto said = submit(from_ann +
                             "RCPT TO:<bob@a.example>\r\nRCPT TO:<Eve@B.Example>\r\n"
                             "RCPT TO:<hidden@c.example>\r\n" +
                             data("From: ann@a.example\r\nBcc: hidden@c.example\r\n\r\nbody"));
    CHECK(has(said, "250 2.6.0 stored as "));
    const auto here = inbox(bob);
    REQUIRE(here.size() == 1);
    CHECK_FALSE(has(here[0], "hidden@"));
    CHECK(has(here[0], "\r\nDate: "));
    CHECK(has(here[0], "\r\nMessage-ID: <"));
    const auto waiting = queue();
    REQUIRE(waiting.size() == 1);
    CHECK(waiting[0].reverse_path == "ann@a.example");
    REQUIRE(waiting[0].recipients.size() == 2);
    CHECK(waiting[0].recipients[0].to == "eve@b.example");
    CHECK(waiting[0].recipients[1].to == "hidden@c.example");
    // Nothing that only one of them may know stands in front.
    CHECK(waiting[0].prefix.empty());
    CHECK(waiting[0].octets == here[0].size());
}

TEST_CASE_FIXTURE(house,
                  "A29 submitted mail: the trace names neither the client's name nor its address") {
    submit(from_ann + "RCPT TO:<bob@a.example>\r\n" + data("From: ann@a.example\r\n\r\nbody"));
    const auto here = inbox(bob);
    REQUIRE(here.size() == 1);
    CHECK(here[0].starts_with("Received: by mx.example with ESMTPSA (TLSv1.3 "));
    CHECK_FALSE(has(here[0], "192.0.2.77"));
}

TEST_CASE_FIXTURE(house, "A27 submitted mail: a message in another's name leaves nothing at all") {
    const auto before = store().keeper.check().blobs;
    const auto said = submit(from_ann + "RCPT TO:<bob@a.example>\r\nRCPT TO:<eve@b.example>\r\n" +
                             data("From: bob@a.example\r\n\r\nbody"));
    CHECK(has(said, "550 5.7.1 <bob@a.example> is not an address of ann@a.example; "));
    CHECK(has(submit("MAIL FROM:<bob@a.example>\r\n"), "553 5.7.1 <bob@a.example> is not "));
    CHECK(inbox(bob).empty());
    CHECK(queue().empty());
    CHECK(store().keeper.check().blobs == before);
}

TEST_CASE_FIXTURE(house, "submitted mail: an alias of the login may be the sender and the author") {
    const auto said = submit("MAIL FROM:<info@a.example>\r\nRCPT TO:<bob@a.example>\r\n" +
                             data("From: Info <info+news@a.example>\r\n\r\nbody"));
    CHECK(has(said, "250 2.6.0 stored as "));
    CHECK(inbox(bob).size() == 1);
}

TEST_CASE_FIXTURE(house,
                  "submitted mail: an unknown recipient of an own domain is refused at once") {
    CHECK(has(submit(from_ann + "RCPT TO:<nobody@a.example>\r\n"), "550 5.1.1 no such user here"));
}

TEST_CASE_FIXTURE(house,
                  "submitted mail: what an own address forwards has its trace, the rest has not") {
    storage::alias list;
    list.name = "list@a.example";
    list.targets = {"out@d.example"};
    REQUIRE(!wait(store().directory.add_alias(list)));
    submit(from_ann + "RCPT TO:<list@a.example>\r\nRCPT TO:<eve@b.example>\r\n" +
           "RCPT TO:<out@d.example>\r\n" + data("From: ann@a.example\r\n\r\nbody"));
    const auto waiting = queue();
    REQUIRE(waiting.size() == 2);
    std::string all;
    for (const auto& item : waiting) {
        all += item.prefix + '|';
        for (const auto& to : item.recipients)
            all += to.to + ' ';
    }
    // out@d.example is written to once.
    CHECK(all == "Delivered-To: list@a.example\r\n|out@d.example |eve@b.example ");
}

TEST_CASE_FIXTURE(house, "submitted mail: a message that came here once may be sent on by hand") {
    const auto said = submit(from_ann + "RCPT TO:<eve@b.example>\r\n" +
                             data("Delivered-To: eve@b.example\r\nFrom: ann@a.example\r\n\r\nx"));
    CHECK(has(said, "250 2.6.0 stored as "));
    CHECK(queue().size() == 1);
}

TEST_CASE_FIXTURE(house, "A28 submitted mail: without a login nothing is relayed") {
    test::memory_stream peer("EHLO c\r\n" + from_ann + "RCPT TO:<eve@b.example>\r\n" + data("x") +
                             "QUIT\r\n");
    CHECK(has(talk(peer), "530 5.7.0 "));
    CHECK(queue().empty());
}

TEST_CASE_FIXTURE(house,
                  "A28 submitted mail: another password, or a locked account, ends the session") {
    for (const bool is_locked : {false, true}) {
        const auto login = base64::encode(std::string("\0bob@a.example\0pw", 17));
        test::memory_stream peer("EHLO c\r\nAUTH PLAIN " + login + "\r\n", test::when_dry::wait);
        prepare(peer);
        smtp::server_session session(peer, policy, real_time, settings());
        asio::co_spawn(io, session.run(), asio::detached);
        test::run_until(io, [&] { return peer.is_waiting() && peer.unread_input().empty(); });
        CHECK(has(peer.take_output(), "235 2.7.0"));
        storage::account_change wanted;
        if (is_locked)
            wanted.active = false;
        else
            wanted.password_hash = "another";
        change(bob, std::move(wanted));
        test::run_until(io, [&] { return peer.is_closed(); });
        CHECK(peer.take_output() == "421 4.7.0 account has changed, log in again\r\n");
    }
}
