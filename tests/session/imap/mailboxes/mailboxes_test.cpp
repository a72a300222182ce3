#include "tests/support/test_imap.hpp"

#include <doctest/doctest.h>

using namespace hauspost;
using test::imap_client;
using test::imap_server;

TEST_CASE("imap session: CREATE, RENAME and DELETE") {
    imap_server server;
    CHECK(server.as_ann("a CREATE Work/2026\r\n"
                        "b CREATE work/2026/\r\n"
                        "c CREATE Work/2026\r\n"
                        "d RENAME Work Job\r\n"
                        "e LIST \"\" Job*\r\n"
                        "f DELETE Job\r\n"
                        "g LIST \"\" Job*\r\n"
                        "h SELECT Job\r\n"
                        "i DELETE Job/2026\r\n"
                        "j LIST \"\" Job*\r\n"
                        "k DELETE Job/2026\r\n"
                        "l RENAME Nowhere X\r\n") ==
          "a OK Created\r\n"
          "b OK Created\r\n"
          "c NO [ALREADYEXISTS] A mailbox of that name exists\r\n"
          "d OK Renamed\r\n"
          "* LIST (\\HasChildren) \"/\" Job\r\n* LIST (\\HasNoChildren) \"/\" Job/2026\r\n"
          "e OK Listed\r\n"
          "f OK Deleted\r\n"
          "* LIST (\\Noselect \\HasChildren) \"/\" Job\r\n"
          "* LIST (\\HasNoChildren) \"/\" Job/2026\r\n"
          "g OK Listed\r\n"
          "h NO [NONEXISTENT] No such mailbox\r\n"
          "i OK Deleted\r\n"
          "j OK Listed\r\n"
          "k NO [NONEXISTENT] No such mailbox\r\n"
          "l NO [NONEXISTENT] No such mailbox\r\n");
}

TEST_CASE("imap session: B16 RENAME of INBOX moves its mail, into an own child it is refused") {
    imap_server server;
    server.parts.fill(2);
    CHECK(server.as_ann("a RENAME INBOX Old\r\n"
                        "b STATUS INBOX (MESSAGES)\r\n"
                        "c STATUS Old (MESSAGES)\r\n"
                        "d RENAME Old Old/child\r\n"
                        "e DELETE INBOX\r\n"
                        "f CREATE inbox\r\n"
                        "g RENAME Old INBOX\r\n") ==
          "a OK Renamed\r\n"
          "* STATUS INBOX (MESSAGES 0)\r\nb OK Done\r\n"
          "* STATUS Old (MESSAGES 2)\r\nc OK Done\r\n"
          "d NO [CANNOT] Not possible with this mailbox\r\n"
          "e NO [CANNOT] Not possible with this mailbox\r\n"
          "f NO [ALREADYEXISTS] A mailbox of that name exists\r\n"
          "g NO [ALREADYEXISTS] A mailbox of that name exists\r\n");
}

TEST_CASE("imap session: B07 names that cannot be are refused, odd ones come back as they went") {
    imap_server server;
    for (const auto* name :
         {"\"a//b\"", "\"/a\"", "\"a*b\"", "\"%\"", "\"\"", "\"&AA\"", "\"a\\\\\x7f\""}) {
        const auto said = server.as_ann("a CREATE " + std::string(name) + "\r\nb NOOP\r\n");
        CHECK_MESSAGE(said.find("a OK") == std::string::npos, name);
        CHECK_MESSAGE(said.ends_with("b OK Done\r\n"), name);
    }
    CHECK(server.as_ann("a CREATE \"Entw&APw-rfe &2D3eAA-\"\r\n"
                        "b CREATE \"A&-B\"\r\n"
                        "c CREATE \"../../etc/passwd\"\r\n"
                        "d LIST \"\" \"Entw*\"\r\n"
                        "e LIST \"\" \"A&-B\"\r\n"
                        "f LIST \"\" \"..*\"\r\n") ==
          "a OK Created\r\nb OK Created\r\nc OK Created\r\n"
          "* LIST (\\HasNoChildren) \"/\" \"Entw&APw-rfe &2D3eAA-\"\r\nd OK Listed\r\n"
          "* LIST (\\HasNoChildren) \"/\" A&-B\r\ne OK Listed\r\n"
          "* LIST (\\HasChildren) \"/\" ..\r\n* LIST (\\HasChildren) \"/\" ../..\r\n"
          "* LIST (\\HasChildren) \"/\" ../../etc\r\n"
          "* LIST (\\HasNoChildren) \"/\" ../../etc/passwd\r\nf OK Listed\r\n");
    const auto limit = std::string(255, 'x');
    CHECK(server.as_ann("a CREATE " + limit + "\r\n") == "a OK Created\r\n");
    CHECK(server.as_ann("a CREATE x" + limit + "\r\n").starts_with("a NO [CANNOT]"));
}

