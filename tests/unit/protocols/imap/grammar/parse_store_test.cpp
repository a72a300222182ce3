// Mirrors protocols/imap/grammar/parse_store.cpp: STORE, flags, the head of APPEND.
#include "protocols/imap/grammar/append_parser.hpp"
#include "protocols/imap/grammar/limits.hpp"
#include "tests/unit/protocols/imap/grammar/parsing.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace hauspost::imap;
using namespace hauspost::imap::testing;
namespace mail = hauspost::mail;
using strings = std::vector<std::string>;
using action = mail::change;

namespace {

std::string keywords(std::size_t count) {
    std::string all;
    for (std::size_t i = 0; i < count; ++i)
        all += (i > 0 ? " k" : "k") + std::to_string(i);
    return all;
}

append_head append_of(std::string_view text) {
    append_progress progress;
    auto parsed = parse_append(text, true, progress);
    if (const auto* why = std::get_if<refusal>(&parsed)) FAIL(why->text);
    REQUIRE(std::holds_alternative<append_head>(parsed));
    return std::get<append_head>(std::move(parsed));
}

append_message message_of(const append_head& head) {
    REQUIRE(head.events.size() == 1);
    return std::get<append_message>(head.events.front());
}

std::string append_refused(std::string_view text) {
    append_progress progress;
    const auto parsed = parse_append(text, true, progress);
    const auto* why = std::get_if<refusal>(&parsed);
    return why != nullptr ? why->tag + " " + why->text : "";
}

}  // namespace

