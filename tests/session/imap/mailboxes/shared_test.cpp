// Mailboxes of others under "Shared/": what each right allows, and what nobody without one can tell
// from nothing (B08).
#include "base/ascii.hpp"
#include "protocols/imap/session/core/visible.hpp"
#include "tests/support/test_imap.hpp"

#include <doctest/doctest.h>

using namespace hauspost;
using test::imap_client;
using test::imap_server;

namespace {

const std::string box = "Shared/ann@a.example/Team";
const std::string no_right = "t NO [NOPERM] You do not have the right to do that\r\n";

/// Ann's mailbox Team with one message, and Bob, who may do with it what the test says.
struct team {
    team() : ann(server), bob(server, "bob@a.example") {
        ann.command("CREATE Team");
        server.parts.put("Subject: one\r\n\r\nfirst\r\n", 0, {}, "Team");
        server.see_all();
    }
    void give(const std::string& rights) {
        ann.command("SETACL Team bob@a.example \"" + rights + "\"");
    }
    /// Of all messages, without \Recent.
    std::string flags() {
        server.see_all();
        ann.command("SELECT Team");
        const auto said = ann.command("FETCH 1:* FLAGS");
        ann.command("UNSELECT");
        return said;
    }
    imap_server server;
    imap_client ann, bob;
};

/// Each with a mailbox at "@".
const std::string commands[] = {"SELECT @",
                                "EXAMINE @",
                                "STATUS @ (MESSAGES)",
                                "DELETE @",
                                "RENAME @ Mine",
                                "RENAME @ @2",
                                "CREATE @/below",
                                "GETACL @",
                                "SETACL @ bob@a.example lr",
                                "DELETEACL @ bob@a.example",
                                "LISTRIGHTS @ bob@a.example",
                                "MYRIGHTS @",
                                "GETQUOTAROOT @",
                                "GETMETADATA @ /shared/comment",
                                "SETMETADATA @ (/shared/comment \"y\")",
                                "APPEND @ {3+}\r\nabc",
                                "LIST \"\" @ RETURN (STATUS (MESSAGES) MYRIGHTS)",
                                "XLIST \"\" @",
                                "LSUB \"\" @",
                                "SUBSCRIBE @",
                                "UNSUBSCRIBE @",
                                "COPY 1 @",
                                "MOVE 1 @",
                                "APPEND INBOX CATENATE (URL \"/@/;UID=1\")",
                                "APPEND INBOX CATENATE (URL \"/@/;UID=1/;SECTION=TEXT\")",
                                "APPEND @ CATENATE (URL \"/INBOX/;UID=1\")",
                                "REPLACE 1 @ {3+}\r\nabc",
                                "UID REPLACE 1 @ CATENATE (URL \"/@/;UID=1\")",
                                "NOTIFY SET STATUS (mailboxes @ (MessageNew MessageExpunge))",
                                "NOTIFY SET STATUS (subtree @ (MessageNew MessageExpunge))",
                                "ESEARCH IN (mailboxes @) RETURN (COUNT) ALL"};

}  // namespace

TEST_CASE("shared names: taken apart at the address") {
    using imap::split_shared_name;
    CHECK(split_shared_name("Shared/a@b/inbox")->name == "INBOX");
    CHECK(split_shared_name("Shared/a@b/x/y")->name == "x/y");
    CHECK(split_shared_name("Shared/a/b@c/x")->owner == "a/b@c");
    for (const auto* name : {"Shared", "Shared/", "Shared/x", "Shared/a@b", "Shared/a@b/", "a@b/x",
                             "Sharedx/a@b/x", "shared/a@b/x"})
        CHECK_FALSE(split_shared_name(name));
    CHECK(imap::is_shared_name("Shared"));
    CHECK(imap::is_shared_name("Shared/x"));
    CHECK_FALSE(imap::is_shared_name("Sharedx"));
    CHECK(imap::join_shared_name("a@b", "x/y") == "Shared/a@b/x/y");
}