TEST_CASE("imap session: B07 names that look alike, NFC and NFD, are one mailbox (RFC 5198 3)") {
    imap_server server;
    // e with acute accent, as one character and as two.
    CHECK(server.as_ann(
              "a CREATE cafe&AwE-\r\nb CREATE caf&AOk-\r\nc CREATE cafe&AwE-/x\r\n"
              "d SUBSCRIBE cafe&AwE-\r\n"
              "e LIST \"\" caf*\r\nf LIST \"\" cafe&AwE-\r\ng LIST caf&AOk-/ %\r\n"
              "h LSUB \"\" cafe&AwE-\r\ni APPEND cafe&AwE- {9+}\r\n\r\nhello\r\n\r\n"
              "j STATUS caf&AOk- (MESSAGES)\r\nk RENAME cafe&AwE- e&AwE-\r\n"
              "l STATUS &AOk- (MESSAGES)\r\nm UNSUBSCRIBE caf&AOk-\r\nn LSUB \"\" c*\r\n") ==
          "a OK Created\r\nb NO [ALREADYEXISTS] A mailbox of that name exists\r\n"
          "c OK Created\r\nd OK Subscribed\r\n"
          "* LIST (\\HasChildren) \"/\" caf&AOk-\r\n"
          "* LIST (\\HasNoChildren) \"/\" caf&AOk-/x\r\ne OK Listed\r\n"
          "* LIST (\\HasChildren) \"/\" caf&AOk-\r\nf OK Listed\r\n"
          "* LIST (\\HasNoChildren) \"/\" caf&AOk-/x\r\ng OK Listed\r\n"
          "* LSUB () \"/\" caf&AOk-\r\nh OK Listed\r\n"
          "i OK [APPENDUID V 1] Stored\r\n"
          "* STATUS caf&AOk- (MESSAGES 1)\r\nj OK Done\r\nk OK Renamed\r\n"
          "* STATUS &AOk- (MESSAGES 1)\r\nl OK Done\r\nm OK Unsubscribed\r\nn OK Listed\r\n");
    CHECK(server
              .as_ann("e ENABLE UTF8=ACCEPT\r\na LIST \"\" \"e\xcc\x81\"\r\n"
                      "b SELECT \"e\xcc\x81\"\r\nc LIST \"\" \"\xc3\xa9*\"\r\n")
              .ends_with("b OK [READ-WRITE] Mailbox is open\r\n"
                         "* LIST (\\HasChildren) \"/\" \"\xc3\xa9\"\r\n"
                         "* LIST (\\HasNoChildren) \"/\" \"\xc3\xa9/x\"\r\nc OK Listed\r\n"));
}

TEST_CASE("imap session: the names of shared mailboxes are compared in NFC, too") {
    imap_server server;
    server.as_ann("a CREATE caf&AOk-\r\nb SETACL cafe&AwE- bob@a.example lr\r\n");
    imap_client bob(server, "bob@a.example");
    CHECK(bob.command("STATUS Shared/ann@a.example/cafe&AwE- (MESSAGES)") ==
          "* STATUS Shared/ann@a.example/caf&AOk- (MESSAGES 0)\r\nt OK Done\r\n");
    CHECK(bob.command("LIST \"\" Shared/*/cafe&AwE-") ==
          "* LIST (\\HasNoChildren) \"/\" Shared/ann@a.example/caf&AOk-\r\nt OK Listed\r\n");
}

TEST_CASE("imap session: CREATE with a special use, once for each") {
    imap_server server;
    CHECK(server.as_ann("a CREATE Mine (USE (\\Sent))\r\n"
                        "b DELETE Sent\r\n"
                        "c CREATE Mine (USE (\\Sent))\r\n"
                        "d CREATE Other (USE (\\Important))\r\n"
                        "e CREATE Other (USE (\\All))\r\n"
                        "f LIST (SPECIAL-USE) \"\" Mine\r\n") ==
          "a NO [USEATTR] Another mailbox has this special use\r\n"
          "b OK Deleted\r\n"
          "c OK Created\r\n"
          "d NO [USEATTR] A mailbox has one known special use at most\r\n"
          "e NO [USEATTR] This special use is not offered\r\n"
          "* LIST (\\HasNoChildren \\Sent) \"/\" Mine\r\nf OK Listed\r\n");
}

TEST_CASE("imap session: LIST of a new account tells its special mailboxes") {
    imap_server server;
    CHECK(server.as_ann("a LIST \"\" *\r\nb LIST \"\" \"\"\r\n") ==
          "* LIST (\\HasNoChildren) \"/\" INBOX\r\n"
          "* LIST (\\HasNoChildren \\Archive) \"/\" Archive\r\n"
          "* LIST (\\HasNoChildren \\Drafts) \"/\" Drafts\r\n"
          "* LIST (\\HasNoChildren \\Junk) \"/\" Junk\r\n"
          "* LIST (\\HasNoChildren \\Sent) \"/\" Sent\r\n"
          "* LIST (\\HasNoChildren \\Trash) \"/\" Trash\r\n"
          "a OK Listed\r\n"
          "* LIST (\\Noselect) \"/\" \"\"\r\nb OK Listed\r\n");
}

