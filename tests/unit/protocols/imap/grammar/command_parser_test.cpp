#include "protocols/imap/grammar/command_parser.hpp"

#include "protocols/imap/grammar/limits.hpp"
#include "tests/unit/protocols/imap/grammar/parsing.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace hauspost::imap;
using namespace hauspost::imap::testing;
namespace mail = hauspost::mail;
using namespace std::string_literals;

TEST_CASE("command parser: commands without arguments, in any case") {
    parse_as<cmd::capability>("CAPABILITY");
    parse_as<cmd::noop>("noop");
    parse_as<cmd::logout>("LogOut");
    parse_as<cmd::starttls>("STARTTLS");
    parse_as<cmd::namespaces>("NAMESPACE");
    parse_as<cmd::idle>("IDLE");
    parse_as<cmd::check>("CHECK");
    parse_as<cmd::close>("CLOSE");
    parse_as<cmd::unselect>("UNSELECT");
    parse_as<cmd::expunge>("EXPUNGE");
    for (const auto* word : {"CAPABILITY", "NOOP", "LOGOUT", "STARTTLS", "NAMESPACE", "IDLE",
                             "CHECK", "CLOSE", "UNSELECT", "EXPUNGE"}) {
        CHECK(refused(word + " x"s) == "BAD there is more than the command takes");
        CHECK(refused(word + " "s) == "BAD there is more than the command takes");
    }
}

TEST_CASE("command parser: what is no command says so under its tag") {
    CHECK(refused("FROB") == "BAD this command is not known");
    CHECK(refused("") == "BAD the command is missing");
    CHECK(refused(" NOOP") == "BAD the command is missing");
    CHECK(refused("UID FROB 1") == "BAD this UID command is not known");
    CHECK(refused("APPEND INBOX") == "BAD the message is expected as a literal");
}

TEST_CASE("command parser: a line without a usable tag is refused under a star") {
    const auto tag_and_text = [](std::string_view line) {
        const auto parsed = parse_command(line);
        const auto& why = std::get<refusal>(parsed);
        return why.tag + " " + why.text;
    };
    CHECK(tag_and_text("") == "* the line is empty");
    CHECK(tag_and_text(" NOOP") == "* the line does not begin with a tag");
    CHECK(tag_and_text("+ NOOP") == "* the line does not begin with a tag");
    CHECK(tag_and_text("a+b NOOP") == "* the line does not begin with a tag");
    CHECK(tag_and_text("a\"b NOOP") == "* the line does not begin with a tag");
    CHECK(tag_and_text("\0 NOOP"s) == "* the line does not begin with a tag");
    CHECK(tag_and_text("A1") == "A1 the command is too short");
    const std::string longest(max_tag_octets, 'T');
    CHECK(std::holds_alternative<tagged_command>(parse_command(longest + " NOOP")));
    CHECK(tag_and_text(longest + "T NOOP") == "* the line does not begin with a tag");
}

