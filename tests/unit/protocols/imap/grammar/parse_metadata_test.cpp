// Mirrors protocols/imap/grammar/parse_metadata.cpp: GETMETADATA, SETMETADATA.
#include "protocols/imap/grammar/limits.hpp"
#include "tests/unit/protocols/imap/grammar/parsing.hpp"

#include <doctest/doctest.h>

using namespace hauspost::imap;
using namespace hauspost::imap::testing;
namespace mail = hauspost::mail;
using strings = std::vector<std::string>;

TEST_CASE("GETMETADATA: a mailbox or the server, one entry or a list (RFC 5464)") {
    auto get = parse_as<cmd::get_metadata>("GETMETADATA \"\" /shared/comment");
    CHECK(get.mailbox.empty());
    CHECK(get.entries == strings{"/shared/comment"});
    CHECK(get.depth == mail::metadata_depth::zero);
    CHECK_FALSE(get.max_size);
    get = parse_as<cmd::get_metadata>("getmetadata inbox (/shared/Comment \"/private/a b\")");
    CHECK(get.mailbox == "INBOX");
    CHECK(get.entries.size() == 2);
}

TEST_CASE("GETMETADATA: options stand before the mailbox or behind it") {
    for (const auto* text : {"GETMETADATA (MAXSIZE 1024 DEPTH 1) INBOX (/shared)",
                             "GETMETADATA INBOX (DEPTH 1 MAXSIZE 1024) (/shared)",
                             "GETMETADATA INBOX (maxsize 1024 depth 1) /shared"}) {
        INFO(text);
        const auto get = parse_as<cmd::get_metadata>(text);
        CHECK(get.max_size == 1024u);
        CHECK(get.depth == mail::metadata_depth::one);
        CHECK(get.entries == strings{"/shared"});
    }
    CHECK(parse_as<cmd::get_metadata>("GETMETADATA (DEPTH infinity) x /shared").depth ==
          mail::metadata_depth::infinity);
}

TEST_CASE("GETMETADATA: faults are named") {
    for (const auto* text :
         {"GETMETADATA", "GETMETADATA x", "GETMETADATA x ()", "GETMETADATA x (/shared/a",
          "GETMETADATA x shared/a", "GETMETADATA x /other/a", "GETMETADATA x /shared/a*",
          "GETMETADATA x \"/shared/a%\"", "GETMETADATA x /shared//a", "GETMETADATA x /shared/a/",
          "GETMETADATA x /sharedx/a", "GETMETADATA x \"\"", "GETMETADATA (DEPTH 2) x /shared/a",
          "GETMETADATA (DEPTH) x /shared/a", "GETMETADATA (MAXSIZE x) x /shared/a",
          "GETMETADATA (MAXSIZE 4294967296) x /shared/a", "GETMETADATA (WHAT) x /shared/a",
          "GETMETADATA (DEPTH 1 x /shared/a", "GETMETADATA x /shared/a /shared/b"})
        CHECK_MESSAGE(refused(text).starts_with("BAD "), text);
}

TEST_CASE("GETMETADATA: B17 entries of one command are limited, and their names") {
    const auto list = [](std::size_t count) {
        return "GETMETADATA x (" + repeated("/shared/a ", count - 1) + "/shared/a)";
    };
    CHECK(refused(list(max_metadata_entries)) == "");
    CHECK(refused(list(max_metadata_entries + 1)).starts_with("NO [LIMIT]"));
    const auto longest = "/shared/" + std::string(max_metadata_entry_octets - 8, 'x');
    CHECK(refused("GETMETADATA x " + longest) == "");
    CHECK(refused("GETMETADATA x " + longest + "x").starts_with("NO [LIMIT]"));
}

TEST_CASE("SETMETADATA: strings, NIL, literals and literal8") {
    const auto set = parse_as<cmd::set_metadata>(
        "SETMETADATA INBOX (/private/comment \"a b\" /shared/comment NIL /shared/x {2}\r\nhi "
        "/shared/y ~{3}\r\na" +
        std::string(1, '\0') + "b /shared/z \"\")");
    REQUIRE(set.values.size() == 5);
    CHECK(set.values[0] ==
          std::pair<std::string, std::optional<std::string>>{"/private/comment", "a b"});
    CHECK_FALSE(set.values[1].second);
    CHECK(set.values[2].second == "hi");
    CHECK(set.values[3].second == std::string("a\0b", 3));
    CHECK(set.values[4].second == "");
}

TEST_CASE("SETMETADATA: faults are named") {
    for (const auto* text :
         {"SETMETADATA x /shared/a \"b\"", "SETMETADATA x ()", "SETMETADATA x (/shared/a)",
          "SETMETADATA x (/shared/a b)", "SETMETADATA x (/shared \"b\")",
          "SETMETADATA x (/private NIL)", "SETMETADATA x (/shared/a NIL",
          "SETMETADATA x (/shared/a NIL )", "SETMETADATA x (/shared/a ~\"b\")",
          "SETMETADATA x (/shared/a {9}\r\nshort)"})
        CHECK_MESSAGE(refused(text).starts_with("BAD "), text);
}