TEST_CASE("imap session: Outlook's XLIST tells INBOX and the special mailboxes by flags") {
    imap_server server;
    CHECK(server.as_ann("a XLIST \"\" *\r\nb CREATE w/x\r\nc XLIST w/ %\r\nd XLIST \"\" w\r\n") ==
          "* XLIST (\\HasNoChildren \\Inbox) \"/\" INBOX\r\n"
          "* XLIST (\\HasNoChildren \\Archive) \"/\" Archive\r\n"
          "* XLIST (\\HasNoChildren \\Drafts) \"/\" Drafts\r\n"
          "* XLIST (\\HasNoChildren \\Junk \\Spam) \"/\" Junk\r\n"
          "* XLIST (\\HasNoChildren \\Sent) \"/\" Sent\r\n"
          "* XLIST (\\HasNoChildren \\Trash) \"/\" Trash\r\na OK Listed\r\n"
          "b OK Created\r\n"
          "* XLIST (\\HasNoChildren) \"/\" w/x\r\nc OK Listed\r\n"
          "* XLIST (\\HasChildren) \"/\" w\r\nd OK Listed\r\n");
}

TEST_CASE("imap session: Outlook 2013 reads special uses from LSUB") {
    imap_server server;
    CHECK(server.as_ann("a LSUB \"\" *\r\n") ==
          "* LSUB () \"/\" INBOX\r\n* LSUB (\\Archive) \"/\" Archive\r\n"
          "* LSUB (\\Drafts) \"/\" Drafts\r\n* LSUB (\\Junk) \"/\" Junk\r\n"
          "* LSUB (\\Sent) \"/\" Sent\r\n* LSUB (\\Trash) \"/\" Trash\r\na OK Listed\r\n");
}

TEST_CASE("imap session: pipelined LIST and STATUS are answered in their order") {
    imap_server server;
    server.parts.fill(1);
    CHECK(server.as_ann("a LIST (SPECIAL-USE) \"\" *t RETURN (SPECIAL-USE)\r\n"
                        "b STATUS INBOX (MESSAGES)\r\nc LIST \"\" INBOX\r\n"
                        "d STATUS Sent (UIDNEXT)\r\n") ==
          "* LIST (\\HasNoChildren \\Sent) \"/\" Sent\r\na OK Listed\r\n"
          "* STATUS INBOX (MESSAGES 1)\r\nb OK Done\r\n"
          "* LIST (\\HasNoChildren) \"/\" INBOX\r\nc OK Listed\r\n"
          "* STATUS Sent (UIDNEXT 1)\r\nd OK Done\r\n");
}

TEST_CASE("imap session: LIST with % stops at a level, and a reference is put in front") {
    imap_server server;
    CHECK(server.as_ann("a CREATE w/x/y\r\nb LIST \"\" w/%\r\nc LIST w/ *\r\n") ==
          "a OK Created\r\n"
          "* LIST (\\HasChildren) \"/\" w/x\r\nb OK Listed\r\n"
          "* LIST (\\HasChildren) \"/\" w/x\r\n* LIST (\\HasNoChildren) \"/\" w/x/y\r\n"
          "c OK Listed\r\n");
}

TEST_CASE("imap session: SUBSCRIBE, LSUB and LIST (SUBSCRIBED)") {
    imap_server server;
    std::string off;
    for (const auto* name : {"INBOX", "Archive", "Drafts", "Junk", "Sent", "Trash"})
        off += "x UNSUBSCRIBE " + std::string(name) + "\r\n";
    server.as_ann(off);
    CHECK(server.as_ann("a CREATE w/x\r\nb SUBSCRIBE w/x\r\nc SUBSCRIBE gone/away\r\n"
                        "d LSUB \"\" *\r\n"
                        "e LSUB \"\" %\r\n"
                        "f LIST (SUBSCRIBED) \"\" *\r\n"
                        "g LIST (SUBSCRIBED RECURSIVEMATCH) \"\" %\r\n"
                        "h LIST \"\" w/% RETURN (SUBSCRIBED)\r\n"
                        "i UNSUBSCRIBE gone/away\r\nj LSUB \"\" *\r\n") ==
          "a OK Created\r\nb OK Subscribed\r\nc OK Subscribed\r\n"
          "* LSUB () \"/\" gone/away\r\n* LSUB () \"/\" w/x\r\nd OK Listed\r\n"
          "* LSUB (\\Noselect) \"/\" gone\r\n* LSUB (\\Noselect) \"/\" w\r\ne OK Listed\r\n"
          "* LIST (\\NonExistent \\Noselect \\HasNoChildren \\Subscribed) \"/\" gone/away\r\n"
          "* LIST (\\HasNoChildren \\Subscribed) \"/\" w/x\r\nf OK Listed\r\n"
          "* LIST (\\NonExistent \\Noselect \\HasChildren) \"/\" gone (\"CHILDINFO\" "
          "(\"SUBSCRIBED\"))\r\n"
          "* LIST (\\HasChildren) \"/\" w (\"CHILDINFO\" (\"SUBSCRIBED\"))\r\ng OK Listed\r\n"
          "* LIST (\\HasNoChildren \\Subscribed) \"/\" w/x\r\nh OK Listed\r\n"
          "i OK Unsubscribed\r\n* LSUB () \"/\" w/x\r\nj OK Listed\r\n");
}

