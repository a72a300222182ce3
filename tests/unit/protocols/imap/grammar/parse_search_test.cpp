// Mirrors protocols/imap/grammar/parse_search.cpp. What the keys mean is tested in search_test.cpp.
#include "protocols/imap/grammar/limits.hpp"
#include "tests/unit/protocols/imap/grammar/parsing.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace hauspost;
using namespace hauspost::imap;
using namespace hauspost::imap::testing;
namespace mail = hauspost::mail;
using kind = query::search_key::kind;

namespace {

std::vector<query::search_key> keys_of(std::string_view text) {
    return parse_as<cmd::search>("SEARCH " + std::string(text)).program.keys;
}

std::string search_refused(std::string_view text) {
    return refused("SEARCH " + std::string(text));
}

}  // namespace

TEST_CASE("SEARCH: keys stand in pre-order and know their length") {
    const auto keys = keys_of("FLAGGED SINCE 1-Feb-1994 NOT FROM \"Smith\"");
    REQUIRE(keys.size() == 4);
    CHECK(keys[0].what == kind::all_of);
    CHECK(keys[0].length == 4);
    CHECK(keys[1].number == mail::flags::flagged);
    CHECK(keys[2].what == kind::since);
    CHECK(keys[2].number == 8797);
    CHECK(keys[3].what == kind::addresses_contain);
    CHECK(keys[3].negated);
    CHECK(keys[3].field == "from");
    CHECK(keys[3].text == "SMITH");
}

TEST_CASE("SEARCH: OR has two keys, groups have any number") {
    const auto keys = keys_of("OR (SEEN DRAFT) NOT (1:3 UID 7)");
    REQUIRE(keys.size() == 8);
    CHECK(keys[1].what == kind::any_of);
    CHECK(keys[1].length == 7);
    CHECK(keys[2].what == kind::all_of);
    CHECK(keys[2].length == 3);
    CHECK(keys[5].negated);
    CHECK(keys[6].set == *parse_sequence_set("1:3"));
    CHECK(keys[7].what == kind::uid);
}

TEST_CASE("SEARCH: UID SEARCH is told apart") {
    CHECK(parse_as<cmd::search>("UID SEARCH ALL").by_uid);
    CHECK_FALSE(parse_as<cmd::search>("SEARCH ALL").by_uid);
}

TEST_CASE("SEARCH: texts come in the charset that was named") {
    CHECK(keys_of("CHARSET UTF-8 TEXT {4}\r\n\xc3\xa4\xc3\x96")[1].text ==
          keys_of("CHARSET ISO-8859-1 TEXT {2}\r\n\xe4\xd6")[1].text);
    CHECK(keys_of("charset us-ascii SUBJECT a")[1].text == "A");
    CHECK(keys_of("SUBJECT \"\xc3\xa4\"")[1].text ==
          keys_of("CHARSET UTF-8 SUBJECT \"\xc3\x84\"")[1].text);
    CHECK(search_refused("CHARSET X-Klingon TEXT a") ==
          "NO [BADCHARSET (US-ASCII UTF-8)] this charset is not known");
    CHECK(search_refused("CHARSET UTF-7 TEXT a").starts_with("NO [BADCHARSET"));
    CHECK(search_refused("CHARSET") != "");
    CHECK(search_refused("CHARSET UTF-8") == "BAD the command is too short");
}

