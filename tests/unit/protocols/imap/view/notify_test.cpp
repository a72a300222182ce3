// Mirrors protocols/imap/grammar/parse_notify.cpp and notify.cpp (RFC 5465).
#include "protocols/imap/view/notify.hpp"

#include "protocols/imap/grammar/limits.hpp"
#include "tests/unit/protocols/imap/grammar/parsing.hpp"

#include <doctest/doctest.h>

using hauspost::account_id;
using hauspost::mailbox_id;
using namespace hauspost::imap;
using namespace hauspost::imap::testing;
using strings = std::vector<std::string>;
using scope = notify_group::scope;

namespace {

constexpr auto both = notify_events::message_new | notify_events::message_expunge;

notify_mailbox box(std::uint32_t id, std::string name, std::uint32_t messages = 0) {
    notify_mailbox made;
    made.key = {account_id(1), mailbox_id(id)};
    made.name = std::move(name);
    made.uid_validity = 7;
    made.messages = messages;
    made.uid_next = messages + 1;
    return made;
}

std::vector<notify_group> groups_of(const std::string& text) {
    return parse_as<cmd::notify>("NOTIFY SET " + text).groups;
}

/// "STATUS a", "LIST a", "LIST -a" (gone), "LIST !a" (may not be read), "LIST b<a" (renamed),
/// "METADATA a /shared/x".
strings told(const std::vector<notify_line>& lines) {
    strings words;
    for (const auto& line : lines) {
        const bool is_status = line.status != status_items();
        std::string word = is_status ? "STATUS " : line.entries.empty() ? "LIST " : "METADATA ";
        word += line.is_gone ? "-" : line.is_closed ? "!" : "";
        word += line.mailbox.name;
        for (const auto& entry : line.entries)
            word += " " + entry;
        if (!line.old_name.empty()) word += "<" + line.old_name;
        words.push_back(word);
    }
    return words;
}

}  // namespace

TEST_CASE("NOTIFY: SET has groups of mailboxes and events, NONE has nothing") {
    CHECK(parse_as<cmd::notify>("NOTIFY NONE").groups.empty());
    const auto set = parse_as<cmd::notify>(
        "notify set status (selected-delayed (MessageNew (uid body.peek[header.fields (from)]) "
        "MessageExpunge FlagChange)) (subtree (Lists \"a b\") (MessageNew MessageExpunge)) "
        "(mailboxes INBOX (MailboxName SubscriptionChange)) (personal NONE)");
    CHECK(set.status);
    CHECK_FALSE(set.has_unknown_event);
    REQUIRE(set.groups.size() == 4);
    CHECK(set.groups[0].where == scope::selected_delayed);
    CHECK(set.groups[0].events == notify_events::messages);
    REQUIRE(set.groups[0].new_items);
    CHECK(set.groups[0].new_items->uid);
    CHECK(set.groups[0].new_items->sections.size() == 1);
    CHECK(set.groups[1].where == scope::subtree);
    CHECK(set.groups[1].mailboxes == strings{"Lists", "a b"});
    CHECK(set.groups[1].events == both);
    CHECK(set.groups[2].mailboxes == strings{"INBOX"});
    CHECK(set.groups[3].events == 0);
    CHECK(parse_as<cmd::notify>("NOTIFY SET (inboxes (AnnotationChange))").has_unknown_event);
}

TEST_CASE("NOTIFY: what RFC 5465 forbids is refused in words") {
    CHECK(refused("NOTIFY SET (selected (MessageNew))").starts_with("BAD "));
    CHECK(refused("NOTIFY SET (selected (FlagChange))").starts_with("BAD "));
    CHECK(refused("NOTIFY SET (selected (MailboxName))").starts_with("BAD "));
    CHECK(refused("NOTIFY SET (personal (MessageNew (UID) MessageExpunge))").starts_with("BAD "));
    CHECK(refused("NOTIFY SET (selected NONE) (selected-delayed NONE)").starts_with("BAD "));
    for (const char* broken :
         {"NOTIFY", "NOTIFY SET", "NOTIFY SET ", "NOTIFY SET ()", "NOTIFY SET (personal)",
          "NOTIFY SET (personal ())", "NOTIFY SET (personal (MailboxName)",
          "NOTIFY SET (mailboxes () NONE)", "NOTIFY SET (else NONE)", "NOTIFY NONE x",
          "NOTIFY SET (personal NONE) "})
        CHECK_MESSAGE(refused(broken).starts_with("BAD "), broken);
}