TEST_CASE("imap shared: NAMESPACE names other users' mailboxes, and nobody makes his own there") {
    imap_server server;
    CHECK(server.as_ann(
              "a NAMESPACE\r\nb CREATE Shared\r\nc CREATE Shared/x\r\nd RENAME Sent Shared/y\r\n"
              "e CREATE Shared/ann@a.example/Mine\r\nf LIST \"\" Shared*\r\n") ==
          "* NAMESPACE ((\"\" \"/\")) ((\"Shared/\" \"/\")) NIL\r\na OK Done\r\n"
          "b NO [CANNOT] This part of the tree is for mailboxes of others\r\n"
          "c NO [CANNOT] This part of the tree is for mailboxes of others\r\n"
          "d NO [CANNOT] This part of the tree is for mailboxes of others\r\n"
          "e NO [NOPERM] No mailbox may be made there\r\nf OK Listed\r\n");
}

TEST_CASE("imap shared: LIST and LSUB tell those with the right to look up, and their parents") {
    team at;
    at.ann.command("CREATE Hidden");
    at.ann.command("CREATE Deep/Down");
    at.ann.command("SETACL Hidden bob@a.example rs");
    at.ann.command("SETACL Deep/Down bob@a.example l");
    at.give("lr");
    CHECK(at.bob.command("LIST \"\" Shared*") ==
          "* LIST (\\Noselect \\HasChildren) \"/\" Shared\r\n"
          "* LIST (\\Noselect \\HasChildren) \"/\" Shared/ann@a.example\r\n"
          "* LIST (\\Noselect \\HasChildren) \"/\" Shared/ann@a.example/Deep\r\n"
          "* LIST (\\HasNoChildren) \"/\" Shared/ann@a.example/Deep/Down\r\n"
          "* LIST (\\HasNoChildren) \"/\" Shared/ann@a.example/Team\r\nt OK Listed\r\n");
    CHECK(at.bob.command("LIST \"\" Shared/%/%").find("Hidden") == std::string::npos);
    CHECK(at.bob.command("SUBSCRIBE " + box) == "t OK Subscribed\r\n");
    CHECK(at.bob.command("LSUB \"\" Shared*") == "* LSUB () \"/\" " + box + "\r\nt OK Listed\r\n");
    CHECK(at.bob.command("LIST (SUBSCRIBED) \"\" Shared*") ==
          "* LIST (\\HasNoChildren \\Subscribed) \"/\" " + box + "\r\nt OK Listed\r\n");
    at.give("");
    CHECK(at.bob.command("LIST \"\" " + box) == "t OK Listed\r\n");
}

TEST_CASE("imap shared: B08 without a right every command answers as for what is not there") {
    team at;
    at.ann.command("SETMETADATA Team (/shared/comment \"x\")");
    for (const auto& command : commands) {
        const auto with = [&](const std::string& name) {
            auto text = command;
            for (auto place = text.find('@'); place != std::string::npos;
                 place = text.find('@', place)) {
                const bool is_address = place != 0 && ascii::is_alpha(text[place - 1]);
                if (!is_address) text.replace(place, 1, name);
                place += is_address ? 1 : name.size();
            }
            at.server.parts.put("\r\n");
            at.bob.command("APPEND INBOX {3+}\r\nabc");
            at.bob.command("SELECT INBOX");
            auto said = at.bob.command(text);
            at.bob.command("UNSELECT");
            at.bob.command("NOTIFY NONE");
            // BADURL names what was asked for.
            const auto named = said.find(name);
            if (named != std::string::npos) said.replace(named, name.size(), "@");
            return said;
        };
        const auto foreign = with("Shared/ann@a.example/Team");
        const auto missing = with("Shared/ann@a.example/None");
        const auto nobody = with("Shared/eve@a.example/Team");
        CHECK_MESSAGE(foreign == missing, command);
        CHECK_MESSAGE(foreign == nobody, command);
    }
    CHECK(at.bob.command("GETQUOTA ann@a.example").starts_with("t NO [NONEXISTENT]"));
    CHECK(at.ann.command("STATUS Team (MESSAGES)").starts_with("* STATUS Team (MESSAGES 1)"));
}

