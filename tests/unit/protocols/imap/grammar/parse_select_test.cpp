// Mirrors protocols/imap/grammar/parse_select.cpp: SELECT, EXAMINE and what CONDSTORE and QRESYNC add.
#include "tests/unit/protocols/imap/grammar/parsing.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace hauspost::imap;
using namespace hauspost::imap::testing;

TEST_CASE("SELECT: CONDSTORE and QRESYNC are read with all their forms") {
    auto select = parse_as<cmd::select>("SELECT inbox (CONDSTORE)");
    CHECK(select.mailbox == "INBOX");
    CHECK(select.condstore);
    CHECK_FALSE(select.resync);
    select = parse_as<cmd::select>("EXAMINE x (QRESYNC (67890007 90060115194045000))");
    CHECK(select.read_only);
    REQUIRE(select.resync);
    CHECK(select.resync->uid_validity == 67890007);
    CHECK(select.resync->modseq == 90060115194045000);
    CHECK_FALSE(select.resync->uids);
    CHECK_FALSE(select.resync->match);
    select = parse_as<cmd::select>("SELECT x (qresync (1 20 41:211,214:541) condstore)");
    CHECK(select.condstore);
    CHECK(select.resync->uids == parse_sequence_set("41:211,214:541"));
    select = parse_as<cmd::select>("SELECT x (QRESYNC (1 20 1:9 (1,3 2,5)))");
    REQUIRE(select.resync->match);
    CHECK(select.resync->match->sequences == *parse_sequence_set("1,3"));
    CHECK(select.resync->match->uids == *parse_sequence_set("2,5"));
    select = parse_as<cmd::select>("SELECT x (QRESYNC (1 20 (1,3 2,5)))");
    CHECK_FALSE(select.resync->uids);
    CHECK(select.resync->match);
}

TEST_CASE("SELECT: each cut of its parameters is BAD and never a command (B04)") {
    const std::string whole = "SELECT x (CONDSTORE QRESYNC (1 20 1:9 (1,3 2,5)))";
    for (auto length = whole.find('(') - 1; length < whole.size(); ++length) {
        const auto cut = whole.substr(0, length);
        if (length == whole.find('(') - 1)
            CHECK(refused(cut) == "");  // "SELECT x"
        else
            CHECK_MESSAGE(refused(cut).starts_with("BAD "), cut);
    }
    CHECK(refused(whole) == "");
    CHECK(refused(whole + " ") != "");
}

TEST_CASE("SELECT: faults are named") {
    const std::string unknown = "BAD this SELECT parameter is not known or given twice";
    CHECK(refused("SELECT x (X-NEW)") == unknown);
    CHECK(refused("SELECT x (CONDSTORE CONDSTORE)") == unknown);
    CHECK(refused("SELECT x (QRESYNC (1 2) QRESYNC (1 2))") == unknown);
    CHECK(refused("SELECT x ()") == unknown);
    CHECK(refused("SELECT x CONDSTORE") == "BAD SELECT parameters stand in parentheses");
    CHECK(refused("SELECT x (QRESYNC)") == "BAD a space is missing");
    CHECK(refused("SELECT x (QRESYNC 1)") == "BAD QRESYNC needs a list");
    CHECK(refused("SELECT x (QRESYNC (0 1))") == "BAD the UIDVALIDITY is missing or not valid");
    CHECK(refused("SELECT x (QRESYNC (1 1 1:*))") ==
          "BAD neither * nor $ may stand in what is known");
    CHECK(refused("SELECT x (QRESYNC (1 1 $))") ==
          "BAD neither * nor $ may stand in what is known");
    CHECK(refused("SELECT x (QRESYNC (1 1 0))") ==
          "BAD a set of message numbers is missing or not valid");
    CHECK(refused("SELECT x (QRESYNC (1 1 5 (1:* 5)))") ==
          "BAD neither * nor $ may stand in what is known");
}

TEST_CASE("SELECT: a mod-sequence has 63 bits and no more (B05)") {
    const auto with = [](std::string_view modseq) {
        return "SELECT x (QRESYNC (1 " + std::string(modseq) + "))";
    };
    CHECK(parse_as<cmd::select>(with("9223372036854775807")).resync->modseq == INT64_MAX);
    CHECK(parse_as<cmd::select>(with("0")).resync->modseq == 0);
    const std::string fault = "BAD the mod-sequence is missing or not valid";
    for (const auto* wrong : {"9223372036854775808", "18446744073709551616", "-1", "x", ""})
        CHECK_MESSAGE(refused(with(wrong)).starts_with("BAD "), wrong);
    CHECK(refused(with("9223372036854775808")) == fault);
}

TEST_CASE("SELECT: known UIDs may fill a line of 64 KB (nextcloud/mail#12487)") {
    std::string uids = "1";
    unsigned next = 3;
    while (uids.size() < 65'000) {
        uids += ',' + std::to_string(next);
        next += 2;
    }
    const auto select = parse_as<cmd::select>("SELECT x (QRESYNC (1 1 " + uids + "))");
    CHECK(select.resync->uids->largest_number() == next - 2);
    CHECK(select.resync->uids->resolve(0).size() == (next - 1) / 2);
}