TEST_CASE("STORE: sets, adds and removes flags, silently or not") {
    auto store = parse_as<cmd::store>("STORE 2:4 +FLAGS (\\Deleted)");
    CHECK(store.what == action::add);
    CHECK_FALSE(store.silent);
    CHECK(store.flags.system == mail::flags::deleted);
    CHECK(store.messages == *parse_sequence_set("2:4"));
    store = parse_as<cmd::store>("UID STORE 7 -flags.silent \\Seen $Junk");
    CHECK(store.by_uid);
    CHECK(store.what == action::remove);
    CHECK(store.silent);
    CHECK(store.flags.system == mail::flags::seen);
    CHECK(store.flags.keywords == strings{"$Junk"});
    store = parse_as<cmd::store>("STORE 1 FLAGS ()");
    CHECK(store.what == action::set);
    CHECK(store.flags == mail::flag_names{});
    store = parse_as<cmd::store>("STORE 1 FLAGS (\\seen \\ANSWERED \\Flagged \\Draft a A b)");
    CHECK(store.flags.system == (mail::flags::system & ~mail::flags::deleted));
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
    CHECK(message_of(head).flags.system == mail::flags::seen);
    CHECK(message_of(head).flags.keywords == strings{"work"});
    CHECK_FALSE(message_of(head).internal_date);
    head = append_of("A append \"inbox\" \"17-Jul-1996 02:44:25 -0700\" ");
    CHECK(head.command.mailbox == "INBOX");
    CHECK(message_of(head).internal_date == mail::date_time{837'596'665, -420});
    head = append_of("A APPEND {3}\r\nfoo () \" 1-Jan-2020 00:00:00 +0000\" ");
    CHECK(head.command.mailbox == "foo");
    CHECK(message_of(head).internal_date == mail::date_time{1'577'836'800, 0});
}

TEST_CASE("APPEND: a literal that is the mailbox name or another command's is not its message") {
    for (const auto* text : {"A APPEND ", "A LOGIN ", "A APPENDX y ", "APPEND x ", "", "A ", "A"}) {
        append_progress progress;
        const auto parsed = parse_append(text, true, progress);
        CHECK_MESSAGE(std::holds_alternative<no_append>(parsed), text);
    }
}

TEST_CASE("APPEND: faults in its head are named under its tag (B14)") {
    CHECK(append_refused("A APPEND x") == "A the command is too short");
    CHECK(append_refused("A APPEND x y ") == "A the message is expected as a literal");
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

TEST_CASE("REPLACE: a number or a UID, a mailbox, and what APPEND takes (RFC 8508)") {
    auto head = append_of("A REPLACE 4 Drafts (\\Draft) ");
    CHECK(head.command.replaces == cmd::replaced_number{false, 4});
    CHECK(head.command.mailbox == "Drafts");
    CHECK(message_of(head).flags.system == mail::flags::draft);
    CHECK(append_of("A uid replace 7 inbox ").command.replaces == cmd::replaced_number{true, 7});
    CHECK(append_refused("A REPLACE 0 x ") == "A REPLACE needs the number of one message");
    CHECK(append_refused("A REPLACE 1:2 x ") == "A a space is missing");
    CHECK(append_of("A REPLACE * x ").command.replaces == cmd::replaced_number{false, 0});
    CHECK(append_refused("A REPLACE *:2 x ") == "A a space is missing");
}

TEST_CASE("CATENATE: its parts in order, limits at the limit and one past it (RFC 4469, B14)") {
    const auto head = append_of("A APPEND x (\\Seen) CATENATE (URL /a URL \"/b c\" TEXT ");
    REQUIRE(head.events.size() == 3);
    CHECK(std::get<append_url>(head.events[1]).url == "/a");
    CHECK(std::get<append_url>(head.events[2]).url == "/b c");
    CHECK(head.command.is_catenated);
    std::string parts = "A APPEND x CATENATE (";
    for (std::uint32_t n = 0; n + 1 < max_catenate_parts; ++n)
        parts += "URL /a ";
    CHECK(append_refused(parts + "TEXT ") == "");
    CHECK(append_refused(parts + "URL /a TEXT ") == "A too many parts in one CATENATE");
    const std::string long_url(max_url_octets, 'u');
    CHECK(append_refused("A APPEND x CATENATE (URL " + long_url + " TEXT ") == "");
    CHECK(append_refused("A APPEND x CATENATE (URL u" + long_url + " TEXT ") ==
          "A the URL is too long");
    CHECK(append_refused("A APPEND x CATENATE (FILE /etc/passwd TEXT ") ==
          "A TEXT or URL is expected here");
    CHECK(append_refused("A APPEND x CATENATE () ") == "A TEXT or URL is expected here");
}

TEST_CASE("APPEND: 100 messages in one command, one more is refused (RFC 3502, B14)") {
    append_progress progress;
    REQUIRE(std::holds_alternative<append_head>(parse_append("A APPEND x ", true, progress)));
    for (std::uint32_t n = 1; n < max_append_messages; ++n)
        REQUIRE(std::holds_alternative<append_head>(parse_append(" () ", true, progress)));
    CHECK(std::holds_alternative<append_over>(parse_append("", false, progress)));
    CHECK(std::holds_alternative<refusal>(parse_append(" ", true, progress)));
}

TEST_CASE("APPEND: UTF8 only for who has enabled it, and its parenthesis must close (RFC 9755)") {
    CHECK(append_refused("A APPEND x UTF8 (") == "A UTF8 needs ENABLE UTF8=ACCEPT");
    append_progress progress;
    progress.is_utf8 = true;
    REQUIRE(std::holds_alternative<append_head>(parse_append("A APPEND x UTF8 (", true, progress)));
    auto open = progress;
    CHECK(std::holds_alternative<refusal>(parse_append("", false, open)));
    CHECK(std::holds_alternative<append_over>(parse_append(")", false, progress)));
    progress = {};
    progress.is_utf8 = true;
    REQUIRE(std::holds_alternative<append_head>(
        parse_append("A APPEND x CATENATE (UTF8 (", true, progress)));
    REQUIRE(std::holds_alternative<append_head>(parse_append(") TEXT ", true, progress)));
    CHECK(std::holds_alternative<append_over>(parse_append(")", false, progress)));
}

TEST_CASE("STORE: imapflow's UNCHANGEDSINCE behind the flags is understood") {
    const auto store = parse_as<cmd::store>("STORE 4:5 +FLAGS (\\Seen) (UNCHANGEDSINCE 12)");
    CHECK(store.unchanged_since == 12);
    CHECK(store.flags.system == mail::flags::seen);
    CHECK(refused("STORE 1 FLAGS (a) (UNCHANGEDSINCE 1) (UNCHANGEDSINCE 2)") ==
          "BAD there is more than the command takes");
    CHECK(refused("STORE 1 (UNCHANGEDSINCE 1) FLAGS (a) (UNCHANGEDSINCE 2)") ==
          "BAD there is more than the command takes");
    CHECK(refused("STORE 1 FLAGS (a) (X 1)") == "BAD UNCHANGEDSINCE is the only STORE modifier");
}
