// Mirrors protocols/imap/grammar/parse_list.cpp: LIST, LSUB, STATUS.
#include "protocols/imap/grammar/limits.hpp"
#include "tests/unit/protocols/imap/grammar/parsing.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace hauspost::imap;
using namespace hauspost::imap::testing;
using strings = std::vector<std::string>;

TEST_CASE("LIST: the plain form has a reference and one pattern") {
    auto list = parse_as<cmd::list>("LIST \"\" *");
    CHECK(list.reference.empty());
    CHECK(list.patterns == strings{"*"});
    CHECK_FALSE(list.is_extended);
    list = parse_as<cmd::list>("LIST \"~/Mail/\" \"%/foo bar\"");
    CHECK(list.reference == "~/Mail/");
    CHECK(list.patterns == strings{"%/foo bar"});
    CHECK(parse_as<cmd::list>("LIST \"\" \"\"").patterns == strings{""});
    CHECK(parse_as<cmd::list>("LIST \"\" Entw&APw-*").patterns == strings{"Entwü*"});
    CHECK(parse_as<cmd::list>("LIST \"\" &bad").patterns.empty());
}

TEST_CASE("LIST: selection options, several patterns and return options (RFC 5258)") {
    auto list = parse_as<cmd::list>(
        "LIST (SUBSCRIBED RECURSIVEMATCH REMOTE SPECIAL-USE) \"\" (\"INBOX\" Drafts Sent/%) RETURN "
        "(CHILDREN SUBSCRIBED SPECIAL-USE STATUS (MESSAGES UNSEEN))");
    CHECK(list.is_extended);
    CHECK(list.select_subscribed);
    CHECK(list.select_recursive_match);
    CHECK(list.select_remote);
    CHECK(list.select_special_use);
    CHECK(list.patterns == strings{"INBOX", "Drafts", "Sent/%"});
    CHECK(list.return_children);
    CHECK(list.return_subscribed);
    CHECK(list.return_special_use);
    REQUIRE(list.return_status);
    CHECK(list.return_status->messages);
    CHECK(list.return_status->unseen);
    CHECK_FALSE(list.return_status->uid_next);
    list = parse_as<cmd::list>("LIST () \"\" % RETURN ()");
    CHECK(list.is_extended);
    CHECK_FALSE(list.select_subscribed);
}

TEST_CASE("LIST: RETURN (MYRIGHTS METADATA ...) (RFC 8440, RFC 9590)") {
    const auto list = parse_as<cmd::list>(
        "LIST \"\" % RETURN (MYRIGHTS METADATA (\"/shared/comment\" /private/comment) CHILDREN)");
    CHECK(list.return_my_rights);
    CHECK(list.return_children);
    CHECK(list.return_metadata == strings{"/shared/comment", "/private/comment"});
    CHECK(refused("LIST \"\" % RETURN (METADATA)").starts_with("BAD"));
    CHECK(refused("LIST \"\" % RETURN (METADATA ())").starts_with("BAD"));
}

TEST_CASE("LIST: faults are named") {
    CHECK(refused("LIST \"\"") == "BAD the command is too short");
    CHECK(refused("LIST (WHATEVER) \"\" *") == "BAD this LIST selection option is not known");
    CHECK(refused("LIST (RECURSIVEMATCH) \"\" *") ==
          "BAD RECURSIVEMATCH needs another selection option");
    CHECK(refused("LIST \"\" * RETURN (WHAT)") == "BAD this LIST return option is not known");
    CHECK(refused("LIST \"\" * FETCH") == "BAD RETURN and a list of options are expected here");
    CHECK(refused("LIST \"\" (a b") == "BAD the list of patterns does not end");
    CHECK(refused("LIST \"\" ()") == "BAD a LIST pattern is missing");
    CHECK(refused("LIST &x *").starts_with("NO [CANNOT]"));
    CHECK(refused("LIST \"\" (" + repeated("a ", max_list_patterns - 1) + "a)") == "");
    CHECK(refused("LIST \"\" (" + repeated("a ", max_list_patterns) + "a)").starts_with("NO [LIM"));
}

TEST_CASE("LSUB: a reference and a pattern") {
    const auto lsub = parse_as<cmd::lsub>("LSUB \"#news.\" \"comp.mail.*\"");
    CHECK(lsub.reference == "#news.");
    CHECK(lsub.pattern == "comp.mail.*");
    CHECK(refused("LSUB \"\" &x").starts_with("NO [CANNOT]"));
    CHECK(refused("LSUB \"\"") == "BAD the command is too short");
}

TEST_CASE("XLIST: a reference and a pattern, as LSUB has them") {
    const auto xlist = parse_as<cmd::xlist>("xlist \"a/\" \"%\"");
    CHECK(xlist.reference == "a/");
    CHECK(xlist.pattern == "%");
    CHECK(refused("XLIST \"\" &x").starts_with("NO [CANNOT]"));
    CHECK(refused("XLIST \"\"") == "BAD the command is too short");
}

TEST_CASE("STATUS: a mailbox and its items") {
    auto status = parse_as<cmd::status>("STATUS blurdybloop (UIDNEXT MESSAGES)");
    CHECK(status.mailbox == "blurdybloop");
    CHECK(status.items.uid_next);
    CHECK(status.items.messages);
    CHECK_FALSE(status.items.unseen);
    status = parse_as<cmd::status>(
        "STATUS inbox (recent uidvalidity unseen deleted size deleted-storage)");
    CHECK(status.mailbox == "INBOX");
    CHECK(status.items.recent);
    CHECK(status.items.uid_validity);
    CHECK(status.items.unseen);
    CHECK(status.items.deleted);
    CHECK(status.items.size);
    CHECK(status.items.deleted_storage);
    status = parse_as<cmd::status>("STATUS x (MAILBOXID APPENDLIMIT)");
    CHECK(status.items.mailbox_id);
    CHECK(status.items.append_limit);
    CHECK(refused("STATUS x") == "BAD the command is too short");
    CHECK(refused("STATUS x ()") == "BAD this STATUS item is not known");
    CHECK(refused("STATUS x (FOO)") == "BAD this STATUS item is not known");
    CHECK(refused("STATUS x (UNSEEN") == "BAD the list of STATUS items does not end");
    CHECK(refused("STATUS x UNSEEN") == "BAD a list of STATUS items is expected here");
}
