// RFC 5465 NOTIFY.
#include "tests/support/test_imap.hpp"

#include <doctest/doctest.h>

using namespace hauspost;
using namespace hauspost::test;

namespace {

bool has(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

std::string literal(const std::string& octets) {
    return "{" + std::to_string(octets.size()) + "+}\r\n" + octets;
}

const std::string letter = "Subject: new\r\n\r\nbody\r\n";

}  // namespace

TEST_CASE("imap notify: new mail in the selected mailbox is told between commands") {
    imap_server server;
    imap_client ann(server), other(server);
    ann.command("SELECT INBOX");
    CHECK(has(ann.command("NOTIFY SET (selected (MessageNew (UID FLAGS BODY[HEADER.FIELDS "
                          "(Subject)]) MessageExpunge FlagChange))"),
              "t OK "));
    other.command("APPEND INBOX " + literal(letter));
    const auto told = ann.wait_for("Subject: new");
    CHECK(has(told, "* 1 EXISTS\r\n"));
    CHECK(has(told, "* 1 FETCH (UID 1 FLAGS (\\Recent) BODY[HEADER.FIELDS (Subject)] "));
    // Being told of is not being read.
    other.command("SELECT INBOX");
    CHECK(has(other.command("SEARCH UNSEEN"), "* SEARCH 1\r\n"));
    other.command("STORE 1 +FLAGS (\\Flagged)");
    CHECK(has(ann.wait_for("FETCH"), "* 1 FETCH (UID 1 FLAGS (\\Recent \\Flagged))\r\n"));
    other.command("STORE 1 +FLAGS (\\Deleted)");
    other.command("EXPUNGE");
    CHECK(has(ann.wait_for("EXPUNGE"), "* 1 EXPUNGE\r\n"));
}

TEST_CASE("imap notify: selected-delayed keeps expunges for a command that may tell them") {
    imap_server server;
    server.parts.fill(2);
    imap_client ann(server), other(server);
    ann.command("SELECT INBOX");
    ann.command("NOTIFY SET (selected-delayed (MessageNew MessageExpunge))");
    other.command("SELECT INBOX");
    other.command("STORE 1 +FLAGS (\\Deleted)");
    other.command("EXPUNGE");
    other.command("APPEND INBOX " + literal(letter));
    const auto told = ann.wait_for("EXISTS");
    CHECK(has(told, "* 3 EXISTS\r\n"));
    CHECK_FALSE(has(told, "EXPUNGE"));
    CHECK_FALSE(has(told, "FLAGS"));  // FlagChange was not asked for
    CHECK(has(ann.command("NOOP"), "* 1 EXPUNGE\r\n"));
}

TEST_CASE("imap notify: other mailboxes are told by STATUS, with what is new in them") {
    imap_server server;
    imap_client ann(server), other(server);
    const auto set = ann.command(
        "NOTIFY SET STATUS (mailboxes (Sent Drafts nowhere) (MessageNew MessageExpunge))");
    CHECK(has(set, "* STATUS Sent (MESSAGES 0 UIDNEXT 1 UIDVALIDITY "));
    CHECK(has(set, "* STATUS Drafts "));
    CHECK_FALSE(has(set, "nowhere"));
    other.command("APPEND INBOX " + literal(letter));
    other.command("APPEND Sent " + literal(letter));
    const auto told = ann.wait_for("STATUS Sent");
    CHECK(has(told + ann.settle(), "* STATUS Sent (MESSAGES 1 UIDNEXT 2 UIDVALIDITY "));
    CHECK_FALSE(has(told, "INBOX"));
}

TEST_CASE("imap notify: names and subscriptions that change are told by LIST") {
    imap_server server;
    imap_client ann(server), other(server);
    ann.command("NOTIFY SET (personal (MailboxName SubscriptionChange))");
    other.command("CREATE team/may");
    CHECK(has(ann.wait_for("team/may\r\n"), "* LIST (\\HasNoChildren) \"/\" team/may\r\n"));
    other.command("RENAME team crew");
    auto renamed = ann.wait_for("OLDNAME");
    renamed += ann.settle();
    CHECK(has(renamed, "* LIST (\\HasChildren) \"/\" crew (\"OLDNAME\" (team))\r\n"));
    CHECK_FALSE(has(renamed, "crew/may"));
    other.command("SUBSCRIBE crew");
    CHECK(has(ann.wait_for("Subscribed"), "* LIST (\\HasChildren \\Subscribed) \"/\" crew\r\n"));
    other.command("DELETE crew/may");
    CHECK(has(ann.wait_for("NonExistent"), "* LIST (\\NonExistent) \"/\" crew/may\r\n"));
}

TEST_CASE("imap notify: IDLE tells what NOTIFY asked for and nothing else") {
    imap_server server;
    imap_client ann(server), other(server);
    ann.command("SELECT INBOX");
    ann.command("NOTIFY SET (mailboxes Sent (MessageNew MessageExpunge))");
    ann.send("i IDLE\r\n");
    ann.wait_for("+ idling");
    other.command("APPEND INBOX " + literal(letter));
    other.command("APPEND Sent " + literal(letter));
    auto told = ann.wait_for("STATUS Sent");
    CHECK_FALSE(has(told, "EXISTS"));
    ann.send("DONE\r\n");
    ann.wait_for("i OK");
    told = ann.command("APPEND Drafts " + literal(letter));
    CHECK_FALSE(has(told, "EXISTS"));
    // A command that asks is answered.
    CHECK(has(ann.command("NOOP"), "* 1 EXISTS\r\n"));
}

TEST_CASE("imap notify: NONE ends it, events that nobody knows are refused by name") {
    imap_server server;
    imap_client ann(server), other(server);
    ann.command("NOTIFY SET (personal (MailboxName))");
    CHECK(has(ann.command("NOTIFY NONE"), "t OK "));
    other.command("CREATE silent");
    CHECK_FALSE(has(ann.settle(), "silent"));
    CHECK(has(ann.command("NOTIFY SET (personal (AnnotationChange))"),
              "t NO [BADEVENT (MessageNew MessageExpunge FlagChange MailboxName "
              "SubscriptionChange MailboxMetadataChange ServerMetadataChange)] "));
    CHECK(has(ann.command("NOTIFY SET (selected (MessageNew))"), "t BAD "));
}

TEST_CASE("B17 imap notify: an account with too many mailboxes is not watched") {
    imap_server server;
    imap_client ann(server);
    for (int n = 0; n < 995; ++n)
        server.parts
            .wait(server.parts.store().mailboxes.create(server.parts.ann, "m" + std::to_string(n),
                                                        hauspost::mail::special_use::none))
            .value();
    // INBOX and five special-use ones are 1,001 with these.
    CHECK(has(ann.command("NOTIFY SET (personal (MailboxName))"), "t NO [NOTIFICATIONOVERFLOW] "));
    ann.command("DELETE m0");
    CHECK(has(ann.command("NOTIFY SET (personal (MailboxName))"), "t OK "));
}

TEST_CASE("B09 imap notify: the next user of the connection hears nothing of the last one's") {
    imap_server server;
    imap_client ann(server), other(server);
    ann.command("NOTIFY SET (personal (MailboxName))");
    ann.command("UNAUTHENTICATE");
    ann.command("LOGIN bob@a.example pw");
    other.command("CREATE secret");
    CHECK_FALSE(has(ann.settle(), "secret"));
}

TEST_CASE("imap notify: annotations that others change are told by name (RFC 5465 5.6, 5.7)") {
    imap_server server;
    imap_client ann(server), other(server);
    ann.command("NOTIFY SET (personal (MailboxMetadataChange ServerMetadataChange))");
    other.command("SETMETADATA Sent (/private/comment \"x\" /shared/note \"y\")");
    CHECK(has(ann.wait_for("METADATA"), "* METADATA Sent /private/comment /shared/note\r\n"));
    other.command("SETMETADATA Sent (/private/comment NIL)");
    CHECK(has(ann.wait_for("METADATA"), "* METADATA Sent /private/comment\r\n"));
    other.command("SETMETADATA \"\" (/private/vendor/x/y \"1\")");
    CHECK(has(ann.wait_for("METADATA"), "* METADATA \"\" /private/vendor/x/y\r\n"));
    // What one does oneself is no news.
    CHECK(ann.command("SETMETADATA Sent (/private/comment \"z\")") == "t OK Set\r\n");
    CHECK(ann.command("SETMETADATA \"\" (/private/vendor/x/y NIL)") == "t OK Set\r\n");
    CHECK_FALSE(has(ann.command("NOOP"), "METADATA"));
    CHECK_FALSE(has(ann.settle(), "METADATA"));
}

TEST_CASE("imap notify: mailboxes that others share are watched by name") {
    imap_server server;
    imap_client ann(server), bob(server, "bob@a.example");
    bob.command("CREATE Team");
    ann.command("NOTIFY SET (subtree Shared (MessageNew MessageExpunge MailboxName))");
    const std::string team = "Shared/bob@a.example/Team";
    bob.command("SETACL Team ann@a.example lr");
    CHECK(has(ann.wait_for("LIST"), "* LIST (\\HasNoChildren) \"/\" " + team + "\r\n"));
    bob.command("APPEND Team " + literal(letter));
    CHECK(has(ann.wait_for("STATUS"), "* STATUS " + team + " (MESSAGES 1 UIDNEXT 2 "));
    bob.command("SETACL Team ann@a.example l");
    CHECK(has(ann.wait_for("LIST"), "* LIST (\\HasNoChildren \\NoAccess) \"/\" " + team + "\r\n"));
    bob.command("APPEND Team " + literal(letter));
    CHECK_FALSE(has(ann.command("NOOP"), "STATUS"));
    CHECK_FALSE(has(ann.settle(), "STATUS"));
    bob.command("DELETEACL Team ann@a.example");
    CHECK(has(ann.wait_for("LIST"), "* LIST (\\NonExistent) \"/\" " + team + "\r\n"));
}

TEST_CASE("imap notify: SET tells what an earlier NOTIFY kept back (RFC 5465 3.1)") {
    imap_server server;
    server.parts.fill(2);
    imap_client ann(server), other(server);
    ann.command("SELECT INBOX");
    ann.command("NOTIFY SET (selected (MessageNew MessageExpunge))");
    other.command("SELECT INBOX");
    other.command("STORE 1 +FLAGS (\\Flagged)");
    CHECK_FALSE(has(ann.command("NOOP"), "FETCH"));
    CHECK_FALSE(has(ann.settle(), "FETCH"));
    CHECK(has(ann.command("NOTIFY SET (selected (MessageNew MessageExpunge FlagChange))"),
              "* 1 FETCH (UID 1 FLAGS (\\Flagged))\r\n"));
}

TEST_CASE("imap notify: a search is kept up to date without FlagChange") {
    imap_server server;
    server.parts.fill(1);
    imap_client ann(server), other(server);
    ann.command("SELECT INBOX");
    ann.command("UID SEARCH RETURN (UPDATE) UNFLAGGED");
    ann.command("NOTIFY SET (selected (MessageNew MessageExpunge))");
    other.command("APPEND INBOX " + literal(letter));
    CHECK(has(ann.wait_for("ADDTO"), " UID ADDTO (0 2)\r\n"));
    other.command("SELECT INBOX");
    other.command("STORE 1 +FLAGS (\\Flagged)");
    const auto told = ann.wait_for("REMOVEFROM");
    CHECK(has(told, " UID REMOVEFROM (0 1)\r\n"));
    CHECK_FALSE(has(told, "FETCH"));
}
