// Mirrors protocols/imap/grammar/parse_fetch.cpp.
#include "protocols/imap/grammar/limits.hpp"
#include "tests/unit/protocols/imap/grammar/parsing.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace hauspost::imap;
using namespace hauspost::imap::testing;
using numbers = std::vector<std::uint32_t>;
using strings = std::vector<std::string>;

namespace {

fetch_items items_of(std::string_view text) {
    return parse_as<cmd::fetch>("FETCH 1 " + std::string(text)).items;
}

body_item body_of(std::string_view text) {
    const auto items = items_of(text);
    REQUIRE(items.sections.size() == 1);
    return items.sections.front();
}

}  // namespace

TEST_CASE("FETCH: macros stand for their items") {
    fetch_items fast;
    fast.flags = fast.internal_date = fast.size = true;
    CHECK(items_of("FAST") == fast);
    auto all = fast;
    all.envelope = true;
    CHECK(items_of("all") == all);
    auto full = all;
    full.body = true;
    CHECK(items_of("Full") == full);
    CHECK(refused("FETCH 1 (ALL)") == "BAD this FETCH item is not known");
    CHECK(refused("FETCH 1 ALL FLAGS") == "BAD FETCH modifiers stand in parentheses");
}

TEST_CASE("FETCH: single items, with UID FETCH asking for UID by itself") {
    const auto items = items_of("(UID FLAGS INTERNALDATE RFC822.SIZE ENVELOPE BODY BODYSTRUCTURE)");
    CHECK(items.uid);
    CHECK(items.flags);
    CHECK(items.internal_date);
    CHECK(items.size);
    CHECK(items.envelope);
    CHECK(items.body);
    CHECK(items.body_structure);
    CHECK(items.sections.empty());
    CHECK_FALSE(items.sets_seen());
    CHECK_FALSE(items_of("FLAGS").uid);
    const auto by_uid = parse_as<cmd::fetch>("UID FETCH 1:* FLAGS");
    CHECK(by_uid.by_uid);
    CHECK_FALSE(by_uid.items.uid);  // the session adds it, but not after ENABLE UIDONLY
}

TEST_CASE("FETCH: body sections with parts, fields and partials") {
    auto item = body_of("BODY[]");
    CHECK(item.label == "BODY[]");
    CHECK_FALSE(item.peek);
    CHECK(item.section == section{});
    item = body_of("body.peek[1.2.mime]");
    CHECK(item.label == "BODY[1.2.MIME]");
    CHECK(item.peek);
    CHECK(item.section.part == numbers{1, 2});
    CHECK(item.section.what == section::kind::mime);
    item = body_of("BODY[4.2]<0.2048>");
    CHECK(item.label == "BODY[4.2]<0>");
    CHECK(item.partial == partial{0, 2048});
    CHECK(item.section.what == section::kind::all);
    item = body_of("BODY[HEADER.FIELDS (date \"From\" {2}\r\ntO)]");
    CHECK(item.label == "BODY[HEADER.FIELDS (date From tO)]");
    CHECK(item.section.fields == strings{"date", "From", "tO"});
    item = body_of("BODY[3.header.fields.not (\"a*b\\\"\")]<7.1>");
    CHECK(item.label == "BODY[3.HEADER.FIELDS.NOT (\"a*b\\\"\")]<7>");
    CHECK(item.section.what == section::kind::header_fields_not);
    CHECK(body_of("BODY[HEADER]").section.what == section::kind::header);
    CHECK(body_of("BODY[1.TEXT]").section.what == section::kind::text);
}

TEST_CASE("FETCH: RFC822 items are sections with a name of their own") {
    CHECK(body_of("RFC822").label == "RFC822");
    CHECK_FALSE(body_of("RFC822").peek);
    CHECK(body_of("RFC822.HEADER").peek);
    CHECK(body_of("RFC822.HEADER").section.what == section::kind::header);
    CHECK_FALSE(body_of("rfc822.text").peek);
    CHECK(body_of("RFC822.TEXT").section.what == section::kind::text);
    CHECK(items_of("(RFC822 RFC822.SIZE)").sets_seen());
    CHECK_FALSE(items_of("RFC822.HEADER").sets_seen());
}

TEST_CASE("FETCH: the same section twice is one, it sets Seen when one of them does") {
    const auto items = items_of("(BODY.PEEK[] BODY[] BODY[]<0.5> BODY[]<0.6>)");
    REQUIRE(items.sections.size() == 3);
    CHECK_FALSE(items.sections[0].peek);
}

