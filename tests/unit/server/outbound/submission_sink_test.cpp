#include "server/outbound/submission_sink.hpp"

#include "base/address.hpp"
#include "tests/support/manual_clock.hpp"
#include "tests/support/run.hpp"

#include <doctest/doctest.h>

#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

using namespace hauspost;
using smtp::delivery_verdict;

namespace {

/// Where messages go: keeps the one that was committed.
class next_sink final : public smtp::mail_sink {
public:
    std::optional<std::string> stored;
    delivery_verdict of_write = delivery_verdict::accepted;
    delivery_verdict of_commit = delivery_verdict::accepted;
    std::size_t open = 0;

    std::unique_ptr<smtp::recipient_check> check_recipients(const smtp::mailbox_address&) override {
        return nullptr;
    }
    awaitable<std::unique_ptr<smtp::incoming_message>> begin(
        std::shared_ptr<const smtp::envelope>) override {
        std::unique_ptr<smtp::incoming_message> made = std::make_unique<message>(*this);
        co_return made;
    }

private:
    class message final : public smtp::incoming_message {
    public:
        explicit message(next_sink& sink) : sink_(sink) { ++sink_.open; }
        ~message() override { --sink_.open; }
        message(const message&) = delete;
        message& operator=(const message&) = delete;
        awaitable<delivery_verdict> write(std::string_view octets) override {
            octets_ += octets;
            co_return sink_.of_write;
        }
        awaitable<delivery_verdict> commit() override {
            if (sink_.of_commit == delivery_verdict::accepted) sink_.stored = octets_;
            co_return sink_.of_commit;
        }
        [[nodiscard]] const std::string& id() const override { return id_; }

