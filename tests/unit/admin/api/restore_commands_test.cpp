// Deleted mail and accounts, as the command line and the owner's page ask for them.
#include "tests/unit/admin/fixture.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace hauspost;
using hauspost::storage::mailbox_key;
using hauspost::test::admin_fixture;
using hauspost::test::contains;
using hauspost::test::furnished;

namespace {

storage::expunged_entry deleted_entry() {
    storage::expunged_entry one;
    one.place.account = account_id(1);
    one.place.at = 900;
    one.place.mailbox = mailbox_id(3);
    one.place.uid = uid(12);
    one.mailbox = "Offers";
    one.heading.subject = "Offer \xff";
    one.heading.from_name = "Ben";
    one.heading.from_address = "ben@b.example";
    one.octets = 70;
    one.since = 900;
    one.by = storage::trace_actor(storage::trace_door::imap, "anna@a.example", "Thunderbird");
    return one;
}

storage::mail_returned returned_to(const std::string& name, bool is_made) {
    storage::refilled_mailbox box;
    box.id = mailbox_id(7);
    box.name = name;
    box.messages = 3;
    box.uids = {{uid(4), uid(5)}, {uid(9), uid(9)}};
    box.is_made = is_made;
    storage::mail_returned done;
    done.messages = 3;
    done.mailboxes.push_back(std::move(box));
    done.since = 1000;
    done.until = 1001;
    return done;
}

/// Asks the commands over the real store in place of one that only tells.
struct stored_mail : admin_fixture {
    stored_mail() {
        stored.default_quota_octets = 500'000;
        say(R"({"command":"domain add","name":"a.example"})");
        say(R"({"command":"account add","address":"anna@a.example","password":"words",
                "display_name":"Anna","note":"room 7"})");
    }
    std::string say(const std::string& request) { return ask(stored, request, admin::caller()); }
    account_id id_of(const std::string& name) {
        const auto entry = get(store->directory.find_address(name));
        return std::get<storage::account>(entry).id;
    }
    void put(mailbox_key box, const std::string& subject) {
        std::shared_ptr<storage::staged_blob> body = store->blobs.stage();
        REQUIRE_FALSE(get(body->write("Subject: x\r\n\r\nx\r\n")));
        REQUIRE_FALSE(get(body->finish()));
        storage::append_request request;
        request.mailbox = box;
        request.blob = body;
        request.summary = "Ben|ben@b.example|" + subject;
        REQUIRE(get(store->mailboxes.append(std::move(request))).has_value());
    }
    void expunge(mailbox_key box) {
        const mail::uid_ranges all{{uid(1), uid(UINT32_MAX)}};
        REQUIRE(get(store->mailboxes.remove_messages(box, all)).has_value());
    }
    std::uint64_t messages(const std::string& name) {
        return get(store->directory.usages({id_of(name)})).front().messages;
    }

    admin::ports stored = stored_ports();
};

/// What stands in the answer under this key, up to the next quote.
std::string text_in(const std::string& answer, const std::string& key) {
    const auto begin = answer.find("\"" + key + "\":\"");
    REQUIRE(begin != std::string::npos);
    const auto from = begin + key.size() + 4;
    return answer.substr(from, answer.find('"', from) - from);
}

}  // namespace

TEST_CASE("admin: deleted mail is listed with all that a list shows") {
    furnished h;
    h.expunged.page.entries.push_back(deleted_entry());
    h.expunged.page.mailboxes = {"INBOX", "Offers"};
    h.expunged.page.next = deleted_entry().place;
    CHECK(h.ask(R"({"command":"deleted mail","address":"Anna@a.example"})") ==
          R"({"address":"anna@a.example","has_account":true,"kept_seconds":1209600,"entries":)"
          R"([{"id":"1.900.3.12","account":1,"box":3,"subject":"Offer )"
          "\xef\xbf\xbd"
          R"(","from_name":"Ben","from":"ben@b.example","mailbox":"Offers","messages":1,)"
          R"("octets":70,"deleted_at":900,"kept_until":1210500,"door":"imap",)"
          R"("by":"anna@a.example","program":"Thunderbird"}],"mailboxes":["INBOX","Offers"],)"
          R"("more":"1.900.3.12"})");
    CHECK(h.expunged.query.address == "anna@a.example");
    CHECK(h.expunged.query.most == 100);
    CHECK(h.expunged.query.group_of == 0);
    CHECK_FALSE(h.expunged.query.before);
    h.ask(R"({"command":"deleted mail","address":"gone@a.example","mailbox":"Offers","from":"ben",
              "subject":"of","text":"t","within_seconds":100,"last_at":990,"together":true,
              "limit":9000,"after":"1.900.3.12","account":5,"box":6})");
    const auto& asked = h.expunged.query;
    CHECK(asked.wanted.mailbox == "Offers");
    CHECK(asked.wanted.from == "ben");
    CHECK(asked.wanted.subject == "of");
    CHECK(asked.wanted.text == "t");
    CHECK(asked.wanted.since == 900);
    CHECK(asked.wanted.until == 990);
    CHECK(asked.wanted.account == account_id(5));
    CHECK(asked.wanted.box == mailbox_id(6));
    CHECK(asked.most == 500);
    CHECK(asked.group_of == 10);
    CHECK(asked.before == deleted_entry().place);
}