TEST_CASE("imap shared: SELECT needs r, and is read-only with nothing but it") {
    team at;
    at.give("l");
    CHECK(at.bob.command("SELECT " + box) == no_right);
    CHECK(at.bob.command("STATUS " + box + " (MESSAGES)") == no_right);
    at.give("lr");
    const auto said = at.bob.command("SELECT " + box);
    CHECK(said.find("PERMANENTFLAGS ()]") != std::string::npos);
    CHECK(said.ends_with("t OK [READ-ONLY] Mailbox is open\r\n"));
    CHECK(at.bob.command("FETCH 1 BODY[TEXT]") ==
          "* 1 FETCH (BODY[TEXT] {7}\r\nfirst\r\n)\r\nt OK Fetched\r\n");
    CHECK(at.bob.command("STORE 1 +FLAGS (\\Seen)").starts_with("t NO [READ-ONLY]"));
    CHECK(at.flags().starts_with("* 1 FETCH (FLAGS ())"));
    at.give("lrs");
    CHECK(at.bob.command("SELECT " + box).find("[PERMANENTFLAGS (\\Seen)]") != std::string::npos);
    CHECK(at.bob.command("FETCH 1 BODY[TEXT]").find("\\Seen") != std::string::npos);
    CHECK(at.flags().starts_with("* 1 FETCH (FLAGS (\\Seen))"));
}

TEST_CASE("imap shared: STORE changes the flags one has the right to and leaves the others") {
    team at;
    at.server.parts.put("\r\nx\r\n", mail::flags::flagged | mail::flags::deleted, {"$Work"},
                        "Team");
    at.server.see_all();
    at.give("lrs");
    at.bob.command("SELECT " + box);
    CHECK(at.bob.command("STORE 2 FLAGS (\\Seen \\Answered)") ==
          "* 2 FETCH (FLAGS (\\Seen \\Flagged \\Deleted $Work))\r\nt OK Stored\r\n");
    CHECK(at.bob.command("STORE 2 FLAGS ()") ==
          "* 2 FETCH (FLAGS (\\Flagged \\Deleted $Work))\r\nt OK Stored\r\n");
    CHECK(at.bob.command("STORE 2 +FLAGS (\\Answered)") == no_right);
    CHECK(at.bob.command("STORE 2 -FLAGS ($Work)") == no_right);
    CHECK(at.bob.command("STORE 2 -FLAGS (\\Deleted \\Seen)").ends_with("t OK Stored\r\n"));
    at.give("lrw");
    at.bob.command("SELECT " + box);
    CHECK(at.bob.command("STORE 2 FLAGS (\\Seen new)") ==
          "* FLAGS (\\Seen \\Answered \\Flagged \\Deleted \\Draft $Work new)\r\n"
          "* OK [PERMANENTFLAGS (\\Answered \\Flagged \\Draft $Work new \\*)] Flags are kept\r\n"
          "* 2 FETCH (FLAGS (\\Deleted new))\r\nt OK Stored\r\n");
}

TEST_CASE("imap shared: EXPUNGE needs e, CLOSE without it closes and expunges nothing") {
    team at;
    at.give("lrt");
    at.bob.command("SELECT " + box);
    at.bob.command("STORE 1 +FLAGS (\\Deleted)");
    CHECK(at.bob.command("EXPUNGE") == no_right);
    CHECK(at.bob.command("UID EXPUNGE 1") == no_right);
    CHECK(at.bob.command("CLOSE") == "t OK Closed\r\n");
    CHECK(at.ann.command("STATUS Team (MESSAGES)").starts_with("* STATUS Team (MESSAGES 1)"));
    at.give("lre");
    at.bob.command("SELECT " + box);
    CHECK(at.bob.command("EXPUNGE") == "* 1 EXPUNGE\r\nt OK Expunged\r\n");
}

