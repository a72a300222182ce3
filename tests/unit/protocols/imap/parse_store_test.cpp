// Mirrors protocols/imap/parse_store.cpp: STORE, flags, the head of APPEND.
#include "parsing.hpp"
#include "protocols/imap/limits.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace hauspost::imap;
using namespace hauspost::imap::testing;
using strings = std::vector<std::string>;
using action = cmd::store::action;

namespace {

std::string keywords(std::size_t count) {
    std::string all;
    for (std::size_t i = 0; i < count; ++i)
        all += (i > 0 ? " k" : "k") + std::to_string(i);
    return all;
}

append_head append_of(std::string_view text) {
    auto parsed = parse_append(text);
    if (const auto* why = std::get_if<refusal>(&parsed)) FAIL(why->text);
    REQUIRE(std::holds_alternative<append_head>(parsed));
    return std::get<append_head>(std::move(parsed));
}

std::string append_refused(std::string_view text) {
    const auto parsed = parse_append(text);
    const auto* why = std::get_if<refusal>(&parsed);
    return why != nullptr ? why->tag + " " + why->text : "";
}

}  // namespace

TEST_CASE("STORE: sets, adds and removes flags, silently or not") {
    auto store = parse_as<cmd::store>("STORE 2:4 +FLAGS (\\Deleted)");
    CHECK(store.what == action::add);
    CHECK_FALSE(store.silent);
    CHECK(store.flags.system == flag_bits::deleted);
    CHECK(store.messages == *sequence_set::parse("2:4"));
    store = parse_as<cmd::store>("UID STORE 7 -flags.silent \\Seen $Junk");
    CHECK(store.by_uid);
    CHECK(store.what == action::remove);
    CHECK(store.silent);
    CHECK(store.flags.system == flag_bits::seen);
    CHECK(store.flags.keywords == strings{"$Junk"});
    store = parse_as<cmd::store>("STORE 1 FLAGS ()");
    CHECK(store.what == action::set);
    CHECK(store.flags == flag_list{});
    store = parse_as<cmd::store>("STORE 1 FLAGS (\\seen \\ANSWERED \\Flagged \\Draft a A b)");
    CHECK(store.flags.system == (flag_bits::all & ~flag_bits::deleted));
    CHECK(store.flags.keywords == strings{"a", "b"});
}

TEST_CASE("STORE: faults are named") {
    CHECK(refused("STORE 1 FLAGS (\\Recent)") == "BAD no client may set this system flag");
    CHECK(refused("STORE 1 FLAGS (\\Odd)") == "BAD no client may set this system flag");
    CHECK(refused("STORE 1 FLAGS (a") == "BAD the list of flags does not end");
    CHECK(refused("STORE 1 FLAGS (a  b)") == "BAD a flag is missing");
    CHECK(refused("STORE 1 FLAGS \"a\"") == "BAD a flag is missing");
    CHECK(refused("STORE 1 LABELS (a)") == "BAD STORE changes FLAGS and nothing else");
    CHECK(refused("STORE 1 FLAGS") == "BAD the command is too short");
    CHECK(refused("STORE 1 (UNCHANGEDSINCE 99999999999999999999) FLAGS (a)") ==
          "BAD the mod-sequence is missing or not valid");
}

