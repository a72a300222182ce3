#include "tests/storage/index/index_fixture.hpp"

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>

using namespace hauspost;
using namespace hauspost::storage;
using namespace hauspost::storage::test;

TEST_CASE("index: gives the messages that hold all trigrams of a text, field by field") {
    index_fixture at;
    at.put("an apple a day", "fruit");
    at.put("a pear", "apple pie");
    at.put("nothing of it", "grapes");
    at.settle();
    CHECK(at.may_hold("apple") == uid_set{1});
    CHECK(at.may_hold("pple") == uid_set{1});
    CHECK(at.may_hold("apple", text_field::subject) == uid_set{2});
    CHECK(at.may_hold("apple", text_field::header) == uid_set{2});
    CHECK(at.may_hold("apple", text_field::anywhere) == uid_set{1, 2});
    CHECK(at.may_hold("ther: fie", text_field::header) == uid_set{1, 2, 3});
    CHECK(at.may_hold("ther: fie", text_field::subject) == uid_set{});
    CHECK(at.may_hold("nowhere to be found") == uid_set{});
    CHECK(at.may_hold("an apple a day") == uid_set{1});
    CHECK(at.may_hold("apple", text_field::from) == uid_set{});
}

TEST_CASE("index: says nothing about a text that is too short") {
    index_fixture at;
    at.put("to be or not to be");
    at.settle();
    CHECK_FALSE(at.may_hold("to").has_value());
    CHECK_FALSE(at.may_hold("to be").has_value());
    CHECK(at.may_hold("not") == uid_set{1});
}

TEST_CASE("index: an account without one is answered for after somebody has asked") {
    index_fixture at;
    at.put("words");
    CHECK_FALSE(at.may_hold("words").has_value());
    at.wait_until_indexed(1);
    at.settle();
    CHECK(at.may_hold("xylophone") == uid_set{});
    CHECK(at.may_hold("words") == uid_set{1});
}

TEST_CASE("index: what comes while it is paused is not covered, and covered when it goes on") {
    index_fixture at;
    at.put("first message");
    at.settle();
    at.index->set_paused(true);
    at.put("second message");
    at.put("third letter");
    CHECK(at.may_hold("letter") == uid_set{2, 3});
    CHECK(at.may_hold("first") == uid_set{1, 2, 3});
    at.index->set_paused(false);
    at.settle();
    CHECK(at.may_hold("letter") == uid_set{3});
    CHECK(at.may_hold("first") == uid_set{1});
}

TEST_CASE("index: enough new mail is indexed at once, less waits for its time") {
    index_fixture at;
    at.put("word one");
    at.settle();
    at.close();
    at.settings.enough_messages = 3;
    at.open();
    at.put("word two");
    at.put("word three");
    CHECK(at.index->indexed() == 0);
    at.put("word four");
    at.wait_until_indexed(3);
    at.close();
    at.settings.enough_messages = 1000;
    at.settings.commit_interval = std::chrono::milliseconds(1);
    at.open();
    at.put("word five");
    at.wait_until_indexed(1);
}

TEST_CASE("index: what comes while an account is being indexed is indexed after it") {
    index_fixture at;
    at.close();
    at.settings.enough_messages = 1;
    at.open();
    for (int n = 1; n <= 300; ++n)
        at.put("word" + std::to_string(n));
    at.wait_until_indexed(300);
}

TEST_CASE("index: a moved or copied message is covered where it is now without being read again") {
    index_fixture at;
    const auto other = at.at.make_box("other");
    at.put("moved along");
    at.put("stays here");
    at.settle();
    const auto reads = at.blobs->reads.load();
    REQUIRE(
        at.at.get(at.at->mailboxes.copy(at.at.inbox(), only(1), other.mailbox, true)).has_value());
    REQUIRE(
        at.at.get(at.at->mailboxes.copy(at.at.inbox(), only(2), other.mailbox, false)).has_value());
    CHECK(at.may_hold(other, "moved") == uid_set{1, 2});  // not looked at yet
    at.settle();
    CHECK(at.may_hold(other, "moved") == uid_set{1});
    CHECK(at.may_hold(other, "stays") == uid_set{2});
    CHECK(at.may_hold("stays") == uid_set{2});
    CHECK(at.blobs->reads == reads);
    CHECK(at.index->indexed() == 2);
}

TEST_CASE("index: one octets in two mailboxes before it was indexed is indexed once") {
    index_fixture at;
    at.put("twice the same");
    REQUIRE(
        at.at.get(at.at->mailboxes.copy(at.at.inbox(), only(1), mailbox_id(1), false)).has_value());
    at.settle();
    CHECK(at.may_hold("twice") == uid_set{1, 2});
    CHECK(at.index->indexed() == 1);
}