TEST_CASE("imap shared: APPEND and COPY need i and keep the flags one has the right to") {
    team at;
    at.give("lr");
    CHECK(at.bob.command("APPEND " + box + " {3}") == no_right);
    at.bob.command("APPEND INBOX (\\Seen \\Flagged \\Deleted $Mine) {9+}\r\n\r\nhello\r\n");
    at.bob.command("SELECT INBOX");
    CHECK(at.bob.command("COPY 1 " + box) == no_right);
    at.give("lris");
    CHECK(at.bob.command("COPY 1 " + box).find("[COPYUID V 1 2]") != std::string::npos);
    CHECK(at.bob.command("APPEND " + box + " (\\Seen \\Draft) {9+}\r\n\r\nthree\r\n")
              .find("[APPENDUID V 3]") != std::string::npos);
    CHECK(at.flags() ==
          "* 1 FETCH (FLAGS ())\r\n* 2 FETCH (FLAGS (\\Seen))\r\n"
          "* 3 FETCH (FLAGS (\\Seen))\r\nt OK Fetched\r\n");
    // A letter box: put in, never looked into.
    at.give("i");
    CHECK(at.bob.command("APPEND " + box + " {9+}\r\n\r\nfour!\r\n").find("t OK") !=
          std::string::npos);
    CHECK(at.bob.command("SELECT " + box) ==
          "* OK [CLOSED] The mailbox before is closed\r\n"
          "t NO [NONEXISTENT] No such mailbox\r\n");
    CHECK(at.server.parts.store().keeper.check().findings.empty());
}

TEST_CASE("imap shared: MOVE between accounts takes the message, its octets count with the owner") {
    team at;
    at.give("lritew");
    at.server.parts.set_quota(at.server.parts.ann, 40);
    at.bob.command("SELECT " + box);
    CHECK(at.bob.command("MOVE 1 INBOX") ==
          "* OK [COPYUID V 1 1] Moved\r\n* 1 EXPUNGE\r\nt OK Done\r\n");
    CHECK(at.ann.command("GETQUOTA \"\"").starts_with("* QUOTA \"\" (STORAGE 0 1)"));
    at.bob.command("APPEND INBOX {41+}\r\n\r\n" + std::string(39, 'x'));
    at.bob.command("SELECT INBOX");
    // Into somebody else's account his quota holds, for MOVE too (B14).
    for (const auto* verb : {"COPY 2 ", "MOVE 2 "})
        CHECK(at.bob.command(verb + box) == "t NO [OVERQUOTA] The account is full\r\n");
    CHECK(at.bob.command("MOVE 1 " + box).find("* 1 EXPUNGE") != std::string::npos);
    CHECK(at.bob.command("APPEND " + box + " {20+}\r\n" + std::string(20, 'x')) ==
          "t NO [OVERQUOTA] The account is full\r\n");
    CHECK(at.bob.command("GETQUOTAROOT " + box) ==
          "* QUOTAROOT " + box +
              " ann@a.example\r\n"
              "* QUOTA ann@a.example (STORAGE 1 1)\r\nt OK Done\r\n");
    CHECK(at.bob.command("GETQUOTA ann@a.example") ==
          "* QUOTA ann@a.example (STORAGE 1 1)\r\nt OK Done\r\n");
    CHECK(at.server.parts.store().keeper.check().findings.empty());
}

TEST_CASE("imap shared: MOVE out needs t and e") {
    team at;
    for (const std::string rights : {"lri", "lrit", "lrie"}) {
        at.give(rights);
        at.bob.command("SELECT " + box);
        CHECK(at.bob.command("MOVE 1 INBOX") == no_right);
    }
}