TEST_CASE("admin: deleted mail that is asked for wrongly is refused in words") {
    furnished h;
    CHECK(contains(h.ask(R"({"command":"deleted mail","address":"x"})"), "not a valid address"));
    CHECK(contains(h.ask(R"({"command":"deleted mail","address":"a@a.example","since":"soon"})"),
                   "\"soon\" is not a time"));
    CHECK(contains(h.ask(R"({"command":"restore-mail","address":"a@a.example","until":"x"})"),
                   "\"x\" is not a time"));
    CHECK(contains(h.ask(R"({"command":"deleted mail","address":"a@a.example","after":"x"})"),
                   "not a place in this list"));
    CHECK(contains(h.ask(R"({"command":"restore-mail","address":"a@a.example","ids":["1.2.3"]})"),
                   "\"1.2.3\" is not the id of deleted mail: give what <deleted mail> shows."));
    CHECK(contains(h.ask(R"({"command":"restore-mail","address":"a@a.example","ids":["1.2.3.4"]})"),
                   "is not kept any more"));
    CHECK(contains(
        h.ask(R"({"command":"restore-mail","address":"a@a.example","first_at":5,"last_at":6})"),
        "is not kept any more"));
    CHECK(contains(h.ask(R"({"command":"restore-mail","address":"a@a.example","into":"?"})"),
                   "not a valid address"));
    h.expunged.failure = make_error_code(storage::errc::no_such_account);
    CHECK(contains(h.ask(R"({"command":"restore-mail","address":"a@a.example"})"),
                   "There is no account a@a.example that could get the mail: bring the account "
                   "back with <undelete>"));
    CHECK(contains(
        h.ask(R"({"command":"restore-mail","address":"a@a.example","into":"b@a.example"})"),
        "There is no account b@a.example"));
    h.expunged.failure = make_error_code(storage::errc::invalid_name);
    CHECK(contains(h.ask(R"({"command":"restore-mail","address":"a@a.example","to":"a//b"})"),
                   "a//b cannot be used as a name"));
    h.expunged.failure = make_error_code(storage::errc::busy);
    CHECK(contains(h.ask(R"({"command":"deleted mail","address":"a@a.example"})"), "busy"));
    CHECK(contains(h.ask(R"({"command":"undo-restore","address":"a@a.example","undo":"x"})"),
                   "\"x\" does not say what is to be taken back"));
}

TEST_CASE("admin: a restore says where the mail is, what is left, and how to take it back") {
    furnished h;
    h.expunged.returned = returned_to("Offers", true);
    h.expunged.returned.left_over_quota = 2;
    h.expunged.returned.left_octets = 900;  // of a quota of 500, 1,234 are used
    const auto answer =
        h.ask(R"({"command":"restore-mail","address":"anna@a.example","ids":["1.900.3.12"],
                  "to":"Restored","into":"ben@a.example"})");
    CHECK(answer == R"({"address":"ben@a.example","messages":3,"left_over_quota":2,)"
                    R"("left_octets":900,"mailboxes":[{"name":"Offers","messages":3,"made":true}],)"
                    R"("missing_octets":1634,"undo":"1000.1001;7.1.4-5.9-9"})");
    CHECK(h.expunged.request.address == "anna@a.example");
    CHECK(h.expunged.request.into == "ben@a.example");
    CHECK(h.expunged.request.mailbox == "Restored");
    CHECK(h.expunged.request.places == std::vector{deleted_entry().place});
    CHECK(h.ask(R"({"command":"undo-restore","address":"ben@a.example",
                    "undo":"1000.1001;7.1.4-5.9-9"})") ==
          R"({"address":"ben@a.example","messages":5})");
    const auto& undone = h.expunged.undone;
    CHECK(undone.address == "ben@a.example");
    CHECK(undone.since == 1000);
    CHECK(undone.until == 1001);
    REQUIRE(undone.mailboxes.size() == 1);
    CHECK(undone.mailboxes[0].id == mailbox_id(7));
    CHECK(undone.mailboxes[0].is_made);
    CHECK(undone.mailboxes[0].uids == h.expunged.returned.mailboxes[0].uids);
    for (const auto* text : {"", "1", "1.2", "1.2;", "1.2;7", "1.2;7.2", "1.2;7.1.5", "1.2;7.1.5-4",
                             "1.2;7.1.4-5.5-6", "1.2;7.1.0-5", "1.2;7.1.4-5x", "1.2;7.1.-4-5"})
        CHECK_MESSAGE(contains(h.ask(R"({"command":"undo-restore","address":"ben@a.example",)"
                                     R"("undo":")" +
                                     std::string(text) + "\"}"),
                               "does not say what is to be taken back"),
                      text);
}

