#include "admin/page.hpp"
#include "tests/unit/admin/fixture.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace hauspost;
using hauspost::test::admin_fixture;

namespace {

bool contains(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

storage::queue_item waiting(std::uint64_t id) {
    storage::queue_item item;
    item.id = queue_id(id);
    item.reverse_path = "a@a.example";
    item.recipients.push_back({"b@b.example", "", "", 2, 600});
    item.octets = 99;
    item.created_at = 500;
    return item;
}

}  // namespace

TEST_CASE("admin: the queue is listed with what became of the last attempt") {
    admin_fixture h;
    auto item = waiting(7);
    item.recipients.push_back({"c@c.example", "", "", 1, 900, 550});
    item.recipients[1].last_reply = "450 4.2.1 later";
    item.recipients[1].last_host = "mx.c.example [192.0.2.1]";
    item.recipients[1].last_tls = "TLSv1.3";
    h.queue.items.push_back(item);
    CHECK(h.ask(R"({"command":"queue list"})") ==
          R"({"queue":[{"id":7,"from":"a@a.example","recipients":[{"to":"b@b.example",)"
          R"("state":"waiting","attempts":2,"due_at":600},{"to":"c@c.example","state":"waiting",)"
          R"("attempts":1,"due_at":900,"attempted_at":550,"last_host":"mx.c.example [192.0.2.1]",)"
          R"("last_reply":"450 4.2.1 later","last_tls":"TLSv1.3"}],"octets":99,"created_at":500,)"
          R"("state":"waiting","due_at":600,"last_reply":"450 4.2.1 later"}]})");
}

TEST_CASE("admin: what a queued recipient is at") {
    admin_fixture h;
    auto item = waiting(7);
    std::string wanted = "waiting";
    SUBCASE("held") {
        item.recipients[0].held = true;
        wanted = "held";
    }
    SUBCASE("frozen") {
        item.recipients[0].frozen = true;
        wanted = "frozen";
    }
    SUBCASE("held by its sender") {
        item.release_at = item.recipients[0].due_at;
        item.recipients[0].attempts = 0;
        wanted = "for later";
    }
    SUBCASE("claimed") {
        item.recipients[0].lease = 5;
        wanted = "in delivery";
    }
    SUBCASE("failed") {
        item.recipients[0].state = storage::queue_state::owes_failed;
        wanted = "failed";
    }
    SUBCASE("delivered") {
        item.recipients[0].state = storage::queue_state::owes_relayed;
        wanted = "delivered";
    }
    h.queue.items.push_back(item);
    CHECK(contains(h.ask(R"({"command":"queue show","id":7})"),
                   R"("to":"b@b.example","state":")" + wanted + '"'));
}

TEST_CASE("admin: a long queue is given in pages, one after the other") {
    admin_fixture h;
    for (std::uint64_t n = 1; n <= admin::max_page + 1; ++n)
        h.queue.items.push_back(waiting(n));
    CHECK(contains(h.ask(R"({"command":"queue list"})"), R"("next":"1000")"));
    const auto last = h.ask(R"({"command":"queue list","after":"1000"})");
    CHECK(contains(last, R"("id":1001)"));
    CHECK_FALSE(contains(last, "next"));
    CHECK(contains(h.ask(R"({"command":"queue list","after":"x"})"),
                   "x is not a place in this list"));
}

TEST_CASE("admin: a long queue of large lists is answered with a page, not with all of it") {
    admin_fixture h;
    storage::queue_item item;
    for (int n = 0; n < 1000; ++n)
        item.recipients.push_back({std::string(90, 'x') + "@b.example", "", "", 0});
    for (std::uint64_t n = 1; n <= 200; ++n) {
        item.id = queue_id(n);
        h.queue.items.push_back(item);
    }
    const auto said = h.ask(R"({"command":"queue list"})");
    CHECK(said.size() < 4 * admin::max_page_octets);
    CHECK(contains(said, "\"next\""));
}

TEST_CASE("admin: one message of the queue is shown, retried, held, released and dropped") {
    admin_fixture h;
    h.queue.items.push_back(waiting(7));
    CHECK(contains(h.ask(R"({"command":"queue show","id":7})"), R"("to":"b@b.example")"));
    CHECK(contains(h.ask(R"({"command":"queue show","id":8})"), "<queue> shows all"));
    CHECK(h.ask(R"({"command":"queue hold","id":7})") == R"({"id":7})");
    CHECK(h.queue.items[0].recipients[0].held);
    CHECK(h.ask(R"({"command":"queue release","id":7})") == R"({"id":7})");
    CHECK_FALSE(h.queue.items[0].recipients[0].held);
    CHECK(h.ask(R"({"command":"queue retry","id":7})") == R"({"id":7})");
    CHECK(h.queue.items[0].recipients[0].due_at > 600);
    CHECK(contains(h.ask(R"({"command":"queue drop"})"), "\"id\" is missing"));
    CHECK(h.ask(R"({"command":"queue drop","id":7})") == R"({"id":7})");
    CHECK(h.queue.items.empty());
    for (const std::string what : {"retry", "hold", "release", "drop"})
        CHECK(
            contains(h.ask(R"({"command":"queue )" + what + R"(","id":7})"), "<queue> shows all"));
}
