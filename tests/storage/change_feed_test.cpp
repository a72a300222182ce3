#include "storage/audit_store.hpp"
#include "storage/ban_store.hpp"
#include "storage/owner_store.hpp"
#include "storage/traffic_store.hpp"
#include "tests/storage/store_fixture.hpp"

#include <doctest/doctest.h>

#include <thread>
#include <vector>

using namespace hauspost;
using namespace hauspost::storage;
using namespace hauspost::storage::test;

namespace {

struct listener final : account_listener {
    void on_mail_changed(modseq highest) noexcept override {
        ++mail;
        last = highest;
        thread = std::this_thread::get_id();
    }
    void on_credentials_changed() noexcept override { ++credentials; }
    int mail = 0;
    int credentials = 0;
    modseq last;
    std::thread::id thread;
};

struct watcher final : account_watcher {
    void on_account_changed(account_id account) noexcept override { seen.push_back(account); }
    void on_directory_changed() noexcept override { ++directory; }
    void on_queue_changed() noexcept override { ++queue; }
    void on_office_changed(const office_news& what) noexcept override {
        office.passed |= what.passed;
        office.bans |= what.bans;
        office.audit |= what.audit;
        office.sessions |= what.sessions;
        ++told;
    }
    void on_news_unknown() noexcept override {}
    std::vector<account_id> seen;
    int directory = 0;
    int queue = 0;
    office_news office;
    int told = 0;
};

}  // namespace

TEST_CASE("change feed: a commit wakes each listener of the account once, on its own executor") {
    store_fixture at;
    const auto bob = at.add_account("b@example.test");
    listener ann, second, other;
    asio::io_context elsewhere(1);
    const auto a = at->changes.subscribe(at.ann, at.io.get_executor(), ann);
    const auto b = at->changes.subscribe(at.ann, elsewhere.get_executor(), second);
    const auto c = at->changes.subscribe(bob, at.io.get_executor(), other);
    const auto done = at.append(at.inbox(), "text");
    run_until(at.io, [&] { return ann.mail > 0; });
    CHECK(ann.last == done->modseq);
    CHECK(ann.thread == std::this_thread::get_id());
    CHECK(second.mail == 0);  // nobody has run its executor yet
    std::thread runner([&] { run_until(elsewhere, [&] { return second.mail > 0; }); });
    const auto runner_id = runner.get_id();
    runner.join();
    CHECK(second.thread == runner_id);
    at.io.poll();
    elsewhere.poll();
    CHECK(ann.mail == 1);
    CHECK(second.mail == 1);
    CHECK(other.mail == 0);
    at->keeper.stop();  // before `elsewhere` goes
}

TEST_CASE("change feed: one delivery to two accounts wakes both, a refused one nobody") {
    store_fixture at;
    const auto bob = at.add_account("b@example.test", 10);
    const auto full = at.add_account("full@example.test", 1);
    REQUIRE_FALSE(at.deliver("x", {{full, ""}}));
    listener ann, other;
    const auto a = at->changes.subscribe(at.ann, at.io.get_executor(), ann);
    const auto b = at->changes.subscribe(bob, at.io.get_executor(), other);
    CHECK(at.deliver("late", {{at.ann, ""}, {bob, ""}, {full, ""}}) == errc::over_quota);
    CHECK(ann.mail == 0);
    CHECK_FALSE(at.deliver("short", {{at.ann, ""}, {bob, ""}}));
    run_until(at.io, [&] { return ann.mail > 0 && other.mail > 0; });
    CHECK(ann.mail == 1);
    CHECK(other.mail == 1);
}

TEST_CASE("change feed: nobody is called after the subscription has ended") {
    store_fixture at;
    listener ann;
    auto own = at->changes.subscribe(at.ann, at.io.get_executor(), ann);
    listener other;
    const auto stays = at->changes.subscribe(at.ann, at.io.get_executor(), other);
    own.reset();
    REQUIRE(at.append(at.inbox(), "text").has_value());
    run_until(at.io, [&] { return other.mail > 0; });
    CHECK(ann.mail == 0);
}

TEST_CASE("change feed: a new password and the end of an account are told") {
    store_fixture at;
    listener ann;
    const auto own = at->changes.subscribe(at.ann, at.io.get_executor(), ann);
    account_change wanted;
    wanted.note = "nothing that matters to sessions";
    CHECK_FALSE(at.get(at->directory.change_account(at.ann, wanted)));
    const auto hash = at.get(at->directory.find_account(at.ann))->password_hash;
    CHECK(at.get(at->directory.renew_password_hash(at.ann, hash, "the same password")).value());
    wanted.password_hash = "new";
    CHECK_FALSE(at.get(at->directory.change_account(at.ann, wanted)));
    run_until(at.io, [&] { return ann.credentials > 0; });
    CHECK(ann.credentials == 1);
    CHECK_FALSE(at.get(at->directory.remove_account(at.ann)));
    run_until(at.io, [&] { return ann.credentials > 1; });
    CHECK(ann.credentials == 2);
}

TEST_CASE("change feed: B16 a large account goes in slices, its sessions with the first of them") {
    store_fixture at;
    for (int n = 0; n < 450; ++n)
        at.make_box("box" + std::to_string(n));
    listener ann;
    const auto a = at->changes.subscribe(at.ann, at.io.get_executor(), ann);
    CHECK_FALSE(at.get(at->directory.remove_account(at.ann)));
    run_until(at.io, [&] { return ann.credentials > 1; });
    CHECK(ann.credentials == 2);  // switched off, and gone
    CHECK(at.findings().empty());
    at->keeper.tidy();
    CHECK(at->keeper.check().mailboxes == 0);
    CHECK(at.findings().empty());
}