TEST_CASE("imap shared: CATENATE copies what one may read into what one may insert into") {
    team at;
    const auto from_team = "APPEND INBOX CATENATE (URL \"/" + box + "/;UID=1\")";
    const auto nothing = "t NO [BADURL \"/" + box + "/;UID=1\"] Nothing stands at this URL\r\n";
    for (const std::string rights : {"", "l", "i", "liste"}) {
        at.give(rights);
        CHECK_MESSAGE(at.bob.command(from_team) == nothing, rights);
    }
    at.give("lr");
    CHECK(at.bob.command(from_team) == "t OK [APPENDUID V 1] Stored\r\n");
    at.bob.command("SELECT INBOX");
    CHECK(at.bob.command("FETCH 1 BODY.PEEK[]") ==
          "* 1 FETCH (BODY[] {23}\r\nSubject: one\r\n\r\nfirst\r\n)\r\nt OK Fetched\r\n");
    const auto to_team = "APPEND " + box + " (\\Seen \\Deleted) CATENATE (URL \"/INBOX/;UID=1\")";
    CHECK(at.bob.command(to_team) == no_right);
    CHECK(at.ann.command("STATUS Team (MESSAGES)").starts_with("* STATUS Team (MESSAGES 1)"));
    at.give("ls");
    CHECK(at.bob.command(to_team) == no_right);
    at.give("lis");
    CHECK(at.bob.command(to_team) == "t OK [APPENDUID V 2] Stored\r\n");
    CHECK(at.flags() == "* 1 FETCH (FLAGS ())\r\n* 2 FETCH (FLAGS (\\Seen))\r\nt OK Fetched\r\n");
}

TEST_CASE("imap shared: REPLACE needs i, t and e, and stays with one owner") {
    team at;
    const std::string mail = " (\\Seen \\Flagged) {9+}\r\n\r\nother\r\n";
    for (const std::string rights : {"lri", "lrit", "lrie", "lrte", "lrtesw"}) {
        at.give(rights);
        at.bob.command("SELECT " + box);
        CHECK_MESSAGE(at.bob.command("REPLACE 1 " + box + mail) == no_right, rights);
        CHECK_MESSAGE(at.bob.command("UID REPLACE 1 " + box + mail) == no_right, rights);
    }
    at.give("lrite");
    at.bob.command("SELECT " + box);
    CHECK(at.bob.command("REPLACE 1 INBOX" + mail) ==
          "t NO [CANNOT] REPLACE stays within the mail of one account\r\n");
    CHECK(at.ann.command("STATUS Team (MESSAGES UIDNEXT)")
              .starts_with("* STATUS Team (MESSAGES 1 UIDNEXT 2)"));
    CHECK(at.bob.command("REPLACE 1 " + box + mail) ==
          "* OK [APPENDUID V 2] Replaced\r\n* 1 EXPUNGE\r\n* 1 EXISTS\r\n* 1 RECENT\r\n"
          "t OK Done\r\n");
    CHECK(at.flags() == "* 1 FETCH (FLAGS ())\r\nt OK Fetched\r\n");
    at.bob.command("APPEND INBOX {9+}\r\n\r\nhello\r\n");
    at.bob.command("SELECT INBOX");
    CHECK(at.bob.command("REPLACE 1 " + box + mail) ==
          "t NO [CANNOT] REPLACE stays within the mail of one account\r\n");
    CHECK(at.server.parts.store().keeper.check().findings.empty());
}

TEST_CASE("imap shared: B08 NOTIFY of somebody else's mailbox tells nothing without a right") {
    team at;
    const auto set = "NOTIFY SET STATUS (mailboxes (" + box +
                     " Shared/ann@a.example/none Shared/none@a.example/Team)"
                     " (MessageNew MessageExpunge FlagChange MailboxName SubscriptionChange"
                     " MailboxMetadataChange))";
    CHECK(at.bob.command(set) == "t OK Done\r\n");
    at.server.parts.put("\r\nnew\r\n", 0, {}, "Team");
    at.ann.command("SELECT Team");
    at.ann.command("STORE 1 +FLAGS (\\Seen)");
    at.ann.command("UNSELECT");
    at.ann.command("SETMETADATA Team (/shared/comment \"x\")");
    CHECK(at.bob.settle().empty());
    CHECK(at.bob.command("NOOP") == "t OK Done\r\n");
    at.give("lr");
    CHECK(at.bob.wait_for("STATUS").find(" LIST (\\HasNoChildren) \"/\" " + box) !=
          std::string::npos);
}

