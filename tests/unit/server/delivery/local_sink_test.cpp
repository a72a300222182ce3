#include "server/delivery/local_sink.hpp"

#include "protocols/message/summary.hpp"
#include "storage/errc.hpp"
#include "storage/trace_store.hpp"
#include "tests/support/server_parts.hpp"

#include <doctest/doctest.h>
#include <spdlog/sinks/ostream_sink.h>
#include <spdlog/spdlog.h>

#include <chrono>
#include <memory>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

using namespace hauspost;
using namespace hauspost::delivery;
using smtp::delivery_verdict;
using smtp::recipient_verdict;

namespace {

/// A sink on the store of a server's parts.
class sink_rig {
public:
    explicit sink_rig(std::string default_domain = "a.example", sink_config settings = {})
        : settings_(std::move(settings)), default_domain_(std::move(default_domain)) {
        parts.time.set_wall(wall_time(std::chrono::seconds(1'795'429'606)));
    }
    ~sink_rig() { parts.workers.stop(); }  // what the sink gave them is done
    sink_rig(const sink_rig&) = delete;
    sink_rig& operator=(const sink_rig&) = delete;
    [[nodiscard]] const storage::ports& store() const { return parts.store(); }

    account_id add(const std::string& name,
                   std::vector<std::string> forwards = {},
                   bool keep_copy = true,
                   std::uint64_t quota = 0) {
        storage::account account;
        account.name = name;
        account.forwards = std::move(forwards);
        account.keep_copy = keep_copy;
        account.quota_octets = quota;
        return parts.add_account(std::move(account));
    }

    recipient_verdict check(const std::string& local,
                            const std::string& domain = "a.example",
                            std::uint64_t octets = 0) {
        recipient_verdict verdict{};
        const auto ask = [](local_sink& in, smtp::mailbox_address who, std::uint64_t size,
                            recipient_verdict& out) -> awaitable<void> {
            const auto check = in.check_recipients({});
            out = co_await check->ask(std::move(who), size);
        };
        smtp::mailbox_address who;
        who.local_part = local;
        who.domain = domain;
        test::run(parts.io, ask(sink, who, octets, verdict));
        return verdict;
    }

    delivery_verdict deliver(const std::vector<std::string>& local_parts,
                             const std::string& octets) {
        return deliver_by(sink, local_parts, octets);
    }

    delivery_verdict deliver_by(local_sink& by,
                                const std::vector<std::string>& local_parts,
                                const std::string& octets) {
        smtp::envelope envelope;
        envelope.reverse_path.local_part = "sender";
        envelope.reverse_path.domain = "b.example";
        envelope.helo = "c.example";
        envelope.peer_address = "192.0.2.7";
        envelope.protocol = "ESMTP";
        for (const auto& local : local_parts) {
            smtp::envelope_recipient to;
            to.address.local_part = local;
            to.address.domain = "a.example";
            to.notify = "NEVER";
            envelope.recipients.push_back(to);
        }
        delivery_verdict verdict{};
        const auto work = [](local_sink& in, smtp::envelope to, std::string text,
                             delivery_verdict& out) -> awaitable<void> {
            auto shared = std::make_shared<const smtp::envelope>(std::move(to));
            auto message = co_await in.begin(std::move(shared));
            const auto taken = co_await message->write(text);
            CHECK(taken == delivery_verdict::accepted);
            out = co_await message->commit();
        };
        test::run(parts.io, work(by, envelope, octets, verdict));
        return verdict;
    }

    std::vector<test::stored_mail> inbox(const std::string& name) {
        return parts.inbox(parts.credentials.users.at(name));
    }
    std::uint64_t blobs() { return parts.store().keeper.check().blobs; }

    test::server_parts parts;

private:
    sink_config config() {
        sink_config made = settings_;
        made.hostname = "mx.example";
        made.default_domain = default_domain_;
        return made;
    }

    const sink_config settings_;
    const std::string default_domain_;

public:
    local_sink sink{store().directory, store().delivery, parts.arrivals(), parts.time.wall(),
                    config()};
};

/// The answers to its commits are lost.
class unsure_deliveries final : public storage::delivery_store {
public:
    explicit unsure_deliveries(storage::delivery_store& real) : real_(real) {}
    awaitable<storage::delivery_outcome> deliver(storage::delivery_request request) override {
        (void)co_await real_.deliver(std::move(request));
        co_return storage::delivery_outcome(make_error_code(storage::errc::unsure));
    }

private:
    storage::delivery_store& real_;
};

/// A store whose accounts lie apart: of several copies the last one cannot be stored at first.
class accounts_apart final : public storage::delivery_store {
public:
    explicit accounts_apart(int failures) : failures_(failures) {}
    awaitable<storage::delivery_outcome> deliver(storage::delivery_request request) override {
        ids.push_back(request.id.value());
        copies = request.local.size();
        std::vector<error_code> local(copies);
        if (failures_-- > 0) local.back() = make_error_code(storage::errc::busy);
        co_return storage::delivery_outcome(std::move(local), {});
    }
    std::vector<std::uint64_t> ids;
    std::size_t copies = 0;

private:
    int failures_;
};

const std::string text = "Subject: hello\r\nMessage-ID: <1@b.example>\r\n\r\nbody\r\n";

}  // namespace

TEST_CASE("local sink: mail of which nobody knows whether it was stored is to come again") {
    sink_rig rig;
    unsure_deliveries unsure(rig.store().delivery);
    local_sink sink{rig.store().directory, unsure, rig.parts.arrivals(), rig.parts.time.wall(), {}};
    CHECK(rig.deliver_by(sink, {"Ann"}, text) == delivery_verdict::try_again);
    CHECK(rig.deliver({"Ann"}, text) == delivery_verdict::accepted);
    CHECK(rig.inbox("ann@a.example").size() == 2);  // twice is better than lost
}

TEST_CASE("local sink: what was stored for some accounts alone is repeated under its id") {
    sink_rig rig;
    const auto deliver_into = [&](accounts_apart& store) {
        local_sink sink{
            rig.store().directory, store, rig.parts.arrivals(), rig.parts.time.wall(), {}};
        return rig.deliver_by(sink, {"Ann", "bob"}, text);
    };
    accounts_apart once(1);
    CHECK(deliver_into(once) == delivery_verdict::accepted);
    REQUIRE(once.ids.size() == 2);
    CHECK(once.copies == 2);
    CHECK(once.ids[0] != 0);
    CHECK(once.ids[0] == once.ids[1]);
    // For ever: the one reply that SMTP has says that it is to come again, rather than that all is well.
    accounts_apart for_ever(1000);
    CHECK(deliver_into(for_ever) == delivery_verdict::busy);
    CHECK(for_ever.ids.size() == 3);
}

TEST_CASE("local sink: a message reads as trace header and what came in") {
    sink_rig rig;
    CHECK(rig.check("Ann") == recipient_verdict::accepted);
    REQUIRE(rig.deliver({"Ann"}, text) == delivery_verdict::accepted);
    const auto got = rig.inbox("ann@a.example");
    REQUIRE(got.size() == 1);
    CHECK(got[0].prefix ==
          "Return-Path: <sender@b.example>\r\n"
          "Delivered-To: ann@a.example\r\n"
          "X-Original-To: ann@a.example\r\n");
    const auto end = got[0].octets.find("Subject:");
    REQUIRE(end != std::string::npos);
    CHECK(got[0].octets.substr(end) == text);
    const auto received = got[0].octets.substr(0, end);
    CHECK(received.find(
              "Received: from c.example ([192.0.2.7])\r\n\tby mx.example with ESMTP\r\n") == 0);
    CHECK(received.find("\r\n\tfor <Ann@a.example>;\r\n\tMon, 23 Nov 2026 10:26:46 +0000\r\n") !=
          std::string::npos);
    CHECK(got[0].date == 1795429606);
    const auto summary = message::decode(got[0].summary);
    REQUIRE(summary);
    CHECK(summary->message_id == "<1@b.example>");
    CHECK(summary->octets == got[0].octets.size());
}

TEST_CASE("local sink: H09 a message for many is kept once, each account has it once") {
    sink_rig rig;
    rig.parts.add_alias("all@a.example", {"ann@a.example", "bob@a.example"});
    REQUIRE(rig.deliver({"all", "ann", "bob", "ann+x"}, text) == delivery_verdict::accepted);
    const auto ann = rig.inbox("ann@a.example");
    const auto bob = rig.inbox("bob@a.example");
    REQUIRE(ann.size() == 1);
    REQUIRE(bob.size() == 1);
    CHECK(ann[0].blob == bob[0].blob);
    CHECK(rig.blobs() == 1);
    CHECK(ann[0].prefix.find("X-Original-To: all@a.example\r\n") != std::string::npos);
    CHECK(ann[0].octets.find("\tfor <") == std::string::npos);
}

TEST_CASE("local sink: forwards to elsewhere go to the queue in the same commit") {
    sink_rig rig;
    rig.add("cid@a.example", {"x@b.example", "y@c.example"}, true);
    REQUIRE(rig.deliver({"cid"}, text) == delivery_verdict::accepted);
    CHECK(rig.inbox("cid@a.example").size() == 1);
    const auto items = rig.parts.queue();
    REQUIRE(items.size() == 1);
    CHECK(items[0].reverse_path == "sender@b.example");
    REQUIRE(items[0].recipients.size() == 2);
    CHECK(items[0].recipients[0].to == "x@b.example");
    CHECK(items[0].recipients[0].notify == "NEVER");
    CHECK(items[0].prefix == "Delivered-To: cid@a.example\r\n");
    CHECK(items[0].recipients[0].due_at == 1795429606);
    CHECK(rig.blobs() == 1);
}

TEST_CASE("local sink: A20 recipients are refused in the session") {
    sink_rig rig;
    rig.add("small@a.example", {}, true, 1000);
    CHECK(rig.check("nobody") == recipient_verdict::no_such_user);
    CHECK(rig.check("ann", "other.example") == recipient_verdict::relay_denied);
    CHECK(rig.check("ann", "[192.0.2.1]") == recipient_verdict::relay_denied);
    CHECK(rig.check("small", "a.example", 1000) == recipient_verdict::accepted);
    CHECK(rig.check("small", "a.example", 1001) == recipient_verdict::over_quota);
    CHECK(rig.check("postmaster", "") == recipient_verdict::accepted);
    CHECK(rig.check("a\xff") == recipient_verdict::no_such_user);
}

TEST_CASE("local sink: A20 H10 a mailbox that turns out too small delays nobody else") {
    sink_rig rig;
    rig.add("small@a.example", {}, true, 1000);
    const auto large = text + std::string(1000, 'x');
    CHECK(rig.check("small") == recipient_verdict::accepted);  // the size was not announced
    CHECK(rig.deliver({"small", "ann"}, large) == delivery_verdict::accepted);
    CHECK(rig.inbox("ann@a.example").size() == 1);
    CHECK(rig.inbox("small@a.example").size() == 1);
    // From now on it is refused for itself.
    CHECK(rig.check("small") == recipient_verdict::over_quota);
    CHECK(rig.deliver({"small", "ann"}, text) == delivery_verdict::over_quota);
    CHECK(rig.inbox("ann@a.example").size() == 1);
}

TEST_CASE("local sink: nobody behind an alias is passed over when it has no room for the moment") {
    sink_rig rig;
    rig.add("small@a.example", {}, true, 1000);
    rig.parts.add_alias("all@a.example", {"ann@a.example", "small@a.example"});
    CHECK(rig.check("all", "a.example", 5000) == recipient_verdict::accepted);
    REQUIRE(rig.deliver({"all"}, text + std::string(1000, 'x')) == delivery_verdict::accepted);
    CHECK(rig.inbox("small@a.example").size() == 1);
    CHECK(rig.check("all") == recipient_verdict::over_quota);
    // Full since RCPT: all of it comes again.
    CHECK(rig.deliver({"all"}, text) == delivery_verdict::over_quota);
    CHECK(rig.inbox("ann@a.example").size() == 1);
}

TEST_CASE("local sink: who is named twice behind lists leaves once") {
    sink_rig rig;
    rig.parts.add_alias("one@a.example", {"x@b.example", "y@b.example"});
    rig.parts.add_alias("two@a.example", {"y@b.example", "x@b.example"});
    rig.parts.add_alias("three@a.example", {"x@b.example", "z@b.example"});
    REQUIRE(rig.deliver({"one", "one+1", "one+2", "two", "three"}, text) ==
            delivery_verdict::accepted);
    std::string sent;
    for (const auto& item : rig.parts.queue())
        for (const auto& to : item.recipients)
            sent += to.to + " ";
    CHECK(sent == "x@b.example y@b.example z@b.example ");
}

TEST_CASE("local sink: what the owner could not be told is told with the next message") {
    sink_rig rig;
    rig.add("boss@a.example");
    rig.parts.add_alias("postmaster@a.example", {"elsewhere@b.example"});
    rig.parts.add_alias("all@a.example", {"ann@a.example", "gone@a.example"});
    REQUIRE(rig.deliver({"all"}, text) == delivery_verdict::accepted);
    rig.parts.add_alias("postmaster@a.example", {"boss@a.example"});
    rig.parts.time.advance(std::chrono::minutes(10));
    REQUIRE(rig.deliver({"all"}, text) == delivery_verdict::accepted);
    CHECK(rig.inbox("boss@a.example").size() == 1);
}

TEST_CASE("local sink: the log says where each recipient's mail went, and to whom it cannot go") {
    sink_rig rig;
    rig.add("cid@a.example", {"x@b.example"}, true);
    rig.parts.add_alias("all@a.example", {"ann@a.example", "bob@a.example", "gone@a.example"});
    std::ostringstream out;
    const auto before = spdlog::default_logger();
    auto logger = std::make_shared<spdlog::logger>(
        "test", std::make_shared<spdlog::sinks::ostream_sink_st>(out));
    logger->set_pattern("%l %v");
    spdlog::set_default_logger(logger);
    const auto verdict = rig.deliver({"all", "ann+tag", "cid", "all+2"}, text);
    const auto refused = rig.deliver({"gone"}, text);
    spdlog::set_default_logger(before);
    CHECK(verdict == delivery_verdict::accepted);
    CHECK(refused == delivery_verdict::try_again);
    // All lines of one message have its id.
    std::string log = out.str();
    const auto id = log.substr(log.find("id="), log.find(" rcpt=") - log.find("id="));
    for (auto at = log.find(id + ' '); at != std::string::npos; at = log.find(id + ' '))
        log.replace(at, id.size(), "ID");
    CHECK(log ==
          "info deliver ID rcpt=\"all@a.example\" to=\"ann@a.example,bob@a.example\"\n"
          "warning route ID rcpt=\"all@a.example\" lost=\"gone@a.example\" "
          "reason=no_such_user\n"
          "info deliver ID rcpt=\"ann+tag@a.example\" to=\"ann@a.example\"\n"
          "info deliver ID rcpt=\"cid@a.example\" to=\"cid@a.example\"\n"
          "info queue ID rcpt=\"cid@a.example\" to=\"x@b.example\"\n"
          "info deliver ID rcpt=\"all+2@a.example\" with=\"all@a.example\"\n"
          "info report to=\"postmaster@a.example\"\n");
}

TEST_CASE("local sink: the owner is told of targets that get nothing, once a day for each") {
    sink_config with_owner;
    with_owner.routing.owner_mailbox = "boss@a.example";
    sink_rig rig("a.example", with_owner);
    rig.add("boss@a.example");
    rig.parts.add_alias("all@a.example", {"ann@a.example", "gone@a.example"});
    rig.parts.add_alias("few@a.example", {"ann@a.example", "gone@a.example", "left@a.example"});
    REQUIRE(rig.deliver({"all", "all+1", "bob"}, text) == delivery_verdict::accepted);
    const auto told = rig.inbox("boss@a.example");
    REQUIRE(told.size() == 1);
    CHECK(told[0].prefix.find("Return-Path: <>\r\n") == 0);
    CHECK(told[0].octets.find("Auto-Submitted: auto-generated\r\n") != std::string::npos);
    CHECK(told[0].octets.find("Mail to all@a.example also goes to:\r\n\r\n  gone@a.example\r\n"
                              "    (nobody has this address)\r\n") != std::string::npos);
    // Its summary is that of a message like others.
    const auto summary = message::decode(told[0].summary);
    REQUIRE(summary);
    CHECK(summary->octets == told[0].octets.size());
    REQUIRE(rig.deliver({"all+2"}, text) == delivery_verdict::accepted);
    CHECK(rig.inbox("boss@a.example").size() == 1);
    REQUIRE(rig.deliver({"few"}, text) == delivery_verdict::accepted);
    CHECK(rig.inbox("boss@a.example").size() == 2);
    rig.parts.time.advance(std::chrono::hours(24));
    REQUIRE(rig.deliver({"all"}, text) == delivery_verdict::accepted);
    CHECK(rig.inbox("boss@a.example").size() == 3);
}

TEST_CASE("local sink: the postmaster without a domain is that of the first domain") {
    sink_rig rig("");
    CHECK(rig.check("postmaster", "") == recipient_verdict::accepted);
    CHECK(rig.check("nobody", "") == recipient_verdict::no_such_user);
}

TEST_CASE("local sink: A21 a message with 49 Received fields is taken, with 50 it is a loop") {
    sink_rig rig;
    std::string hops;
    for (int i = 0; i < 49; ++i)
        hops += "Received: from x by y; Mon, 23 Nov 2026 10:26:46 +0000\r\n";
    CHECK(rig.deliver({"ann"}, hops + text) == delivery_verdict::accepted);
    CHECK(rig.deliver({"ann"}, "Received: z\r\n" + hops + text) == delivery_verdict::loop);
    CHECK(rig.inbox("ann@a.example").size() == 1);
}

TEST_CASE("local sink: how many Received fields are too many is the setting's to say") {
    const auto verdict = [](std::size_t most, int hops) {
        sink_config config;
        config.max_received_fields = most;
        sink_rig rig("a.example", config);
        std::string fields;
        for (int i = 0; i < hops; ++i)
            fields += "Received: from x by y; Mon, 23 Nov 2026 10:26:46 +0000\r\n";
        return rig.deliver({"ann"}, fields + text);
    };
    CHECK(verdict(3, 2) == delivery_verdict::accepted);
    CHECK(verdict(3, 3) == delivery_verdict::loop);
    CHECK(verdict(0, 100) == delivery_verdict::accepted);
}

TEST_CASE("local sink: A21 a message that left here and came back does not leave again") {
    sink_rig rig;
    rig.add("cid@a.example", {"x@b.example"}, false);
    rig.add("dan@a.example", {"x@b.example"}, true);
    CHECK(rig.deliver({"cid"}, "Delivered-To: Cid@a.example\r\n" + text) == delivery_verdict::loop);
    CHECK(rig.deliver({"cid", "ann"}, "Delivered-To: cid@a.example\r\n" + text) ==
          delivery_verdict::accepted);
    CHECK(rig.deliver({"dan"}, "Delivered-To: dan@a.example\r\n" + text) ==
          delivery_verdict::accepted);
    CHECK(rig.parts.queue().empty());
    CHECK(rig.inbox("ann@a.example").size() == 1);
    CHECK(rig.inbox("dan@a.example").size() == 1);
}

TEST_CASE("local sink: a resent message reaches those who had it before") {
    sink_rig rig;
    rig.parts.add_alias("all@a.example", {"ann@a.example", "bob@a.example"});
    const auto resent = "Delivered-To: bob@a.example\r\n" + text;
    CHECK(rig.deliver({"ann", "bob"}, resent) == delivery_verdict::accepted);
    CHECK(rig.deliver({"all"}, resent) == delivery_verdict::accepted);
    CHECK(rig.inbox("ann@a.example").size() == 2);
    CHECK(rig.inbox("bob@a.example").size() == 2);
}

TEST_CASE("local sink: a recipient that went between RCPT and the end makes the sender try again") {
    sink_rig rig;
    CHECK(rig.deliver({"ann", "gone"}, text) == delivery_verdict::try_again);
    CHECK(rig.inbox("ann@a.example").empty());
}

TEST_CASE("local sink: large messages are parsed by the workers, without them the peer waits") {
    sink_rig rig;
    std::string large = text;
    while (large.size() < 300'000)
        large += std::string(76, 'x') + "\r\n";
    CHECK(rig.deliver({"ann"}, large) == delivery_verdict::accepted);
    const auto got = rig.inbox("ann@a.example");
    REQUIRE(got.size() == 1);
    const auto summary = message::decode(got[0].summary);
    REQUIRE(summary);
    CHECK(summary->octets == got[0].octets.size());
    rig.parts.workers.stop();
    CHECK(rig.deliver({"ann"}, large) == delivery_verdict::busy);
    CHECK(rig.inbox("ann@a.example").size() == 1);
    CHECK(rig.deliver({"ann"}, text) == delivery_verdict::accepted);
}

TEST_CASE("local sink: a message that is dropped before its end leaves nothing") {
    sink_rig rig;
    const auto half = [](local_sink& in) -> awaitable<void> {
        smtp::envelope envelope;
        envelope.recipients.resize(1);
        envelope.recipients[0].address.local_part = "ann";
        envelope.recipients[0].address.domain = "a.example";
        auto shared = std::make_shared<const smtp::envelope>(std::move(envelope));
        auto message = co_await in.begin(std::move(shared));
        const auto taken = co_await message->write(text);
        CHECK(taken == delivery_verdict::accepted);
    };
    test::run(rig.parts.io, half(rig.sink));
    CHECK(rig.inbox("ann@a.example").empty());
    CHECK(rig.blobs() == 0);
}

namespace {

/// "received; stored tom to=... target=... rule"
std::string told(const storage::trace_event& step) {
    return std::to_string(static_cast<int>(step.step)) + " to=" + step.to +
           " target=" + step.target + " by=" + step.by +
           " rule=" + std::to_string(static_cast<int>(step.rule));
}

std::vector<storage::traced_message> traced(sink_rig& rig) {
    std::vector<storage::traced_message> found;
    const auto ask = [](storage::trace_store& trace,
                        std::vector<storage::traced_message>& out) -> awaitable<void> {
        storage::trace_query all;
        auto page = co_await trace.find(std::move(all));
        REQUIRE(page.has_value());
        out = std::move(page->messages);
    };
    test::run(rig.parts.io, ask(rig.store().trace, found));
    return found;
}

std::vector<std::string> steps_of_last(sink_rig& rig) {
    std::vector<std::string> all;
    const auto messages = traced(rig);
    for (const auto& step : messages.at(0).steps)
        all.push_back(told(step));
    return all;
}

}  // namespace

TEST_CASE("sink: the trace says by which rule each recipient's mail went where") {
    using texts = std::vector<std::string>;
    sink_rig rig;
    rig.add("tom@a.example", {"tom@c.example"});
    rig.add("catchall@a.example");
    rig.parts.add_alias("sales@a.example", {"tom@a.example", "x@d.example"});
    REQUIRE(rig.deliver({"tom"}, "Message-ID: <1@b.example>\r\nSubject: s\r\n\r\n") ==
            delivery_verdict::accepted);
    CHECK(steps_of_last(rig) == texts{"1 to= target= by= rule=0",
                                      "4 to=tom@a.example target= by= rule=1",
                                      "5 to=tom@a.example target=tom@c.example by= rule=4"});
    const auto message = traced(rig).at(0);
    CHECK(message.steps[0].from == "sender@b.example");
    CHECK(message.steps[0].peer == "c.example [192.0.2.7]");
    CHECK(message.steps[0].message_id == "1@b.example");
    CHECK(message.steps[0].subject.empty());
    CHECK(message.steps[2].number == 1);
    REQUIRE(rig.deliver({"sales"}, "\r\n") == delivery_verdict::accepted);
    CHECK(steps_of_last(rig) ==
          texts{"1 to= target= by= rule=0", "4 to=sales@a.example target=tom@a.example by= rule=3",
                "5 to=sales@a.example target=x@d.example by= rule=3",
                "5 to=sales@a.example target=tom@c.example by=tom@a.example rule=4"});
    REQUIRE(rig.deliver({"tom+x", "typo", "tom+y"}, "\r\n") == delivery_verdict::accepted);
    CHECK(steps_of_last(rig) ==
          texts{"1 to= target= by= rule=0", "4 to=tom+x@a.example target=tom@a.example by= rule=2",
                "4 to=typo@a.example target=catchall@a.example by= rule=5",
                "4 to=tom+y@a.example target= by=tom@a.example rule=0",
                "5 to=tom+x@a.example target=tom@c.example by=tom@a.example rule=4"});
}

TEST_CASE("sink: the trace has subjects where the owner wants them") {
    sink_config settings;
    settings.trace_subjects = true;
    sink_rig rig("a.example", settings);
    rig.add("tom@a.example");
    REQUIRE(rig.deliver({"tom"}, "Subject: =?utf-8?q?Gr=C3=BC=C3=9Fe?=\r\n from\r\n\r\n") ==
            delivery_verdict::accepted);
    CHECK(traced(rig).at(0).steps[0].subject ==
          "Gr\xC3\xBC\xC3\x9F"
          "e from");
}