TEST_CASE("SEARCH: faults are named") {
    CHECK(refused("SEARCH") == "BAD the command is too short");
    CHECK(search_refused("") == "BAD this search key is not known");
    CHECK(search_refused("FOO") == "BAD this search key is not known");
    CHECK(search_refused("ALL ") == "BAD this search key is not known");
    CHECK(search_refused("RETURNED ALL") == "BAD this search key is not known");
    CHECK(search_refused("()") == "BAD this search key is not known");
    CHECK(search_refused("(ALL") == "BAD a group of search keys does not end");
    CHECK(search_refused("ALL)") == "BAD there is more than the command takes");
    CHECK(search_refused("OR ALL") == "BAD the command is too short");
    CHECK(search_refused("NOT") == "BAD the command is too short");
    CHECK(search_refused("FROM") == "BAD the command is too short");
    CHECK(search_refused("FROM ") == "BAD a text to search for is missing");
    CHECK(search_refused("KEYWORD \\Seen") == "BAD a keyword is missing");
    CHECK(search_refused("ON 32-Jan-2000") == "BAD a date is missing or not valid");
    CHECK(search_refused("ON 99-Foo-99999") == "BAD a date is missing or not valid");
    CHECK(search_refused("HEADER x") == "BAD the command is too short");
    CHECK(search_refused("UID x") == "BAD a set of message numbers is missing or not valid");
    CHECK(search_refused("1:0") == "BAD a set of message numbers is missing or not valid");
    CHECK(search_refused("$x") == "BAD there is more than the command takes");
    CHECK(search_refused("$,1") == "BAD a set of message numbers is missing or not valid");
    CHECK(search_refused("YOUNGER 0") == "BAD a number of seconds is missing or not valid");
    CHECK(search_refused("OLDER 4294967296") == "BAD a number of seconds is missing or not valid");
    CHECK(search_refused("EMAILID \"\"") == "BAD an object id is missing or not valid");
    CHECK(search_refused("THREADID a.b") == "BAD an object id is missing or not valid");
    CHECK(search_refused("EMAILID " + std::string(255, 'a')) == "");
    CHECK(search_refused("EMAILID " + std::string(256, 'a')) ==
          "BAD an object id is missing or not valid");
    CHECK(search_refused("SAVEDON 1") == "BAD a date is missing or not valid");
}

TEST_CASE("SEARCH: sizes are bounded (B05)") {
    CHECK(keys_of("LARGER 9223372036854775807")[1].number == 9223372036854775807u);
    CHECK(search_refused("LARGER 9223372036854775808") == "BAD a size is missing or not valid");
    CHECK(search_refused("SMALLER -1") == "BAD a size is missing or not valid");
}

TEST_CASE("SEARCH: nesting of 32 is read, one deeper is refused, however it is made (B03)") {
    // The keys of the program itself are at depth 1.
    const auto most = max_nesting_depth - 1;
    const std::string too_deep = "NO [LIMIT] the search is nested too deeply";
    CHECK(search_refused(repeated("(", most) + "ALL" + repeated(")", most)) == "");
    CHECK(search_refused(repeated("(", most + 1) + "ALL" + repeated(")", most + 1)) == too_deep);
    CHECK(search_refused(repeated("FUZZY ", most) + "ALL") == "");
    CHECK(search_refused(repeated("FUZZY ", most + 1) + "ALL") == too_deep);
    for (const auto* text : {"(", "OR (", "NOT (", "FUZZY ", "FUZZY NOT ", "OR NOT "})
        CHECK(search_refused(repeated(text, 1'000'000)) == too_deep);
}