TEST_CASE("index: a message that was purged before it could be read is passed over") {
    index_fixture at;
    at.put("gone");
    at.put("stays");
    at.settle();
    at.index->set_paused(true);
    at.put("gone as well");
    at.put("stays, too");
    const mail::flag_names deleted{mail::flags::deleted, {}};
    REQUIRE(
        at.at
            .change(at.at.inbox(), {{uid(1), uid(1)}, {uid(3), uid(3)}}, mail::change::add, deleted)
            .has_value());
    REQUIRE(at.at.get(at.at->mailboxes.expunge(at.at.inbox(), everything())).has_value());
    at.at.time.seconds += 30 * 86'400;
    CHECK(at.at->keeper.tidy() == 2);
    at.index->set_paused(false);
    at.settle();
    CHECK(at.may_hold("stays") == uid_set{2, 4});
    CHECK(at.may_hold("gone") == uid_set{});
}

TEST_CASE("index: is written anew without messages that are gone when they are more than a third") {
    index_fixture at;
    at.close();
    at.settings.tidy_from_messages = 30;
    at.open();
    for (int n = 1; n <= 40; ++n)
        at.put("number" + std::to_string(1000 + n));
    at.settle();
    CHECK(at.index->indexed() == 40);
    const auto expunge = [&at](std::uint32_t first, std::uint32_t last) {
        const mail::flag_names deleted{mail::flags::deleted, {}};
        REQUIRE(
            at.at.change(at.at.inbox(), only(first, last), mail::change::add, deleted).has_value());
        REQUIRE(at.at.get(at.at->mailboxes.expunge(at.at.inbox(), everything())).has_value());
    };
    expunge(1, 13);
    at.settle();
    CHECK(at.index->indexed() == 40);
    CHECK(at.ask({text_field::body, "number", false})->needles.front().blobs.size() == 40);
    expunge(14, 14);
    at.settle();
    CHECK(at.index->indexed() == 40);  // and nothing is read for that
    CHECK(at.ask({text_field::body, "number", false})->needles.front().blobs.size() == 26);
    CHECK(at.may_hold("number1020") == uid_set{20});
    at.put("number1050");
    at.settle();
    CHECK(at.may_hold("number1050") == uid_set{41});
    CHECK(at.index->indexed() == 41);
}

TEST_CASE("index: text that is too much or not whole makes a message a candidate for everything") {
    index_fixture at;
    at.put("short and known");
    REQUIRE(at.at.append(at.at.inbox(), "s\r\n\r\nlong text", {}, "", "long").has_value());
    REQUIRE(at.at.append(at.at.inbox(), "s\r\n\r\nopen end", {}, "", "open").has_value());
    at.settle();
    CHECK(at.may_hold("absent") == uid_set{2, 3});
    CHECK(at.may_hold("known") == uid_set{1, 2, 3});
    CHECK(at.may_hold("absent", text_field::subject) == uid_set{2, 3});
}

TEST_CASE("index: blob ids of any size are told whole and in order") {
    index_fixture at;
    const auto other = at.at.make_box("other");  // indexed after INBOX
    at.put("first words", "none", other);
    at.put("second words");
    at.settle();
    const std::vector all{at.at.walk(other).at(0).blob, at.at.walk(at.at.inbox()).at(0).blob};
    CHECK(all[0] < all[1]);
    CHECK(all[0].value() > UINT32_MAX);
    CHECK(at.ask({text_field::body, "words", false})->needles.front().blobs == all);
    const auto fuzzy = at.ask({text_field::body, "first words", true});
    CHECK(fuzzy->needles.front().blobs == std::vector{all[0]});
}

TEST_CASE("index: fuzzy candidates have enough of the trigrams") {
    index_fixture at;
    at.put("the quick brown fox");  // "quick": QUI UIC ICK
    at.put("a quiche");             // qui uic
    at.put("a quilt");              // qui
    REQUIRE(at.at.append(at.at.inbox(), "s\r\n\r\nlong text", {}, "", "long").has_value());
    at.settle();
    const auto answer = at.ask({text_field::body, "quick", true});
    REQUIRE(answer.has_value());
    const auto& found = answer->needles.front();
    const auto all = at.at.walk(at.at.inbox());
    CHECK(found.blobs == std::vector{all[0].blob, all[1].blob, all[3].blob});
    CHECK_FALSE(at.ask({text_field::body, "qu", true})->needles.front().is_answered);
}