TEST_CASE("change feed: a watcher hears of every account, and of nothing after its end") {
    store_fixture at;
    const auto bob = at.add_account("b@example.test");
    watcher all, ended;
    const auto own = at->changes.watch(at.io.get_executor(), all);
    auto short_one = at->changes.watch(at.io.get_executor(), ended);
    short_one.reset();
    CHECK_FALSE(at.deliver("to both", {{at.ann, ""}, {bob, ""}}));
    run_until(at.io, [&] { return all.seen.size() >= 2; });
    CHECK(all.seen == std::vector{at.ann, bob});
    CHECK_FALSE(at.get(at->directory.remove_account(bob)));
    run_until(at.io, [&] { return all.seen.size() >= 3; });
    CHECK(all.seen.back() == bob);
    CHECK(ended.seen.empty());
}

TEST_CASE("change feed: a watcher hears of aliases and domains, and of no refused change") {
    store_fixture at;
    watcher all;
    const auto own = at->changes.watch(at.io.get_executor(), all);
    int before = 0;  // what was heard of the changes before
    const auto is_told = [&](error_code failed) {
        REQUIRE_FALSE(failed);
        run_until(at.io, [&] { return all.directory > before; });
        at.io.poll();
        return all.directory == ++before;
    };
    alias list;
    list.name = "list@example.test";
    list.targets = {"x@else.test"};
    const auto there = [&at] {
        return std::get<alias>(at.get(at->directory.find_address("list@example.test")));
    };
    CHECK(is_told(at.get(at->directory.add_alias(list))));
    CHECK(is_told(at.get(at->directory.enable_alias(list.name, false))));
    CHECK(is_told(at.get(at->directory.remove_targets(list.name, {"x@else.test"})).error()));
    CHECK(is_told(at.get(at->directory.add_alias(list))));
    CHECK(is_told(at.get(at->directory.remove_alias(there()))));
    domain other;
    other.name = "other.test";
    CHECK(is_told(at.get(at->directory.add_domain(other))));
    const auto row = *at.get(at->directory.find_domain("other.test"));
    CHECK(is_told(at.get(at->directory.set_catch_all(row, "a@example.test"))));
    CHECK(is_told(at.get(at->directory.remove_domain("other.test"))));
    account_change note;
    note.note = "x";
    CHECK(is_told(at.get(at->directory.change_account(at.ann, note))));
    CHECK(at.get(at->directory.add_alias(alias{"x@nowhere.test", {"y@else.test"}, true, 0})) ==
          errc::no_such_domain);
    REQUIRE(at.append(at.inbox(), "mail is not of the directory").has_value());
    run_until(at.io, [&] { return !all.seen.empty(); });
    CHECK(all.directory == before);
}

TEST_CASE("change feed: whoever watches hears that mail waits to leave") {
    store_fixture at;
    watcher all;
    const auto watching = at->changes.watch(at.io.get_executor(), all);
    queue_item item;
    item.recipients = {{"x@else.test", "", "", 0, 10}};
    REQUIRE_FALSE(at.deliver("text", {}, {item}));
    run_until(at.io, [&] { return all.queue == 1; });
    REQUIRE_FALSE(at.get(at->queue.retry(queue_id(1), 20)));
    run_until(at.io, [&] { return all.queue == 2; });
    REQUIRE_FALSE(at.deliver("text", {{at.ann, ""}}));
    run_until(at.io, [&] { return all.seen.size() == 1; });
    CHECK(all.queue == 2);
}

TEST_CASE("change feed: whoever watches hears of what only the owner looks at, each for itself") {
    store_fixture at;
    watcher all;
    const auto watching = at->changes.watch(at.io.get_executor(), all);
    // All that the next commit tells.
    const auto told = [&at, &all] {
        run_until(at.io, [&] { return all.told > 0; });
        all.told = 0;
        const auto what = std::exchange(all.office, office_news());
        return std::string(what.passed ? "passed " : "") + (what.bans ? "bans " : "") +
               (what.audit ? "audit " : "") + (what.sessions ? "sessions " : "");
    };
    at->traffic.note_sign_in(false);
    ban row;
    row.name = {ban_kind::network, "192.0.2.0/24", ""};
    REQUIRE_FALSE(at.get(at->bans.put(row)));
    CHECK(told() == "passed bans ");
    REQUIRE_FALSE(at.get(at->bans.remove({row.name})));
    CHECK(told() == "bans ");
    at->bans.note(row);
    audit_entry entry;
    entry.command = "account add";
    const auto place = at.get(at->audit.begin(entry));
    REQUIRE(place.has_value());
    CHECK(told() == "bans audit ");
    entry.place = *place;
    REQUIRE_FALSE(at.get(at->audit.complete(entry)));
    CHECK(told() == "audit ");
    REQUIRE_FALSE(at.get(at->audit.forget(*place)));
    CHECK(told() == "audit ");
    owner somebody;
    somebody.password_hash = "hash";
    REQUIRE_FALSE(at.get(at->owner.change_owner(somebody, std::nullopt)));
    CHECK(told() == "sessions ");
    REQUIRE(at.get(at->owner.end_session(sha256("a session"))).has_value());
    CHECK(told() == "sessions ");
    delivery_request arriving;
    arriving.blob = at.staged("mail");
    arriving.summary = "sum";
    arriving.local.push_back({at.ann, ""});
    trace_event event;
    event.step = trace_step::received;
    event.door = trace_door::smtp;
    arriving.trace.push_back(event);
    REQUIRE_FALSE(at.get(at->delivery.deliver(std::move(arriving))));
    CHECK(told() == "passed ");
    // Flags and folders are nothing of it.
    at.make_box("Box");
    at.io.poll();
    CHECK(all.told == 0);
}