TEST_CASE("D06 command parser: RETURN options without an end are looked at once") {
    CHECK(asks_to_save("a UID SEARCH RETURN (COUNT SAVE) ALL"));
    CHECK_FALSE(asks_to_save("a SEARCH RETURN (COUNT) SUBJECT SAVE"));
    std::string rest;
    for (int n = 0; n < 500'000; ++n)
        rest += "RETURN (";
    CHECK_FALSE(asks_to_save("a SEARCH " + rest));
}

TEST_CASE("command parser: LOGIN takes atoms, quoted strings and literals") {
    auto login = parse_as<cmd::login>("LOGIN smith \"pass \\\"word\"");
    CHECK(login.user == "smith");
    CHECK(login.password.reveal() == "pass \"word");
    login = parse_as<cmd::login>("LOGIN {5}\r\nsmith {8+}\r\np\"a)s\r\nx");
    CHECK(login.user == "smith");
    CHECK(login.password.reveal() == "p\"a)s\r\nx");
    CHECK(refused("LOGIN smith") == "BAD the command is too short");
    CHECK(refused("LOGIN smith ") == "BAD the password is missing");
    CHECK(refused("LOGIN  smith x") == "BAD the user name is missing");
    CHECK(refused("LOGIN smith x y") == "BAD there is more than the command takes");
}

TEST_CASE("command parser: AUTHENTICATE with and without an initial response (RFC 4959)") {
    CHECK(parse_as<cmd::authenticate>("AUTHENTICATE plain").mechanism == "PLAIN");
    CHECK_FALSE(parse_as<cmd::authenticate>("AUTHENTICATE PLAIN").initial_response);
    CHECK(parse_as<cmd::authenticate>("AUTHENTICATE PLAIN AGEAYg==").initial_response ==
          "AGEAYg==");
    CHECK(parse_as<cmd::authenticate>("AUTHENTICATE EXTERNAL =").initial_response == "=");
    CHECK(refused("AUTHENTICATE") == "BAD the command is too short");
    CHECK(refused("AUTHENTICATE PLAIN ") == "BAD the initial response is missing");
}

TEST_CASE("command parser: SELECT and EXAMINE, mailbox names decoded (B07)") {
    CHECK(parse_as<cmd::select>("SELECT inbox").mailbox == "INBOX");
    CHECK_FALSE(parse_as<cmd::select>("SELECT inbox").read_only);
    CHECK(parse_as<cmd::select>("EXAMINE \"my mail\"").mailbox == "my mail");
    CHECK(parse_as<cmd::select>("EXAMINE x").read_only);
    CHECK(parse_as<cmd::select>("SELECT Entw&APw-rfe").mailbox == "Entwürfe");
    CHECK(refused("SELECT &AA") == "NO [CANNOT] the mailbox name is not modified UTF-7");
    CHECK(refused("SELECT \"caf\xc3\xa9\"") ==
          "NO [CANNOT] the mailbox name is not modified UTF-7");
    CHECK(refused("SELECT {3}\r\na\r\n").substr(0, 2) == "NO");
    CHECK(refused("SELECT") == "BAD the command is too short");
    CHECK(refused("SELECT *") == "BAD a mailbox name is missing");
}

TEST_CASE("command parser: CREATE with a special use (RFC 6154)") {
    CHECK(parse_as<cmd::create>("CREATE owatagusiam/").mailbox == "owatagusiam");
    CHECK(parse_as<cmd::create>("CREATE a/b").mailbox == "a/b");
    const auto create = parse_as<cmd::create>("CREATE x (USE (\\Sent \\Drafts \\sent))");
    CHECK(create.uses == std::vector{mail::special_use::sent, mail::special_use::drafts});
    CHECK_FALSE(create.has_unknown_use);
    CHECK(parse_as<cmd::create>("CREATE x (USE (\\Odd))").has_unknown_use);
    CHECK(parse_as<cmd::create>("CREATE x (USE ())").uses.empty());
    CHECK(refused("CREATE x (OTHER (y))") == "BAD USE is the only CREATE parameter");
    CHECK(refused("CREATE x (USE (Sent))") ==
          "BAD a special-use attribute begins with a backslash");
    CHECK(refused("CREATE x (USE (\\Sent)") == "BAD the CREATE parameters do not end");
    CHECK(refused("CREATE x (USE (\\Sent") == "BAD the command is too short");
}

TEST_CASE("command parser: commands with one or two mailbox names") {
    CHECK(parse_as<cmd::remove>("DELETE foo").mailbox == "foo");
    CHECK(parse_as<cmd::subscribe>("SUBSCRIBE #news.comp").mailbox == "#news.comp");
    CHECK(parse_as<cmd::unsubscribe>("UNSUBSCRIBE x").mailbox == "x");
    CHECK(parse_as<cmd::rename>("RENAME a \"b c\"").from == "a");
    CHECK(parse_as<cmd::rename>("RENAME a \"b c\"").to == "b c");
    CHECK(refused("RENAME a") == "BAD the command is too short");
}

TEST_CASE("command parser: COPY, MOVE and UID EXPUNGE") {
    CHECK(parse_as<cmd::copy>("COPY 2:4 MEETING").mailbox == "MEETING");
    CHECK_FALSE(parse_as<cmd::copy>("COPY 2:4 MEETING").by_uid);
    CHECK(parse_as<cmd::copy>("UID COPY 7 x").by_uid);
    CHECK(parse_as<cmd::move>("UID MOVE 7:* x").messages == *parse_sequence_set("7:*"));
    CHECK_FALSE(parse_as<cmd::move>("MOVE 7 x").by_uid);
    CHECK(parse_as<cmd::uid_expunge>("UID EXPUNGE 1:5").uids == *parse_sequence_set("1:5"));
    CHECK(refused("COPY x y") == "BAD a set of message numbers is missing or not valid");
    CHECK(refused("COPY 0 y") == "BAD a set of message numbers is missing or not valid");
    CHECK(refused("COPY 1:4294967296 y") == "BAD a set of message numbers is missing or not valid");
}

TEST_CASE("command parser: ID has at most 30 fields (B17)") {
    CHECK(parse_as<cmd::id>("ID NIL").fields.empty());
    CHECK(parse_as<cmd::id>("ID ()").fields.empty());
    const auto id = parse_as<cmd::id>("ID (\"name\" \"Client\" \"version\" NIL)");
    REQUIRE(id.fields.size() == 2);
    CHECK(id.fields[0].second == "Client");
    CHECK(id.fields[1].second == std::nullopt);
    const auto pairs = [](std::size_t count) {
        return "ID (" + repeated("\"a\" \"b\" ", count - 1) + "\"a\" \"b\")";
    };
    CHECK(parse_as<cmd::id>(pairs(max_id_pairs)).fields.size() == max_id_pairs);
    CHECK(refused(pairs(max_id_pairs + 1)).starts_with("BAD ID takes 30 fields"));
    CHECK(refused(pairs(100'000)).starts_with("BAD ID takes 30 fields"));
    CHECK(refused("ID (\"" + std::string(31, 'a') + "\" NIL)").starts_with("BAD ID takes"));
    CHECK(refused("ID (\"a\" \"" + std::string(1025, 'a') + "\")").starts_with("BAD ID takes"));
    CHECK(refused("ID (\"a\")") == "BAD a space is missing");
}

TEST_CASE("command parser: ENABLE takes words, also unknown ones (B17)") {
    const auto enable = parse_as<cmd::enable>("ENABLE condstore X-JUNK");
    CHECK(enable.capabilities == std::vector<std::string>{"CONDSTORE", "X-JUNK"});
    CHECK(refused("ENABLE") == "BAD the command is too short");
    CHECK(refused("ENABLE (x)") == "BAD a capability is missing");
    CHECK(parse_as<cmd::enable>("ENABLE" + repeated(" X", max_enable_words)).capabilities.size() ==
          max_enable_words);
    CHECK(refused("ENABLE" + repeated(" X", max_enable_words + 1)).starts_with("NO [LIMIT]"));
}

TEST_CASE("command parser: any cut or changed octet of a command is read without harm") {
    const std::string line =
        "A1 UID SEARCH CHARSET UTF-8 OR (NOT FROM {3}\r\nabc) 1:* HEADER \"x\" y";
    REQUIRE(std::holds_alternative<tagged_command>(parse_command(line)));
    for (std::size_t cut = 0; cut < line.size(); ++cut) {
        const auto parsed = parse_command(std::string(line, 0, cut));
        if (const auto* why = std::get_if<refusal>(&parsed)) CHECK(!why->text.empty());
        for (const char octet : "\0\r\n\"(){} *\xff"s) {
            auto changed = line;
            changed[cut] = octet;
            const auto other = parse_command(changed);
            if (const auto* why = std::get_if<refusal>(&other)) CHECK(!why->text.empty());
        }
    }
}