TEST_CASE("imap session: CHILDINFO only where a subscribed child has no line (RFC 5258 3.5)") {
    imap_server server;
    server.as_ann(
        "a CREATE w/x/y\r\nb SUBSCRIBE w/x/y\r\nc CREATE v/u\r\nd SUBSCRIBE v\r\n"
        "e SUBSCRIBE v/u\r\n");
    const auto list = [&](const std::string& pattern) {
        return server.as_ann("a LIST (SUBSCRIBED RECURSIVEMATCH) \"\" " + pattern + "\r\n");
    };
    const std::string all = "* LIST (\\HasChildren \\Subscribed) \"/\" v";
    const std::string child = "* LIST (\\HasNoChildren \\Subscribed) \"/\" v/u\r\n";
    const std::string info = " (\"CHILDINFO\" (\"SUBSCRIBED\"))\r\n";
    const std::string end = "a OK Listed\r\n";
    CHECK(list("v*") == all + "\r\n" + child + end);
    CHECK(list("v") == all + info + end);
    CHECK(list("w*") == "* LIST (\\HasNoChildren \\Subscribed) \"/\" w/x/y\r\n" + end);
    CHECK(list("w/%") == "* LIST (\\HasChildren) \"/\" w/x" + info + end);
    CHECK(list("(w v/%)") == child + "* LIST (\\HasChildren) \"/\" w" + info + end);
    CHECK(list("nothing/%") == end);
}

TEST_CASE("imap session: LIST-EXTENDED with several patterns and RETURN (STATUS)") {
    imap_server server;
    server.parts.fill(2);
    CHECK(server.as_ann(
              "a LIST \"\" (INBOX Sent) RETURN (SPECIAL-USE STATUS (MESSAGES UNSEEN))\r\n") ==
          "* LIST (\\HasNoChildren) \"/\" INBOX\r\n* STATUS INBOX (MESSAGES 2 UNSEEN 2)\r\n"
          "* LIST (\\HasNoChildren \\Sent) \"/\" Sent\r\n* STATUS Sent (MESSAGES 0 UNSEEN 0)\r\n"
          "a OK Listed\r\n");
}

TEST_CASE("imap session: deleting the selected mailbox ends others' sessions, not one's own") {
    imap_server server;
    imap_client one(server), two(server);
    one.command("CREATE Box");
    one.command("SELECT Box");
    two.command("SELECT Box");
    CHECK(two.command("DELETE Box") ==
          "* OK [CLOSED] The selected mailbox was deleted\r\nt OK Deleted\r\n");
    CHECK(two.command("FETCH 1 UID") == "t BAD Command not allowed in this state\r\n");
    CHECK(one.command("NOOP") == "* BYE The selected mailbox was deleted\r\nt OK Done\r\n");
}

TEST_CASE("imap session: a renamed mailbox stays selected") {
    imap_server server;
    imap_client one(server), two(server);
    one.command("CREATE Box");
    one.command("SELECT Box");
    two.command("RENAME Box Other");
    CHECK(one.command("NOOP") == "t OK Done\r\n");
    server.parts.put("\r\nx\r\n", 0, {}, "Other");
    CHECK(one.command("NOOP") == "* 1 EXISTS\r\n* 1 RECENT\r\nt OK Done\r\n");
}

TEST_CASE("imap session: DELETE of a name that went to another mailbox keeps ours selected") {
    imap_server server;
    test::imap_client one(server);
    test::imap_client two(server);
    one.command("CREATE x");
    one.command("SELECT x");
    two.command("RENAME x y");
    two.command("CREATE x");
    CHECK(one.command("DELETE x") == "t OK Deleted\r\n");
    CHECK(one.command("FETCH 1:* FLAGS").find("state") == std::string::npos);
    CHECK(one.command("DELETE y") ==
          "* OK [CLOSED] The selected mailbox was deleted\r\nt OK Deleted\r\n");
}
