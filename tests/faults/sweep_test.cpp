#include "storage/lmdb/staged.hpp"
#include "tests/faults/faulty_calls.hpp"
#include "tests/storage/store_fixture.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <functional>
#include <string>
#include <utility>
#include <vector>

/// Each storage call that an operation makes fails once, in each way: nothing is told done that is
/// not, nothing is half done, and what comes after it goes on, if need be after the store was
/// opened anew.
namespace hauspost::storage::test {
namespace {

constexpr std::uint64_t most_calls = 200;  // of one operation

/// All that the store shows of its mail and its accounts.
std::string picture(store_fixture& at) {
    std::string text;
    for (const auto& account : at.get(at->list_accounts("", 100))) {
        text += fmt::format("account {} {}\n", account.id.value(), account.name);
        const auto boxes = at.get(at->list(account.id));
        if (!boxes) continue;
        for (const auto& box : *boxes) {
            const auto& now = box.counters;
            text += fmt::format("  {} {} next {} messages {} unseen {} octets {} subscribed {}\n",
                                box.id.value(), box.name, now.uid_next.value(), now.messages,
                                now.unseen, now.octets, box.subscribed);
            const mailbox_key key{account.id, box.id};
            for (const auto& one : at.walk(key))
                text += fmt::format("    {} {:x} {}\n", one.uid, one.flags, at.text_of(one).size());
            for (const auto& word : *at.get(at->keywords(key)))
                text += "    keyword " + word + "\n";
            for (const auto& note :
                 *at.get(at->annotations(key, {}, annotation_store::depth::infinity)))
                text += "    " + note.entry + " " + note.value + "\n";
            for (const auto& right : *at.get(at->grants(key)))
                text += fmt::format("    {} {}\n", right.identifier, right.rights);
        }
    }
    for (const auto& alias : at.get(at->list_aliases("", 100)))
        text += "alias " + alias.name + "\n";
    for (const auto& item : at.get(at.queue().list(100)))
        text += fmt::format("queue {}\n", item.id.value());
    return text;
}

error_code append_one(store_fixture& at, std::vector<std::size_t> sizes) {
    std::vector<append_request> requests;
    for (const auto octets : sizes) {
        append_request request;
        request.mailbox = at.inbox();
        request.summary = "sum";
        request.blob = at->stage(octets);
        const auto body = body_text(octets, octets);
        if (const auto failed = at.get(request.blob->write(body))) return failed;
        if (const auto failed = at.get(request.blob->finish())) return failed;
        (void)request.blob->view();
        if (requests.size() + 1 < sizes.size())
            if (const auto failed = at.get(static_cast<staged_body&>(*request.blob).lay_down()))
                return failed;
        requests.push_back(std::move(request));
    }
    const auto done = at.get(at->append_all(std::move(requests), std::nullopt));
    return done ? error_code() : done.error();
}

error_code deliver_one(store_fixture& at) {
    delivery_request request;
    request.summary = "sum";
    request.blob = at->stage(0);
    if (const auto failed = at.get(request.blob->write("Subject: d\r\n\r\n"))) return failed;
    if (const auto failed = at.get(request.blob->finish())) return failed;
    request.local = {{at.ann, "A: 1\r\n"}, {account_id(2), "A: 2\r\n"}};
    queue_item item;
    item.recipients = {{"x@elsewhere.test", "", "", 0}};
    request.remote = {item};
    return at.get(at->deliver(std::move(request)));
}

struct operation {
    std::string name;
    std::function<error_code(store_fixture&)> run;
};

const std::vector<operation>& operations() {
    const auto error_of = [](const auto& done) { return done ? error_code() : done.error(); };
    static const std::vector<operation> all = {
        {"append of a small message", [](auto& at) { return append_one(at, {300}); }},
        {"append of a large one", [](auto& at) { return append_one(at, {70'000}); }},
        {"append of one with a file of its own",
         [](auto& at) { return append_one(at, {(8u << 20) + 1}); }},
        {"append of several",
         [](auto& at) {
             return append_one(at, {66'000, 200});
         }},
        {"delivery", deliver_one},
        {"copy",
         [=](auto& at) {
             return error_of(at.get(at->copy(at.inbox(), everything(), mailbox_id(2), false)));
         }},
        {"move",
         [=](auto& at) {
             return error_of(at.get(at->copy(at.inbox(), only(1), mailbox_id(3), true)));
         }},
        {"flags and a keyword",
         [=](auto& at) {
             return error_of(
                 at.change(at.inbox(), only(2), flag_change::add, {flags::flagged, {"$New"}}));
         }},
        {"expunge",
         [=](auto& at) { return error_of(at.get(at->remove_messages(at.inbox(), only(2)))); }},
        {"create",
         [=](auto& at) {
             return error_of(at.get(at->create(at.ann, "New/Below", special_use::none)));
         }},
        {"rename", [](auto& at) { return at.get(at.boxes().rename(at.ann, "Drafts", "Old")); }},
        {"remove a mailbox", [](auto& at) { return at.get(at.boxes().remove(at.ann, "Junk")); }},
        {"subscribe", [](auto& at) { return at.get(at->set_subscribed(at.ann, "News", true)); }},
        {"note with a mailbox",
         [](auto& at) {
             return at.get(at->annotate(at.inbox(), {{"/private/comment", "text"}}));
         }},
        {"rights",
         [](auto& at) {
             return at.get(at->change_rights(at.inbox(), "b@example.test", rights_change::set, 3));
         }},
        {"new account",
         [=](auto& at) {
             account wanted;
             wanted.name = "new@example.test";
             return error_of(at.get(at->add_account(wanted)));
         }},
        {"alias",
         [](auto& at) {
             alias wanted;
             wanted.name = "info@example.test";
             wanted.targets = {"a@example.test"};
             return at.get(at->put_alias(wanted));
         }},
        {"queue item out", [](auto& at) { return at.get(at.queue().remove(queue_id(1))); }},
    };
    return all;
}

/// A store with what the operations need.
struct filled : store_fixture {
    filled() {
        add_account("b@example.test");
        queue_item item;
        item.recipients = {{"x@elsewhere.test", "", "", 0}};
        REQUIRE_FALSE(deliver("Subject: q\r\n\r\n", {{ann, ""}}, {item}));
        REQUIRE(append(inbox(), body_text(1, 500)).has_value());
        REQUIRE(append(inbox(), body_text(2, 66'000)).has_value());
    }
};

enum class ended : std::uint8_t { done, refused, fault };

ended try_it(filled& at, const operation& what, std::string& why) {
    try {
        const auto failed = what.run(at);
        why = failed.message();
        return failed ? ended::refused : ended::done;
    } catch (const std::exception& error) {
        why = error.what();
        return ended::fault;
    }
}

/// False: the operation makes fewer calls.
bool fail_call(const operation& what, std::uint64_t nth, call_fault how) {
    filled at;
    const auto before = picture(at);
    std::string why;
    auto came = ended::done;
    bool has_failed = false;
    {
        const faulty_calls calls(at.options.data_dir);
        faulty_calls::fail(nth, how);
        came = try_it(at, what, why);
        has_failed = faulty_calls::has_failed();
    }
    INFO(what.name << ", call " << nth << ", fault " << static_cast<int>(how) << ": " << why);
    const bool is_broken = at->figures().is_broken;
    if (is_broken) {
        CHECK(came == ended::fault);
        at.reopen();
    }
    const auto after = picture(at);
    if (came == ended::done) CHECK(after != before);
    // Of a commit that failed nobody knows whether it reached the disk; all else has undone itself.
    if (came != ended::done && !is_broken) CHECK(after == before);
    if (came != ended::done && after == before) {
        std::string again;
        CHECK(try_it(at, what, again) == ended::done);
    }
    CHECK(picture(at) != before);
    at.reopen();
    CHECK(at.findings().empty());
    return has_failed;
}

void sweep(const operation& what, call_fault how) {
    std::uint64_t calls = 0;
    while (calls < most_calls && fail_call(what, calls + 1, how))
        ++calls;
    CHECK_MESSAGE(calls > 1, what.name);
    CHECK_MESSAGE(calls < most_calls, what.name);
}

}  // namespace

TEST_CASE("I05 store faults: each storage call of each operation gives EIO once") {
    for (const auto& one : operations())
        sweep(one, call_fault::io_error);
}

TEST_CASE("I04 store faults: each storage call of each operation finds no space once") {
    for (const auto& one : operations())
        sweep(one, call_fault::no_space);
}

TEST_CASE("I06 store faults: each write of each operation is short once") {
    for (const auto& one : operations())
        sweep(one, call_fault::short_write);
}

TEST_CASE("I05 store faults: octets that cannot be read are a fault, never other octets") {
    filled at;
    const auto blob = at.walk(at.inbox(), only(3)).at(0).blob;
    {
        const faulty_calls calls(at.options.data_dir / "blobs");
        const failing_reads reads;
        std::string into(100, ' ');
        CHECK_THROWS_AS((void)at.get(at->read(blob, 0, into)), fault);
        CHECK_THROWS_AS((void)at->read_here(blob, 0, into), fault);
    }
    CHECK(at.text_of(at.inbox(), 3) == body_text(2, 66'000));
}

}  // namespace hauspost::storage::test