TEST_CASE("B17 NOTIFY: mailboxes and groups have a limit") {
    const auto with = [](std::size_t mailboxes) {
        return "NOTIFY SET (mailboxes (a" + repeated(" a", mailboxes - 1) + ") NONE)";
    };
    CHECK(refused(with(max_notify_mailboxes)).empty());
    CHECK(refused(with(max_notify_mailboxes + 1)).starts_with("NO [NOTIFICATIONOVERFLOW] "));
    const auto groups = [](std::size_t count) {
        return "NOTIFY SET" + repeated(" (personal NONE)", count);
    };
    CHECK(refused(groups(max_notify_groups)).empty());
    CHECK(refused(groups(max_notify_groups + 1)).starts_with("NO [NOTIFICATIONOVERFLOW] "));
}

TEST_CASE("NOTIFY: several groups add up, and the selected mailbox is its own group's alone") {
    const auto groups =
        groups_of("(mailboxes INBOX (MessageNew MessageExpunge)) (personal (SubscriptionChange))");
    CHECK(events_of(groups, box(1, "INBOX"), {}) == (both | notify_events::subscription_change));
    CHECK(events_of(groups, box(1, "INBOX"), box(1, "INBOX").key) ==
          notify_events::subscription_change);
    CHECK(events_of(groups, box(2, "other"), {}) == notify_events::subscription_change);
    CHECK(selected_group(groups) == nullptr);
    CHECK(selected_group(groups_of("(selected NONE)")) == nullptr);
    CHECK(selected_group(groups_of("(selected (MessageNew MessageExpunge))")) != nullptr);
    CHECK_FALSE(watches_others(groups_of("(selected (MessageNew MessageExpunge))")));
    const auto below = groups_of("(subtree a (MailboxName))");
    CHECK(events_of(below, box(1, "a"), {}) != 0);
    CHECK(events_of(below, box(1, "a/b"), {}) != 0);
    CHECK(events_of(below, box(1, "ab"), {}) == 0);
    const auto subscribed = groups_of("(subscribed (MailboxName))");
    auto mine = box(1, "x");
    CHECK(events_of(subscribed, mine, {}) == 0);
    mine.subscribed = true;
    CHECK(events_of(subscribed, mine, {}) != 0);
}

TEST_CASE("NOTIFY: new, expunged and changed messages elsewhere are STATUS lines") {
    const auto groups = groups_of("(personal (MessageNew MessageExpunge FlagChange))");
    auto a = box(1, "a", 3);
    auto b = box(2, "b", 5);
    CHECK(told(first_lines(groups, {a, b}, b.key, true, false)) == strings{"STATUS a"});
    CHECK(lines_between(groups, {a, b}, {a, b}, {}, true).empty());
    CHECK(told(lines_between(groups, {a, b}, {a, box(2, "b", 6)}, {}, false)) ==
          strings{"STATUS b"});
    auto fewer = a;
    fewer.messages = 2;
    CHECK(told(lines_between(groups, {a, b}, {fewer, b}, {}, false)) == strings{"STATUS a"});
    CHECK(lines_between(groups, {a, b}, {fewer, b}, box(1, "a").key, false).empty());
    auto read = a;
    read.unseen = 1;
    CHECK(told(lines_between(groups, {a}, {read}, {}, false)) == strings{"STATUS a"});
    auto flagged = a;
    flagged.highest_modseq = 9;
    const auto lines = lines_between(groups, {a}, {flagged}, {}, false);
    REQUIRE(lines.size() == 1);
    CHECK(lines[0].status.highest_modseq);
    CHECK(lines[0].status.uid_validity);
}

TEST_CASE("NOTIFY: names and subscriptions that change are LIST lines") {
    const auto groups = groups_of("(personal (MailboxName SubscriptionChange))");
    const auto inbox = box(1, "INBOX");
    CHECK(told(lines_between(groups, {inbox}, {inbox, box(2, "new")}, {}, false)) ==
          strings{"LIST new"});
    CHECK(told(lines_between(groups, {inbox, box(2, "old")}, {inbox}, {}, false)) ==
          strings{"LIST -old"});
    // What is below goes along without a word.
    CHECK(told(lines_between(groups, {box(2, "a"), box(3, "a/b"), box(4, "c")},
                             {box(2, "z"), box(3, "z/b"), box(4, "d")}, {}, false)) ==
          strings{"LIST z<a", "LIST d<c"});
    auto subscribed = inbox;
    subscribed.subscribed = true;
    CHECK(told(lines_between(groups, {inbox}, {subscribed}, {}, false)) == strings{"LIST INBOX"});
    const auto only = groups_of("(subscribed (SubscriptionChange))");
    CHECK(told(lines_between(only, {subscribed}, {inbox}, {}, false)) == strings{"LIST INBOX"});
}