TEST_CASE("FETCH: partials are bounded (B05)") {
    // RFC 9051 9 has number64 here, RFC 3501 had number.
    CHECK(body_of("BODY[]<0.9223372036854775807>").partial == partial{0, UINT32_MAX});
    CHECK(body_of("BODY[]<9223372036854775807.1>").partial == partial{UINT32_MAX, 1});
    CHECK(body_of("BODY[]<4294967296.1>").partial == partial{UINT32_MAX, 1});
    for (const auto* text :
         {"BODY[]<0.0>", "BODY[]<0.9223372036854775808>", "BODY[]<9223372036854775808.1>",
          "BODY[]<-1.5>", "BODY[]<1>", "BODY[]<1.>", "BODY[]<.1>", "BODY[]<1.1"})
        CHECK_MESSAGE(refused("FETCH 1 " + std::string(text)).starts_with("BAD a partial"), text);
}

TEST_CASE("FETCH: faults are named") {
    for (const auto* text : {"BODY[0]", "BODY[1.0]", "BODY[4294967296]", "BODY[01]"})
        CHECK_MESSAGE(refused("FETCH 1 " + std::string(text)) == "BAD a part number is not valid",
                      text);
    for (const auto* text : {"BODY[MIME]", "BODY[1.]", "BODY[FOO]", "BODY[.1]", "BODY["})
        CHECK_MESSAGE(
            refused("FETCH 1 " + std::string(text)) == "BAD this body section is not known", text);
    CHECK(refused("FETCH 1 BODY[TEXT.1]") == "BAD a body section does not end");
    CHECK(refused("FETCH 1 BODY[HEADER.FIELDS]") ==
          "BAD HEADER.FIELDS needs a list of field names");
    for (const auto* fields : {"()", "(\"a b\")", "(\"a:\")", "(a {3}\r\nx\r\n)", "(\"\")"})
        CHECK_MESSAGE(refused("FETCH 1 BODY[HEADER.FIELDS " + std::string(fields) + "]") ==
                          "BAD a header field name is missing or not valid",
                      fields);
    CHECK(refused("FETCH 1 (FLAGS") == "BAD the list of FETCH items does not end");
    CHECK(refused("FETCH 1 ()") == "BAD this FETCH item is not known");
    CHECK(refused("FETCH 1 MODSEQS") == "BAD this FETCH item is not known");
    CHECK(refused("FETCH 1") == "BAD the command is too short");
    CHECK(refused("FETCH 1 ((FLAGS))") == "BAD this FETCH item is not known");
    CHECK(refused("FETCH 1 " + std::string(60'000, '(')) == "BAD this FETCH item is not known");
}

TEST_CASE("FETCH: 200 sections, 500 fields and 64 levels are taken, one more is not (B03)") {
    const auto sections = [](std::size_t count) {
        std::string all = "(BODY[1]";
        for (std::size_t i = 2; i <= count; ++i)
            all += " BODY[" + std::to_string(i) + "]";
        return "FETCH 1 " + all + ")";
    };
    CHECK(refused(sections(max_fetch_sections)) == "");
    CHECK(refused(sections(max_fetch_sections + 1)).starts_with("NO [LIMIT]"));
    const auto fields = [](std::size_t count) {
        return "FETCH 1 BODY[HEADER.FIELDS (" + repeated("a ", count - 1) + "a)]";
    };
    CHECK(refused(fields(max_header_fields)) == "");
    CHECK(refused(fields(max_header_fields + 1)).starts_with("NO [LIMIT]"));
    const auto levels = [](std::size_t count) {
        return "FETCH 1 BODY[" + repeated("1.", count - 1) + "1]";
    };
    CHECK(refused(levels(max_part_depth)) == "");
    CHECK(refused(levels(max_part_depth + 1)) == "NO [LIMIT] the part is nested too deeply");
}

TEST_CASE("FETCH: PREVIEW with and without LAZY, SAVEDATE and object ids (RFC 8970, 8514, 8474)") {
    CHECK(items_of("PREVIEW").preview);
    CHECK(items_of("(preview (lazy) UID)").preview);
    CHECK(items_of("(PREVIEW (LAZY LAZY) UID)").uid);
    CHECK(items_of("PREVIEW (LAZY)").has_extension());
    CHECK(items_of("SAVEDATE").save_date);
    CHECK(items_of("(EMAILID THREADID)").email_id);
    CHECK(items_of("(EMAILID THREADID)").thread_id);
    CHECK_FALSE(items_of("ALL").has_extension());
    CHECK(refused("FETCH 1 PREVIEW (FUZZY)") == "BAD LAZY is the only PREVIEW modifier");
    CHECK(refused("FETCH 1 PREVIEW ()") == "BAD LAZY is the only PREVIEW modifier");
    CHECK(refused("FETCH 1 (PREVIEW (LAZY)") == "BAD the list of FETCH items does not end");
    CHECK(refused("FETCH 1 (PREVIEW (LAZY") == "BAD the list of PREVIEW modifiers does not end");
}

TEST_CASE("FETCH: MODSEQ, CHANGEDSINCE and VANISHED (RFC 7162)") {
    auto fetch = parse_as<cmd::fetch>("FETCH 1:3 (FLAGS MODSEQ)");
    CHECK(fetch.items.modseq);
    CHECK_FALSE(fetch.changed_since);
    fetch = parse_as<cmd::fetch>("UID FETCH 300:500 (FLAGS) (CHANGEDSINCE 12345)");
    CHECK(fetch.changed_since == 12345);
    CHECK(fetch.items.modseq);  // implied
    CHECK_FALSE(fetch.vanished);
    fetch = parse_as<cmd::fetch>("UID FETCH 1:* FLAGS (changedsince 1 vanished)");
    CHECK(fetch.vanished);
    fetch = parse_as<cmd::fetch>("UID FETCH 1:* ALL (VANISHED CHANGEDSINCE 1)");
    CHECK(fetch.vanished);
    CHECK(fetch.items.envelope);
}

TEST_CASE("FETCH: faults of its modifiers are named (B05)") {
    CHECK(refused("FETCH 1 FLAGS (CHANGEDSINCE 1 VANISHED)") ==
          "BAD this FETCH modifier is not known here");
    CHECK(refused("UID FETCH 1 FLAGS (VANISHED)") == "BAD VANISHED needs CHANGEDSINCE");
    CHECK(refused("FETCH 1 FLAGS ()") == "BAD this FETCH modifier is not known here");
    CHECK(refused("FETCH 1 FLAGS (CHANGEDSINCE 1 CHANGEDSINCE 2)") ==
          "BAD this FETCH modifier is not known here");
    CHECK(refused("FETCH 1 FLAGS (CHANGEDSINCE 1") == "BAD the FETCH modifiers do not end");
    CHECK(refused("FETCH 1 FLAGS CHANGEDSINCE 1") == "BAD FETCH modifiers stand in parentheses");
    CHECK(refused("FETCH 1 FLAGS (CHANGEDSINCE 9223372036854775807)") == "");
    for (const auto* wrong : {"9223372036854775808", "99999999999999999999", "x", "-1", ""})
        CHECK(refused("FETCH 1 FLAGS (CHANGEDSINCE " + std::string(wrong) + ")") ==
              "BAD the mod-sequence is missing or not valid");
    const std::string whole = "UID FETCH 1 FLAGS (CHANGEDSINCE 1 VANISHED)";
    for (auto length = whole.find('('); length < whole.size(); ++length)
        CHECK_MESSAGE(refused(whole.substr(0, length)).starts_with("BAD "), length);
}

TEST_CASE("FETCH: BINARY of part numbers, with or without PEEK and a partial (RFC 3516)") {
    auto item = body_of("BINARY[1.2]");
    CHECK(item.what == body_item::form::decoded);
    CHECK(item.section.part == numbers{1, 2});
    CHECK_FALSE(item.peek);
    CHECK(item.label == "BINARY[1.2]");
    item = body_of("binary.peek[]<5.7>");
    CHECK(item.peek);
    CHECK(item.partial == partial{5, 7});
    CHECK(item.label == "BINARY[]<5>");
    item = body_of("BINARY.SIZE[3]");
    CHECK(item.what == body_item::form::decoded_size);
    CHECK(item.peek);
    CHECK(item.label == "BINARY.SIZE[3]");
    CHECK(refused("FETCH 1 BINARY[TEXT]") == "BAD BINARY takes part numbers only");
    CHECK(refused("FETCH 1 BINARY[1.MIME]") == "BAD BINARY takes part numbers only");
    CHECK(refused("FETCH 1 BINARY[1.]") == "BAD BINARY takes part numbers only");
    CHECK(refused("FETCH 1 BINARY[0]") == "BAD a part number is not valid");
    CHECK(refused("FETCH 1 BINARY.SIZE[1]<0.1>") == "BAD there is more than the command takes");
    CHECK(refused("FETCH 1 BINARY") == "BAD this FETCH item is not known");
}