TEST_CASE("admin: mail of a time, a mailbox or a sender comes back, and it is written down") {
    stored_mail h;
    const mailbox_key inbox{h.id_of("anna@a.example"), mailbox_id(1)};
    for (const auto* subject : {"Offer", "Bill"})
        h.put(inbox, subject);
    h.expunge(inbox);
    h.time.move_wall(std::chrono::seconds(100));
    h.put(inbox, "Late");
    h.expunge(inbox);
    const auto listed = h.say(R"({"command":"deleted mail","address":"anna@a.example"})");
    CHECK(contains(listed, R"("subject":"Late","from_name":"Ben","from":"ben@b.example")"));
    const auto back =
        h.say(R"({"command":"restore-mail","address":"anna@a.example","subject":"offer"})");
    CHECK(contains(back, R"("messages":1,"left_over_quota":0,"mailboxes":[{"name":"INBOX")"));
    CHECK(h.messages("anna@a.example") == 1);
    CHECK(contains(h.say(R"({"command":"restore-mail","address":"anna@a.example",
                             "within_seconds":50})"),
                   R"("messages":1)"));
    CHECK(contains(h.say(R"({"command":"restore-mail","address":"anna@a.example",
                             "mailbox":"Drafts"})"),
                   R"("messages":0)"));
    const auto undo = text_in(back, "undo");
    CHECK(contains(
        h.say(R"({"command":"undo-restore","address":"anna@a.example","undo":")" + undo + "\"}"),
        R"("messages":1)"));
    CHECK(h.messages("anna@a.example") == 1);
    const auto log = h.say(R"({"command":"audit list","subject":"anna@a.example"})");
    CHECK(contains(log, R"("command":"undo-restore")"));
    CHECK(contains(log, R"("command":"restore-mail","subject":"anna@a.example","end":"done",)"
                        R"("before":{"expunged_messages":3},"after":{"expunged_messages":2})"));
}

TEST_CASE("admin: a deletion comes back as one, by the id of its row") {
    stored_mail h;
    const mailbox_key inbox{h.id_of("anna@a.example"), mailbox_id(1)};
    for (int round = 0; round < 3; ++round) {
        for (int n = 0; n < 12; ++n)
            h.put(inbox, "round " + std::to_string(round));
        h.expunge(inbox);
        h.time.move_wall(std::chrono::seconds(100));
    }
    const auto listed =
        h.say(R"({"command":"deleted mail","address":"anna@a.example","together":true})");
    const auto second = listed.find("\"id\":", listed.find("\"id\":") + 1);
    REQUIRE(second != std::string::npos);
    const auto id = text_in(listed.substr(second), "id");
    const auto ask = R"({"command":"restore-mail","address":"anna@a.example","deletion":")";
    CHECK(contains(h.say(ask + id + "\"}"), R"("messages":12)"));
    const auto left = h.say(R"({"command":"deleted mail","address":"anna@a.example"})");
    CHECK(contains(left, "round 0"));
    CHECK(!contains(left, "round 1"));
    CHECK(contains(left, "round 2"));
    CHECK(contains(h.say(ask + std::string("x\"}")), "is not the id of deleted mail"));
    CHECK(contains(h.say(ask + std::string("1.5.1.1\"}")), "is not kept any more"));
}

