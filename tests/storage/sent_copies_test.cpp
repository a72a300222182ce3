#include "storage/lmdb/sent_copies.hpp"

#include "storage/errc.hpp"
#include "storage/trace_store.hpp"
#include "tests/storage/store_fixture.hpp"

#include <doctest/doctest.h>

/// One copy in Sent: the server's and the mail program's are one message.
namespace hauspost::storage::test {
namespace {

constexpr const char* id_of_mail = "<1@example.test>";

class sent_fixture : public store_fixture {
public:
    error_code submit(const std::string& body, const std::string& message_id = id_of_mail) {
        delivery_request request;
        request.blob = staged(body);
        request.summary = "sum";
        request.internal_date.unix_seconds = time.seconds;
        request.local = {{bob, ""}};
        request.copy_in_sent.emplace();
        request.copy_in_sent->account = ann;
        request.message_id = message_id;
        request.trace.emplace_back();
        request.trace.back().step = trace_step::received;
        request.trace.back().id = trace_id(7);
        return get(store->delivery.deliver(std::move(request)));
    }
    /// As a mail program does.
    result<append_result> bring(mailbox_key box,
                                const std::string& body,
                                mail::flag_names flags = {},
                                std::int64_t age = 0) {
        append_request request;
        request.mailbox = box;
        request.blob = staged(body);
        request.summary = "sum";
        request.flags = std::move(flags);
        request.internal_date.unix_seconds = time.seconds - age;
        request.message_id = id_of_mail;
        return get(store->mailboxes.append(std::move(request)));
    }
    mailbox_key box(const std::string& name) {
        return {ann, get(store->mailboxes.find(ann, name)).value().id};
    }
    std::vector<std::string> texts(mailbox_key where) {
        std::vector<std::string> all;
        for (const auto& message : walk(where))
            all.push_back(text_of(message));
        return all;
    }
    account_id bob = add_account("bob@example.test");
    mailbox_key sent = box("Sent");
};

std::vector<trace_step> steps_of(sent_fixture& at) {
    trace_query wanted;
    wanted.id = trace_id(7);
    const auto page = at.get(at->trace.find(wanted));
    std::vector<trace_step> all;
    for (const auto& step : page->messages.at(0).steps)
        all.push_back(step.step);
    return all;
}

using texts_t = std::vector<std::string>;

}  // namespace

TEST_CASE("store sent: what is submitted stands in Sent, seen, with the recipients' octets") {
    sent_fixture at;
    REQUIRE_FALSE(at.submit("mail"));
    const auto copies = at.walk(at.sent);
    REQUIRE(copies.size() == 1);
    CHECK(copies[0].flags == mail::flags::seen);
    CHECK(copies[0].internal_date.unix_seconds == at.time.seconds);
    CHECK(copies[0].blob == at.walk({at.bob, mailbox_id(1)})[0].blob);
}

TEST_CASE(
    "store sent: the mail program's copy takes the place of the server's, with both's flags") {
    sent_fixture at;
    REQUIRE_FALSE(at.submit("as it was sent"));
    REQUIRE(at.change(at.sent, only(1), mail::change::add, {mail::flags::answered, {"Todo"}})
                .has_value());
    const auto brought = at.bring(at.sent, "with Bcc", {mail::flags::flagged, {"todo", "$Mine"}});
    REQUIRE(brought.has_value());
    const auto copies = at.walk(at.sent);
    REQUIRE(copies.size() == 1);
    CHECK(copies[0].uid == brought->uid.value());
    CHECK(at.text_of(copies[0]) == "with Bcc");
    const auto words = at.get(at->mailboxes.keywords(at.sent)).value();
    CHECK(words == std::vector<std::string>{"Todo", "$Mine"});
    CHECK(copies[0].flags ==
          (mail::flags::seen | mail::flags::answered | mail::flags::flagged |
           1u << mail::flags::first_keyword | 1u << (mail::flags::first_keyword + 1)));
    CHECK(steps_of(at) ==
          std::vector{trace_step::received, trace_step::filed, trace_step::replaced});
    // It has not gone: nothing of it is kept for the time of retention.
    CHECK(at.get(at->expunged.expunged("a@example.test")).messages == 0);
}

TEST_CASE("store sent: a program with a mailbox of its own for what it sends has one copy, too") {
    sent_fixture at;
    const auto own = at.make_box("Gesendete Elemente");
    REQUIRE_FALSE(at.submit("as it was sent"));
    REQUIRE(at.bring(own, "its own").has_value());
    CHECK(at.texts(own) == texts_t{"its own"});
    CHECK(at.texts(at.sent).empty());
}

TEST_CASE("store sent: a program that files before it sends has one copy, too") {
    sent_fixture at;
    REQUIRE(at.bring(at.sent, "its own").has_value());
    REQUIRE_FALSE(at.submit("as it was sent"));
    CHECK(at.texts(at.sent) == texts_t{"its own"});
    // Another message under the same Message-ID is another one.
    REQUIRE_FALSE(at.submit("another"));
    CHECK(at.texts(at.sent) == texts_t{"its own", "another"});
}

TEST_CASE("store sent: two that were sent under one Message-ID stand both in Sent") {
    sent_fixture at;
    REQUIRE_FALSE(at.submit("first"));
    REQUIRE_FALSE(at.submit("second"));
    CHECK(at.texts(at.sent) == texts_t{"first", "second"});
    REQUIRE(at.bring(at.sent, "second, its own").has_value());
    CHECK(at.texts(at.sent) == texts_t{"first", "second, its own"});
    REQUIRE(at.bring(at.sent, "a third").has_value());  // merged once, never again
    CHECK(at.texts(at.sent).size() == 3);
}

TEST_CASE("store sent: a draft and a message without Message-ID take nobody's place") {
    sent_fixture at;
    REQUIRE_FALSE(at.submit("as it was sent"));
    REQUIRE(at.bring(at.sent, "draft", {mail::flags::draft, {}}).has_value());
    REQUIRE(at.bring(at.box("Drafts"), "draft").has_value());
    REQUIRE(at.bring(at.box("Trash"), "thrown away").has_value());
    CHECK(at.texts(at.sent).size() == 2);
    REQUIRE_FALSE(at.submit("nameless", ""));
    REQUIRE_FALSE(at.submit("long-named", '<' + std::string(300, 'x') + '>'));
    CHECK(at.texts(at.sent).size() == 4);
}

TEST_CASE("store sent: a copy that somebody has moved stays where he put it") {
    sent_fixture at;
    REQUIRE_FALSE(at.submit("as it was sent"));
    const auto kept = at.make_box("kept");
    REQUIRE(at.get(at->mailboxes.copy(at.sent, only(1), kept.mailbox, true)).has_value());
    REQUIRE(at.bring(at.sent, "its own").has_value());
    CHECK(at.texts(kept) == texts_t{"as it was sent"});
    CHECK(at.texts(at.sent) == texts_t{"its own"});
}

TEST_CASE(
    "store sent: a full mailbox, one without Sent, and one that wants none send all the same") {
    sent_fixture at;
    account_change change;
    change.quota_octets = 10;
    REQUIRE_FALSE(at.get(at->directory.change_account(at.ann, change)));
    REQUIRE_FALSE(at.submit("longer than ten"));
    CHECK(at.texts(at.sent).empty());
    change = {};
    change.quota_octets = 0;
    change.files_sent = false;
    REQUIRE_FALSE(at.get(at->directory.change_account(at.ann, change)));
    REQUIRE_FALSE(at.submit("unwanted"));
    CHECK(at.texts(at.sent).empty());
    change = {};
    change.files_sent = true;
    REQUIRE_FALSE(at.get(at->directory.change_account(at.ann, change)));
    REQUIRE_FALSE(at.get(at->mailboxes.remove(at.ann, "Sent")));
    REQUIRE_FALSE(at.submit("homeless"));
    CHECK(at.walk({at.bob, mailbox_id(1)}).size() == 3);
}

TEST_CASE("store sent: an account is remembered by so many rows, however much it sends") {
    sent_fixture at;
    const auto rows = [&at] {
        at.close();
        std::size_t count = 0;
        {
            lmdb::environment env(at.options.data_dir / "meta", at.options.map_octets);
            const lmdb::read_txn tx(env);
            lmdb::cursor walk(tx, lmdb::table::filed);
            for (bool more = walk.first(); more; more = walk.next())
                ++count;
        }
        at.reopen();
        return count;
    };
    for (int n = 0; n < 20; ++n)
        REQUIRE_FALSE(at.submit("mail", '<' + std::to_string(n) + "@few.test>"));
    CHECK(rows() >= 19);  // two may share a slot
    for (int n = 0; n < 3 * lmdb::filed_slots; ++n)
        REQUIRE_FALSE(at.submit("mail", '<' + std::to_string(n) + "@many.test>"));
    CHECK(rows() <= lmdb::filed_slots);
}

TEST_CASE("store sent: pairs are looked for within a day, and forgotten then") {
    sent_fixture at;
    REQUIRE(at.bring(at.sent, "moved here from elsewhere", {}, 86'500).has_value());
    REQUIRE_FALSE(at.submit("as it was sent"));
    CHECK(at.texts(at.sent).size() == 2);
    at.time.seconds += 86'500;
    at->keeper.tidy();
    REQUIRE(at.bring(at.sent, "long after").has_value());
    CHECK(at.texts(at.sent).size() == 3);
}

}  // namespace hauspost::storage::test