TEST_CASE("STORE: 256 keywords of 128 octets are taken, one more or longer is not (B14, B15)") {
    CHECK(
        parse_as<cmd::store>("STORE 1 FLAGS (" + keywords(max_flags) + ")").flags.keywords.size() ==
        max_flags);
    CHECK(refused("STORE 1 FLAGS (" + keywords(max_flags + 1) + ")") ==
          "NO [LIMIT] too many keywords in one command");
    CHECK(refused("STORE 1 FLAGS " + keywords(10'000)).starts_with("NO [LIMIT]"));
    CHECK(refused("STORE 1 FLAGS " + std::string(max_keyword_octets, 'k')) == "");
    CHECK(refused("STORE 1 FLAGS " + std::string(max_keyword_octets + 1, 'k')) ==
          "NO [LIMIT] a keyword is longer than 128 octets");
}

TEST_CASE("APPEND: the head is read before the message comes") {
    auto head = append_of("A003 APPEND saved-messages (\\Seen work) ");
    CHECK(head.tag == "A003");
    CHECK(head.command.mailbox == "saved-messages");
    CHECK(head.command.flags.system == flag_bits::seen);
    CHECK(head.command.flags.keywords == strings{"work"});
    CHECK_FALSE(head.command.internal_date);
    head = append_of("A append \"inbox\" \"17-Jul-1996 02:44:25 -0700\" ");
    CHECK(head.command.mailbox == "INBOX");
    CHECK(head.command.internal_date == date_time{837'596'665, -420});
    head = append_of("A APPEND {3}\r\nfoo () \" 1-Jan-2020 00:00:00 +0000\" ");
    CHECK(head.command.mailbox == "foo");
    CHECK(head.command.internal_date == date_time{1'577'836'800, 0});
}

TEST_CASE("APPEND: a literal that is the mailbox name or another command's is not its message") {
    for (const auto* text : {"A APPEND ", "A LOGIN ", "A APPENDX y ", "APPEND x ", "", "A ", "A"})
        CHECK_MESSAGE(std::holds_alternative<no_append>(parse_append(text)), text);
}

TEST_CASE("APPEND: faults in its head are named under its tag (B14)") {
    CHECK(append_refused("A APPEND x") == "A the command is too short");
    CHECK(append_refused("A APPEND x y ") == "A there is more than the command takes");
    CHECK(append_refused("A APPEND x (\\Recent) ") == "A no client may set this system flag");
    CHECK(append_refused("A APPEND x \"99-Foo-99999 00:00:00 +0000\" ") ==
          "A the date and time are not valid");
    CHECK(append_refused("A APPEND x \"17-Jul-1996 02:44:25 -0700 ") ==
          "A a quoted string does not end");
    CHECK(append_refused("A APPEND &x ") == "A the mailbox name is not modified UTF-7");
    CHECK(append_refused("A APPEND x (" + keywords(10'000) + ") ") ==
          "A too many keywords in one command");
}

TEST_CASE("STORE: UNCHANGEDSINCE has 63 bits (RFC 7162 3.1.3, B05)") {
    auto store = parse_as<cmd::store>("STORE 1 (UNCHANGEDSINCE 0) +FLAGS.SILENT (a)");
    CHECK(store.unchanged_since == 0);
    CHECK(store.silent);
    store = parse_as<cmd::store>("UID STORE 1 (unchangedsince 9223372036854775807) FLAGS a");
    CHECK(store.unchanged_since == INT64_MAX);
    CHECK_FALSE(parse_as<cmd::store>("STORE 1 FLAGS a").unchanged_since);
    CHECK(refused("STORE 1 (UNCHANGEDSINCE 9223372036854775808) FLAGS (a)") ==
          "BAD the mod-sequence is missing or not valid");
    CHECK(refused("STORE 1 (UNCHANGEDSINCE 1 UNCHANGEDSINCE 1) FLAGS (a)") ==
          "BAD the mod-sequence is missing or not valid");
    CHECK(refused("STORE 1 (CHANGEDSINCE 1) FLAGS (a)") ==
          "BAD UNCHANGEDSINCE is the only STORE modifier");
    CHECK(refused("STORE 1 () FLAGS (a)") == "BAD UNCHANGEDSINCE is the only STORE modifier");
    const std::string whole = "STORE 1 (UNCHANGEDSINCE 7) FLAGS (a)";
    for (auto length = whole.find('('); length < whole.size(); ++length)
        CHECK_MESSAGE(refused(whole.substr(0, length)).starts_with("BAD "), length);
}
