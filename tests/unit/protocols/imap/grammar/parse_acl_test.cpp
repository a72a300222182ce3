// Mirrors protocols/imap/grammar/parse_acl.cpp: SETACL, DELETEACL, LISTRIGHTS; GETACL and MYRIGHTS.
#include "protocols/imap/grammar/limits.hpp"
#include "protocols/imap/grammar/rights.hpp"
#include "tests/unit/protocols/imap/grammar/parsing.hpp"

#include <doctest/doctest.h>

using namespace hauspost::imap;
using namespace hauspost::imap::testing;
namespace mail = hauspost::mail;
using action = mail::change;

TEST_CASE("SETACL: sets, adds or removes (RFC 4314 3.1)") {
    auto acl = parse_as<cmd::set_acl>("SETACL inbox Bob@A.example lr");
    CHECK(acl.mailbox == "INBOX");
    CHECK(acl.identifier == "bob@a.example");
    CHECK(acl.what == action::set);
    CHECK(acl.rights == (mail::rights::lookup | mail::rights::read));
    acl = parse_as<cmd::set_acl>("setacl \"a b\" anyone +d");
    CHECK(acl.what == action::add);
    CHECK(acl.rights == (mail::rights::expunge | mail::rights::delete_messages));
    acl = parse_as<cmd::set_acl>("SETACL x y -");
    CHECK(acl.what == action::remove);
    CHECK(acl.rights == 0);
    CHECK(parse_as<cmd::set_acl>("SETACL x y \"\"").rights == 0);
}

TEST_CASE("SETACL: an unknown right is BAD, in capitals too") {
    CHECK(refused("SETACL x y lrQ") == "BAD one of the letters is not a valid right");
    CHECK(refused("SETACL x y lrq") == "BAD one of the letters is not a valid right");
    CHECK(refused("SETACL x y LR") == "BAD one of the letters is not a valid right");
    CHECK(refused("SETACL x y ++l") == "BAD one of the letters is not a valid right");
    CHECK(refused("SETACL x y") == "BAD the command is too short");
    CHECK(refused("SETACL x \"\" l") == "BAD an identifier is missing");
    CHECK(refused("SETACL x y l r") == "BAD there is more than the command takes");
    const std::string limit(max_identifier_octets, 'x');
    CHECK(refused("SETACL x " + limit + " l") == "");
    CHECK(refused("SETACL x x" + limit + " l") == "NO [CANNOT] no such account");
}

TEST_CASE("DELETEACL, LISTRIGHTS: a mailbox and an identifier and GETACL, MYRIGHTS: a mailbox") {
    CHECK(parse_as<cmd::delete_acl>("DELETEACL x Bob").identifier == "bob");
    CHECK(parse_as<cmd::list_rights>("LISTRIGHTS x Bob").identifier == "Bob");
    CHECK(parse_as<cmd::get_acl>("GETACL inbox").mailbox == "INBOX");
    CHECK(parse_as<cmd::my_rights>("MYRIGHTS inbox/a").mailbox == "INBOX/a");
    for (const auto* text : {"DELETEACL x", "LISTRIGHTS x", "GETACL", "MYRIGHTS", "GETACL x y"})
        CHECK_MESSAGE(refused(text).starts_with("BAD "), text);
}