TEST_CASE("NOTIFY: a new or lost mailbox touches the one above it (RFC 5465 5.4)") {
    const auto groups = groups_of("(personal (MailboxName))");
    const auto a = box(1, "a");
    CHECK(told(lines_between(groups, {a}, {a, box(2, "a/b"), box(3, "a/c")}, {}, false)) ==
          strings{"LIST a/b", "LIST a/c", "LIST a"});
    CHECK(told(lines_between(groups, {a, box(2, "a/b")}, {a}, {}, false)) ==
          strings{"LIST -a/b", "LIST a"});
    CHECK(told(lines_between(groups, {a, box(2, "a/b")}, {}, {}, false)) ==
          strings{"LIST -a", "LIST -a/b"});
    auto only_a_name = a;
    only_a_name.selectable = false;
    CHECK(told(lines_between(groups, {only_a_name}, {a}, {}, false)) == strings{"LIST a"});
}

TEST_CASE("NOTIFY: a mailbox that is renamed away is told to who named it") {
    const auto groups = groups_of("(mailboxes Foo (MailboxName))");
    CHECK(told(lines_between(groups, {box(1, "Foo")}, {box(1, "Bar")}, {}, false)) ==
          strings{"LIST Bar<Foo"});
    CHECK(told(lines_between(groups, {box(1, "Bar")}, {box(1, "Foo")}, {}, false)) ==
          strings{"LIST Foo<Bar"});
    CHECK(lines_between(groups, {box(1, "x")}, {box(1, "y")}, {}, false).empty());
}

TEST_CASE(
    "NOTIFY: mailboxes of others are named by name alone, and told of with the right to read") {
    auto theirs = box(9, "Shared/bob@a.example/Team", 2);
    theirs.is_own = false;
    CHECK(events_of(groups_of("(personal (MailboxName)) (inboxes (MailboxName))"), theirs, {}) ==
          0);
    const auto groups = groups_of("(subtree Shared (MessageNew MessageExpunge MailboxName))");
    CHECK(watches_shared(groups));
    CHECK_FALSE(watches_shared(groups_of("(personal (MailboxName))")));
    auto more = theirs;
    more.messages = 3;
    CHECK(told(lines_between(groups, {theirs}, {more}, {}, false)) ==
          strings{"STATUS Shared/bob@a.example/Team"});
    more.may_read = false;
    CHECK(told(lines_between(groups, {theirs}, {more}, {}, false)) ==
          strings{"LIST !Shared/bob@a.example/Team"});
    CHECK(told(first_lines(groups, {more}, {}, false, false)) ==
          strings{"LIST !Shared/bob@a.example/Team"});
    CHECK(first_lines(groups, {theirs}, {}, false, false).empty());
    // Rights that come and go are mailboxes that come and go.
    CHECK(told(lines_between(groups, {}, {theirs}, {}, false)) ==
          strings{"LIST Shared/bob@a.example/Team", "STATUS Shared/bob@a.example/Team"});
}

TEST_CASE("NOTIFY: annotations that are set, changed and removed are told by name") {
    const std::vector<notify_entry> before{{"/private/a", 1}, {"/private/b", 2}, {"/shared/c", 3}};
    const std::vector<notify_entry> now{{"/private/a", 1}, {"/private/b", 9}, {"/shared/d", 4}};
    CHECK(changed_entries(before, now) == strings{"/private/b", "/shared/c", "/shared/d"});
    CHECK(changed_entries(now, now).empty());
    const auto groups = groups_of("(personal (MailboxMetadataChange ServerMetadataChange))");
    CHECK(watches_events(groups, notify_events::server_metadata));
    auto old = box(1, "a");
    auto one = old;
    old.entries = before;
    one.entries = now;
    CHECK(told(lines_between(groups, {old}, {one}, {}, false)) ==
          strings{"METADATA a /private/b /shared/c /shared/d"});
    CHECK(lines_between(groups_of("(personal (MailboxName))"), {old}, {one}, {}, false).empty());
    CHECK(refused("NOTIFY SET (selected (MailboxMetadataChange))").starts_with("BAD "));
}