TEST_CASE("imap shared: CREATE below needs k, DELETE x, RENAME both, and never another owner") {
    team at;
    at.give("lr");
    CHECK(at.bob.command("CREATE " + box + "/New") ==
          "t NO [NOPERM] No mailbox may be made there\r\n");
    CHECK(at.bob.command("DELETE " + box) == no_right);
    at.give("lrk");
    CHECK(at.bob.command("CREATE " + box + "/New/Er") == "t OK Created\r\n");
    CHECK(at.bob.command("CREATE " + box) == "t NO [NOPERM] No mailbox may be made there\r\n");
    CHECK(at.bob.command("CREATE " + box + "/S (USE (\\Sent))").starts_with("t NO [USEATTR]"));
    CHECK(at.bob.command("CREATE " + box + "/a//b").starts_with("t NO [CANNOT]"));
    CHECK(at.ann.command("GETACL Team/New/Er").find("bob@a.example lrkc") != std::string::npos);
    CHECK(at.bob.command("RENAME " + box + "/New " + box + "/Old") == no_right);
    at.ann.command("SETACL Team/New bob@a.example +x");
    CHECK(at.bob.command("RENAME " + box + "/New " + box + "/Old") == "t OK Renamed\r\n");
    CHECK(at.bob.command("RENAME " + box + "/Old Mine") ==
          "t NO [CANNOT] A mailbox stays with its owner\r\n");
    CHECK(at.bob.command("RENAME Sent " + box + "/Mine") ==
          "t NO [CANNOT] A mailbox stays with its owner\r\n");
    CHECK(at.bob.command("DELETE " + box + "/Old") == "t OK Deleted\r\n");
    CHECK(at.ann.command("LIST \"\" Team*") ==
          "* LIST (\\HasChildren) \"/\" Team\r\n"
          "* LIST (\\Noselect \\HasChildren) \"/\" Team/Old\r\n"
          "* LIST (\\HasNoChildren) \"/\" Team/Old/Er\r\nt OK Listed\r\n");
}

TEST_CASE("imap shared: METADATA with l and one of rswip, private entries are the owner's alone") {
    team at;
    at.ann.command("SETMETADATA Team (/private/comment \"secret\" /shared/comment \"open\")");
    at.give("l");
    CHECK(at.bob.command("GETMETADATA " + box + " /shared/comment") == no_right);
    at.give("lr");
    CHECK(at.bob.command("GETMETADATA (DEPTH infinity) " + box + " (/private /shared)") ==
          "* METADATA " + box + " (/shared/comment \"open\")\r\nt OK Done\r\n");
    CHECK(at.bob.command("SETMETADATA " + box + " (/private/comment \"x\")")
              .starts_with("t NO [METADATA NOPRIVATE]"));
    CHECK(at.bob.command("SETMETADATA " + box + " (/shared/comment \"both\")") == "t OK Set\r\n");
    CHECK(at.ann.command("GETMETADATA Team /shared/comment") ==
          "* METADATA Team (/shared/comment \"both\")\r\nt OK Done\r\n");
}

TEST_CASE("imap shared: ESEARCH goes into mailboxes one may read, and keeps them apart by owner") {
    team at;
    at.bob.command("CREATE Own");  // the same number in Bob's account as Team in Ann's
    at.give("lr");
    const auto named = "ESEARCH IN (mailboxes (" + box + " Own)) RETURN (COUNT) ALL";
    const auto found = " MAILBOX " + box + " UIDVALIDITY V) UID COUNT 1\r\n";
    CHECK(at.bob.command(named).find(found) != std::string::npos);
    at.bob.command("SELECT " + box);
    CHECK(at.bob.command(named).find(found) != std::string::npos);
    CHECK(at.bob.command("ESEARCH IN (personal) RETURN (COUNT) ALL").find("MAILBOX") ==
          std::string::npos);
    at.bob.command("UNSELECT");
    at.give("l");
    CHECK(at.bob.command(named).find("MAILBOX") == std::string::npos);
}