TEST_CASE("SEARCH: chains of OR and NOT are flat, however long (B03)") {
    const auto right = keys_of("OR SEEN OR DRAFT OR DELETED FLAGGED");
    const auto left = keys_of("OR OR OR SEEN DRAFT DELETED FLAGGED");
    CHECK(right == left);
    REQUIRE(right.size() == 6);
    CHECK(right[1].what == kind::any_of);
    CHECK(right[1].length == 5);
    const auto mixed = keys_of("OR SEEN NOT OR DRAFT DELETED UNSEEN");
    REQUIRE(mixed.size() == 7);
    CHECK(mixed[1].length == 5);  // SEEN and a group of its own
    CHECK(mixed[3].negated);
    CHECK(mixed[3].length == 3);
    const std::size_t most = max_search_keys - 2;  // two are the groups
    CHECK(keys_of(repeated("OR SEEN ", most - 1) + "SEEN").size() == max_search_keys);
    CHECK(search_refused(repeated("OR SEEN ", most) + "SEEN") == "NO [LIMIT] too many search keys");
    CHECK(keys_of(repeated("NOT ", 1'000) + "SEEN")[1].negated == false);
    CHECK(keys_of(repeated("NOT ", 1'001) + "SEEN")[1].negated);
    for (const auto* text : {"OR ", "NOT "})
        CHECK(search_refused(repeated(text, 1'000'000)).starts_with("BAD "));
    CHECK(search_refused("NOT") == "BAD the command is too short");
    CHECK(search_refused("OR SEEN") == "BAD the command is too short");
}

TEST_CASE("SEARCH: 2000 keys are taken, one more is not (B06)") {
    // One key is the group that holds them.
    CHECK(keys_of(repeated("SEEN ", max_search_keys - 2) + "SEEN").size() == max_search_keys);
    CHECK(search_refused(repeated("SEEN ", max_search_keys - 1) + "SEEN") ==
          "NO [LIMIT] too many search keys");
}

TEST_CASE("SEARCH: 100 texts and keywords are taken, one more is not (B06)") {
    for (const std::string key : {"HEADER X y ", "BODY x ", "KEYWORD k ", "UNKEYWORD k "}) {
        CAPTURE(key);
        CHECK(keys_of(repeated(key, max_search_texts) + "SEEN").size() == max_search_texts + 2);
        CHECK(search_refused(repeated(key, max_search_texts + 1) + "SEEN") ==
              "NO [LIMIT] too many texts to search for");
    }
}

TEST_CASE("SEARCH: MODSEQ with and without an entry (RFC 7162 3.1.5, B05)") {
    const auto number = [](std::string_view text) {
        return parse_as<cmd::search>(text).program.keys.at(1).number;
    };
    CHECK(number("SEARCH MODSEQ 620162338") == 620162338);
    CHECK(number("SEARCH MODSEQ 0") == 0);
    CHECK(number("SEARCH MODSEQ \"/flags/\\\\draft\" all 620162338 SEEN") == 620162338);
    CHECK(number("UID SEARCH MODSEQ \"/flags/$Junk\" priv 9223372036854775807") == INT64_MAX);
    CHECK(parse_as<cmd::search>("SEARCH OR SEEN NOT MODSEQ 4").program.has_modseq());
    CHECK_FALSE(parse_as<cmd::search>("SEARCH SEEN").program.has_modseq());
    CHECK(parse_as<cmd::search>("UID SEARCH SEEN 1:4").program.has_sequence());
    CHECK_FALSE(parse_as<cmd::search>("UID SEARCH UID 1:4").program.has_sequence());
    const std::string wrong_number = "BAD the mod-sequence is missing or not valid";
    CHECK(refused("SEARCH MODSEQ 9223372036854775808") == wrong_number);
    CHECK(refused("SEARCH MODSEQ x") == wrong_number);
    CHECK(refused("SEARCH MODSEQ \"/flags/\" all 1").starts_with("BAD an entry name"));
    CHECK(refused("SEARCH MODSEQ \"/comment\" all 1").starts_with("BAD an entry name"));
    CHECK(refused("SEARCH MODSEQ \"/flags/a\" mine 1").starts_with("BAD an entry type"));
    CHECK(refused("SEARCH MODSEQ \"/flags/a\" 1").starts_with("BAD an entry type"));
}

TEST_CASE("SEARCH: FUZZY takes one key, a text or a group of them (RFC 6203)") {
    const auto keys =
        keys_of("FUZZY SUBJECT abc FROM def FUZZY (BODY g NOT TEXT h) NOT FUZZY CC i");
    REQUIRE(keys.size() == 7);
    CHECK(keys[1].is_fuzzy);
    CHECK_FALSE(keys[2].is_fuzzy);
    CHECK(keys[4].is_fuzzy);
    CHECK(keys[5].is_fuzzy);
    CHECK(keys[5].negated);
    CHECK(keys[6].is_fuzzy);
    CHECK(keys[6].negated);
    CHECK_FALSE(keys_of("FUZZY SEEN")[1].is_fuzzy);
    CHECK(keys_of("OR FUZZY TO a TO b")[2].is_fuzzy);
    CHECK_FALSE(keys_of("OR FUZZY TO a TO b")[3].is_fuzzy);
    CHECK(search_refused("FUZZY").starts_with("BAD"));
    CHECK(search_refused("FUZZY SUBJECT").starts_with("BAD"));
    CHECK(search_refused("FUZZY WHAT").starts_with("BAD"));
}

TEST_CASE("SEARCH: RETURN (RELEVANCY) is for fuzzy searches (RFC 6203 4)") {
    CHECK(parse_as<cmd::search>("SEARCH RETURN (RELEVANCY ALL) FUZZY TEXT a").options.relevancy);
    CHECK(search_refused("RETURN (RELEVANCY) TEXT a") == "BAD RELEVANCY is for FUZZY searches");
    CHECK(search_refused("RETURN (RELEVANCY) FUZZY SEEN") == "BAD RELEVANCY is for FUZZY searches");
}
