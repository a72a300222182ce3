// `resend`: which message is meant, who sends it, and what is refused.
#include "tests/unit/admin/fixture.hpp"

#include <doctest/doctest.h>

using namespace hauspost;
using test::contains;

namespace {

class told_resending final : public admin::resending {
public:
    awaitable<admin::resend_end> send(admin::resend_order order) override {
        asked = order;
        ++count;
        admin::resend_end made;
        made.how = how;
        made.id = "0R00000000001";
        co_return made;
    }
    admin::resend_order asked;
    int count = 0;
    admin::resend_end::verdict how = admin::resend_end::verdict::taken;
};

const auto id = storage::to_text(storage::trace_id(77));

struct resendable : test::furnished {
    resendable() {
        ports.again = &again;
        storage::traced_message life;
        storage::trace_event came, stored, other;
        came.step = storage::trace_step::received;
        came.from = "eve@elsewhere.example";
        came.id = stored.id = storage::trace_id(77);
        came.blob = blob_id(5);
        stored.step = storage::trace_step::stored;
        stored.to = "anna@a.example";
        other.id = storage::trace_id(78);  // a page may hold more than was asked for
        other.blob = blob_id(6);
        life.steps = {came, stored, other};
        trace.page.messages.push_back(life);
        storage::queue_item item;
        item.id = queue_id(3);
        item.blob = blob_id(9);
        item.reverse_path = "anna@a.example";
        item.recipients.resize(1);
        item.recipients[0].to = "x@elsewhere.example";
        queue.items.push_back(item);
    }
    std::string resend(const std::string& which, const std::string& to) {
        return ask(R"({"command":"resend","id":")" + which + R"(","to":")" + to + "\"}");
    }
    told_resending again;
};

}  // namespace

TEST_CASE_FIXTURE(resendable,
                  "admin resend: a message of the trace, from the postmaster it was for") {
    CHECK(resend(id, "Carl@C.example") ==
          R"({"id":")" + id + R"(","to":"carl@c.example","sent_as":"0R00000000001"})");
    CHECK(again.asked.blob == blob_id(5));
    CHECK(again.asked.to == "carl@c.example");
    CHECK(again.asked.by == "postmaster@a.example");
}

TEST_CASE_FIXTURE(resendable, "admin resend: one that waits, by its number") {
    CHECK(contains(resend("3", "carl@c.example"), R"("id":"3")"));
    CHECK(again.asked.blob == blob_id(9));
    CHECK(again.asked.by == "postmaster@a.example");
    CHECK(contains(resend("4", "carl@c.example"), "No message with the number 4 waits"));
    CHECK(again.count == 1);
}

TEST_CASE_FIXTURE(resendable, "admin resend: what is refused says why") {
    CHECK(contains(resend(id, "nobody"), "refused: "));
    for (const auto* wrong : {"", "x", "-1", "3x", "99999999999999999999"})
        CHECK(contains(resend(wrong, "carl@c.example"), "nothing that can be traced"));
    trace.page.messages.clear();
    CHECK(contains(resend(id, "carl@c.example"), "not in the store any more"));
    CHECK(again.count == 0);
    const auto said = [this](admin::resend_end::verdict how) {
        again.how = how;
        return resend("3", "carl@c.example");
    };
    using enum admin::resend_end::verdict;
    CHECK(contains(said(gone), "not in the store any more"));
    CHECK(contains(said(nobody), "carl@c.example"));
    CHECK(contains(said(refused), "No mail is taken for carl@c.example"));
    CHECK(contains(said(disk_full), "The disk is full"));
    CHECK(contains(said(busy), "busy"));
    ports.again = nullptr;
    CHECK(contains(said(taken), "The server does not run"));
}

TEST_CASE_FIXTURE(resendable, "admin resend: the audit log holds where it went, when it went") {
    resend(id, "carl@c.example");
    again.how = admin::resend_end::verdict::gone;
    resend("3", "dora@c.example");
    const auto log = ask(R"({"command":"audit list"})");
    CHECK(contains(log, R"("command":"resend")"));
    CHECK(contains(log, R"("to":"carl@c.example")"));
    CHECK_FALSE(contains(log, "dora"));
}
