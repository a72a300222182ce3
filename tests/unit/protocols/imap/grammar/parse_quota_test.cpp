// Mirrors protocols/imap/grammar/parse_quota.cpp: GETQUOTA, GETQUOTAROOT, SETQUOTA.
#include "tests/unit/protocols/imap/grammar/parsing.hpp"

#include <doctest/doctest.h>

using namespace hauspost::imap;
using namespace hauspost::imap::testing;

TEST_CASE("GETQUOTA: a root, which may be the empty name (RFC 9208)") {
    CHECK(parse_as<cmd::get_quota>("GETQUOTA \"\"").root.empty());
    CHECK(parse_as<cmd::get_quota>("getquota !partition/sda4").root == "!partition/sda4");
    CHECK(refused("GETQUOTA") == "BAD the command is too short");
    CHECK(refused("GETQUOTA (") == "BAD the name of a quota root is missing");
    CHECK(refused("GETQUOTA a b") == "BAD there is more than the command takes");
}

TEST_CASE("GETQUOTAROOT: a mailbox") {
    CHECK(parse_as<cmd::get_quota_root>("GETQUOTAROOT inbox").mailbox == "INBOX");
    CHECK(refused("GETQUOTAROOT") == "BAD the command is too short");
    CHECK(refused("GETQUOTAROOT &x").starts_with("NO [CANNOT]"));
}

TEST_CASE("SETQUOTA: a root and a list of limits, which may be empty") {
    CHECK(parse_as<cmd::set_quota>("SETQUOTA \"\" (STORAGE 512)").root.empty());
    parse_as<cmd::set_quota>("SETQUOTA x ()");
    parse_as<cmd::set_quota>("SETQUOTA x (STORAGE 9223372036854775807 MESSAGE 0)");
    CHECK(refused("SETQUOTA x STORAGE 1") == "BAD a list of resources is expected here");
    for (const auto* list : {"(STORAGE)", "(STORAGE -1)", "(STORAGE 9223372036854775808)", "(1 a)",
                             "(STORAGE 1", "(STORAGE 1 MESSAGE)"})
        CHECK_MESSAGE(refused("SETQUOTA x " + std::string(list)).starts_with("BAD "), list);
}