TEST_CASE("imap shared: IDLE on somebody else's mailbox is woken by his mail") {
    team at;
    at.give("lr");
    at.bob.command("SELECT " + box);
    at.bob.send("i IDLE\r\n");
    at.bob.wait_for("+ idling");
    at.server.parts.put("\r\nnew\r\n", 0, {}, "Team");
    CHECK(at.bob.wait_for("RECENT\r\n") == "* 2 EXISTS\r\n* 1 RECENT\r\n");
    at.bob.send("DONE\r\n");
    at.bob.wait_for("i OK");
    at.ann.command("RENAME Team Crew");
    CHECK(at.bob.command("NOOP") == "t OK Done\r\n");
    at.server.parts.put("\r\nmore\r\n", 0, {}, "Crew");
    CHECK(at.bob.command("NOOP") == "* 3 EXISTS\r\n* 2 RECENT\r\nt OK Done\r\n");
}

TEST_CASE(
    "imap shared: a session whose rights go is told, and ended when it may not read any more") {
    team at;
    at.give("lrsw");
    at.bob.command("SELECT " + box);
    at.give("lrs");
    CHECK(at.bob.command("NOOP") ==
          "* FLAGS (\\Seen \\Answered \\Flagged \\Deleted \\Draft)\r\n"
          "* OK [PERMANENTFLAGS (\\Seen)] Flags are kept\r\nt OK Done\r\n");
    at.bob.send("i IDLE\r\n");
    at.bob.wait_for("+ idling");
    at.give("l");
    CHECK(at.bob.wait_closed() == "* BYE The selected mailbox was deleted\r\n");
}

TEST_CASE("imap shared: the owner's new password ends his sessions, not his guests'") {
    team at;
    at.give("lr");
    at.bob.command("SELECT " + box);
    at.server.parts.set_password_hash(at.server.parts.ann, "other");
    CHECK(at.ann.wait_closed() == "* BYE The account has changed\r\n");
    CHECK(at.bob.command("FETCH 1 UID") == "* 1 FETCH (UID 1)\r\nt OK Fetched\r\n");
    REQUIRE(!at.server.parts.wait(
        at.server.parts.store().directory.remove_account(at.server.parts.ann)));
    CHECK(at.bob.command("NOOP") == "* BYE The selected mailbox was deleted\r\nt OK Done\r\n");
}

TEST_CASE("imap shared: anyone reaches the owner's domain and no further") {
    team at;
    at.server.parts.add_account("dora@b.example");
    at.ann.command("SETACL Team anyone lr");
    imap_client dora(at.server, "dora@b.example");
    CHECK(at.bob.command("STATUS " + box + " (MESSAGES)").ends_with("t OK Done\r\n"));
    CHECK(dora.command("STATUS " + box + " (MESSAGES)") ==
          "t NO [NONEXISTENT] No such mailbox\r\n");
    CHECK(dora.command("LIST \"\" Shared*") == "t OK Listed\r\n");
}

TEST_CASE("imap shared: when its owner gets another address, who is in the mailbox stays in it") {
    team at;
    at.give("lr");
    at.bob.command("SUBSCRIBE " + box);
    at.bob.command("SELECT " + box);
    REQUIRE(at.server.parts
                .wait(at.server.parts.store().directory.rename_account("ann@a.example",
                                                                       "anne@a.example", true))
                .has_value());
    CHECK(at.ann.wait_closed().find("* BYE") != std::string::npos);
    const auto said = at.bob.command("NOOP") + at.bob.command("FETCH 1 UID");
    CHECK(said.find("* 1 FETCH (UID 1)") != std::string::npos);
    CHECK(said.find("BYE") == std::string::npos);
    for (const auto* list : {"LIST \"\" Shared/*", "LSUB \"\" Shared/*"}) {
        const auto names = at.bob.command(list);
        CHECK(names.find("Shared/anne@a.example/Team") != std::string::npos);
        CHECK(names.find("ann@a.example") == std::string::npos);
    }
    // By its old name it is not there: an alias owns nothing.
    CHECK(at.bob.command("STATUS " + box + " (MESSAGES)").find("t NO ") != std::string::npos);
}