TEST_CASE("admin: a removed account comes back with its settings and mail, and a new password") {
    stored_mail h;
    const mailbox_key inbox{h.id_of("anna@a.example"), mailbox_id(1)};
    h.put(inbox, "deleted by herself");
    h.expunge(inbox);
    h.time.move_wall(std::chrono::seconds(100));
    h.put(inbox, "kept");
    h.say(R"({"command":"account set","address":"anna@a.example","quota_octets":70000})");
    CHECK(contains(h.say(R"({"command":"account undelete","address":"anna@a.example"})"),
                   "No removed account anna@a.example is kept: <deleted accounts> shows all."));
    h.say(R"({"command":"account remove","address":"anna@a.example"})");
    h.store->keeper.tidy();
    const auto listed = h.say(R"({"command":"deleted accounts"})");
    CHECK(contains(listed, R"("address":"anna@a.example")"));
    CHECK(contains(listed, R"("messages":1)"));
    CHECK(contains(listed, R"("is_taken":false,"by":"command line")"));
    CHECK(contains(h.say(R"({"command":"restore-mail","address":"anna@a.example"})"),
                   "There is no account anna@a.example that could get the mail"));
    SUBCASE("as it was") {
        const auto back = h.say(R"({"command":"account undelete","address":"anna@a.example"})");
        CHECK(contains(back, R"("messages":1)"));
        CHECK(!text_in(back, "password").empty());
        CHECK(h.messages("anna@a.example") == 1);
        const auto shown = h.say(R"({"command":"account show","address":"anna@a.example"})");
        CHECK(contains(shown, R"("display_name":"Anna")"));
        CHECK(contains(shown, R"("note":"room 7")"));
        CHECK(contains(shown, R"("quota_octets":70000)"));
        const auto left = h.say(R"({"command":"deleted mail","address":"anna@a.example"})");
        CHECK(contains(left, "deleted by herself"));
        CHECK(!contains(left, "kept\""));
        CHECK(contains(h.say(R"({"command":"deleted accounts"})"), R"("accounts":[])"));
    }
    SUBCASE("not under an address that somebody has") {
        h.say(R"({"command":"account add","address":"ben@a.example","password":"words"})");
        h.say(R"({"command":"alias add","address":"anna@a.example","targets":["ben@a.example"]})");
        CHECK(contains(h.say(R"({"command":"deleted accounts"})"), R"("is_taken":true)"));
        CHECK(contains(h.say(R"({"command":"account undelete","address":"anna@a.example"})"),
                       "is already taken"));
        CHECK(contains(h.say(R"({"command":"restore-mail","address":"anna@a.example",
                                 "into":"ben@a.example"})"),
                       R"("address":"ben@a.example","messages":2)"));
        CHECK(h.messages("ben@a.example") == 2);
    }
    SUBCASE("nor in a domain that is not here any more") {
        h.say(R"({"command":"domain remove","name":"a.example"})");
        CHECK(contains(h.say(R"({"command":"account undelete","address":"anna@a.example"})"),
                       "The domain of anna@a.example is not here"));
    }
}

TEST_CASE("admin: while an account's mail is being taken out, it does not come back by halves") {
    furnished h;
    storage::removed_mailer one;
    one.id = account_id(9);
    one.name = "gone@a.example";
    one.is_going = true;
    h.expunged.removed.push_back(one);
    CHECK(contains(h.ask(R"({"command":"account undelete","address":"gone@a.example"})"),
                   "still being taken out"));
    h.expunged.removed[0].is_going = false;
    h.expunged.removed[0].removed_at = 77;
    h.expunged.failure = make_error_code(storage::errc::busy);
    const auto back = h.ask(R"({"command":"account undelete","address":"gone@a.example"})");
    CHECK(contains(back, R"("warning":"The account is there, but not all of its mail is back. )"));
    CHECK(!text_in(back, "password").empty());
    CHECK(h.expunged.request.wanted.account == account_id(9));
    CHECK(h.expunged.request.wanted.since == 77);
}

TEST_CASE("admin: a message that the trace tells of comes back to who had deleted it") {
    furnished h;
    storage::traced_message life;
    storage::trace_event came;
    came.step = storage::trace_step::received;
    came.id = storage::trace_id(77);
    came.blob = blob_id(5);
    storage::trace_event gone;
    gone.step = storage::trace_step::expunged;
    gone.account = account_id(1);
    gone.at = 900'500;
    life.steps = {came, gone};
    h.trace.page.messages.push_back(life);
    h.expunged.returned = returned_to("INBOX", false);
    const auto ask = [&h](const std::string& id, int at) {
        return h.ask(R"({"command":"restore-traced","id":")" + id + R"(","deleted_at":)" +
                     std::to_string(at) + "}");
    };
    const auto id = storage::to_text(storage::trace_id(77));
    CHECK(contains(ask(id, 900), R"({"address":"anna@a.example","messages":3)"));
    CHECK(h.expunged.request.wanted.blob == blob_id(5));
    CHECK(h.expunged.request.wanted.account == account_id(1));
    CHECK(h.expunged.request.wanted.since == 890);
    CHECK(h.expunged.request.wanted.until == 901);
    CHECK(contains(ask(id, 800), "is not kept any more"));
    CHECK(contains(ask("x", 900), "nothing that can be traced"));
    CHECK(contains(h.ask(R"({"command":"restore-traced","id":")" + id +
                         R"(","deleted_at":18446744073709551615})"),
                   "is not kept any more"));
}