    private:
        next_sink& sink_;
        std::string octets_;
        std::string id_ = "ID1";
    };
};

/// Ann may send as ann and info.
class ann_only final : public smtp::sender_rules {
public:
    bool is_broken = false;
    awaitable<bool> may_send_as(account_id user, smtp::mailbox_address sender) override {
        if (is_broken) throw std::runtime_error("broken disk");
        CHECK(user == account_id(7));
        co_return sender.domain == "a.example" &&
            (sender.local_part == "ann" || sender.local_part == "info");
    }
};

struct outcome {
    delivery_verdict verdict = delivery_verdict::try_again;
    std::string why;
};

struct rig {
    next_sink next;
    ann_only rules;
    test::manual_clock time{wall_time(std::chrono::seconds(1'795'429'606))};
    outbound::submission_sink sink{next, rules, time.wall(), "mx.example"};
    bool smtputf8 = false;
    std::string login = "ann@a.example";

    /// In pieces of so many octets.
    outcome submit(const std::string& octets, std::size_t piece = SIZE_MAX) {
        auto to = std::make_shared<smtp::envelope>();
        to->submitter = sasl::identity(account_id(7), login);
        to->smtputf8 = smtputf8;
        outcome end;
        const auto work = [](rig& with, std::shared_ptr<const smtp::envelope> envelope,
                             std::string_view text, std::size_t at_once,
                             outcome& out) -> awaitable<void> {
            auto message = co_await with.sink.begin(std::move(envelope));
            out.verdict = delivery_verdict::accepted;
            while (!text.empty() && out.verdict == delivery_verdict::accepted) {
                const auto part = text.substr(0, at_once);
                text.remove_prefix(part.size());
                out.verdict = co_await message->write(part);
            }
            if (out.verdict == delivery_verdict::accepted) out.verdict = co_await message->commit();
            out.why = message->why();
        };
        test::run(work(*this, std::move(to), octets, piece, end));
        CHECK(next.open == 0);
        return end;
    }
};

const std::string whole = "From: ann@a.example\r\nDate: d\r\nMessage-ID: <1@a>\r\n\r\nbody\r\n";

}  // namespace

TEST_CASE_FIXTURE(rig, "submission sink: a message that lacks nothing is stored as it came") {
    for (const std::size_t piece : {1, 2, 5, 100}) {
        next.stored.reset();
        CHECK(submit(whole, piece).verdict == delivery_verdict::accepted);
        CHECK(next.stored == whole);
    }
}

TEST_CASE_FIXTURE(rig, "submission sink: Date, Message-ID and From are added, Bcc is taken out") {
    CHECK(submit("Bcc: bob@b.example\r\nSubject: x\r\n\r\nbody\r\n").verdict ==
          delivery_verdict::accepted);
    REQUIRE(next.stored);
    const auto& got = *next.stored;
    CHECK(
        got.starts_with("Subject: x\r\nFrom: ann@a.example\r\n"
                        "Date: Mon, 23 Nov 2026 10:26:46 +0000\r\nMessage-ID: <1795429606."));
    CHECK(got.ends_with("@mx.example>\r\n\r\nbody\r\n"));
    next.stored.reset();
    CHECK(submit("").verdict == delivery_verdict::accepted);
    CHECK(next.stored->starts_with("From: ann@a.example\r\n"));
}

TEST_CASE_FIXTURE(rig, "A27 submission sink: an author who is not the user is refused, by name") {
    const auto end = submit("From: Ann <eve@b.example>\r\n\r\nbody\r\n", 3);
    CHECK(end.verdict == delivery_verdict::foreign_author);
    CHECK(end.why.starts_with("<eve@b.example> is not an address of ann@a.example; allowed are "));
    CHECK_FALSE(next.stored);
    CHECK(submit("From: info@a.example, eve@b.example\r\n\r\n").verdict ==
          delivery_verdict::foreign_author);
    CHECK(submit("From: info@a.example\r\nSender: eve@b.example\r\n\r\n").verdict ==
          delivery_verdict::foreign_author);
    CHECK(submit("From: info@a.example\r\nFrom: eve@b.example\r\n\r\n").verdict ==
          delivery_verdict::foreign_author);
    // Without a body, at the very end.
    CHECK(submit("From: eve@b.example").verdict == delivery_verdict::foreign_author);
    CHECK(submit("From: info@a.example\r\nSender: ann@a.example\r\n\r\n").verdict ==
          delivery_verdict::accepted);
}

TEST_CASE_FIXTURE(
    rig, "A27 submission sink: an author who cannot be read is refused, one line of ASCII") {
    for (const std::string value : {"", "ann", "nobody:;", "<>", "ann@"}) {
        const auto end = submit("From: " + value + "\r\n\r\n");
        CHECK_MESSAGE(end.verdict == delivery_verdict::foreign_author, value);
        CHECK_MESSAGE(end.why == "From or Sender field has no valid address", value);
    }
    const auto end = submit("From: \"e\x01\r\n v\xc3\xa9\"@b.example\r\n\r\n");
    CHECK(end.verdict == delivery_verdict::foreign_author);
    CHECK(end.why.find_first_not_of(
              " !\"#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_"
              "`abcdefghijklmnopqrstuvwxyz{|}~") == std::string::npos);
}

TEST_CASE_FIXTURE(rig, "submission sink: a header without end is refused before it is held") {
    const auto end = submit("X: " + std::string(300'000, 'x') + "\r\n\r\n", 1000);
    CHECK(end.verdict == delivery_verdict::bad_header);
    CHECK(end.why == "message header is too long");
    std::string many;
    for (int i = 0; i < 2001; ++i)
        many += "X: y\r\n";
    CHECK(submit(many + "\r\n").verdict == delivery_verdict::bad_header);
}

TEST_CASE_FIXTURE(rig, "submission sink: UTF-8 is written into a header only where it may stand") {
    login = "\xc3\xa4nn@a.example";
    CHECK(submit("Subject: x\r\n\r\n").verdict == delivery_verdict::bad_header);
    smtputf8 = true;
    CHECK(submit("Subject: x\r\n\r\n").verdict == delivery_verdict::accepted);
    CHECK(next.stored->find("From: \xc3\xa4nn@a.example\r\n") != std::string::npos);
}

TEST_CASE_FIXTURE(rig,
                  "submission sink: what the next sink refuses is refused, a fault is for later") {
    next.of_commit = delivery_verdict::over_quota;
    CHECK(submit(whole).verdict == delivery_verdict::over_quota);
    next.of_write = delivery_verdict::disk_full;
    CHECK(submit(whole).verdict == delivery_verdict::disk_full);
    CHECK(submit("From: ann@a.example").verdict == delivery_verdict::disk_full);
    rules.is_broken = true;
    CHECK(submit("From: ann@a.example").verdict == delivery_verdict::try_again);
    CHECK_THROWS(submit(whole));
}
