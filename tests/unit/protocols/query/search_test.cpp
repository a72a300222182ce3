#include "protocols/query/search.hpp"

#include "tests/unit/protocols/imap/grammar/parsing.hpp"

#include <doctest/doctest.h>

#include <map>
#include <string>

using namespace hauspost;
using namespace hauspost::query;
using hauspost::imap::testing::parse_as;
using hauspost::imap::testing::repeated;

namespace {

/// A message whose dear parts count how often they are asked for.
struct sample final : searchable {
    std::uint32_t number = 3;
    std::uint32_t id = 30;
    std::uint32_t bits = 0;
    bool recent = false;
    std::vector<std::string> keywords;
    std::int64_t day = 10;
    std::int64_t seconds = 900'000;
    std::int64_t saved_day = 20;
    std::uint64_t size = 1000;
    std::optional<std::int64_t> sent = 5;
    std::map<std::string, std::string> fields;
    std::string head;
    std::string body;
    int rows = 0, summaries = 0, headers = 0, bodies = 0;

    std::uint32_t sequence() override { return number; }
    hauspost::uid uid() override { return hauspost::uid(id); }
    std::uint32_t system_flags() override { return bits; }
    hauspost::modseq modseq() override { return hauspost::modseq(40); }
    bool is_recent() override { return recent; }
    bool has_keyword(std::string_view name) override {
        for (const auto& word : keywords)
            if (word == name) return true;
        return false;
    }
    std::int64_t internal_day() override { return ++rows, day; }
    std::int64_t internal_seconds() override { return ++rows, seconds; }
    std::int64_t save_day() override { return ++rows, saved_day; }
    bool has_email_id(std::string_view wanted) override { return ++rows, wanted == "M1"; }
    bool has_thread_id(std::string_view wanted) override { return ++rows, wanted == "T1"; }
    std::uint64_t octets() override { return ++rows, size; }
    std::optional<std::int64_t> sent_day() override { return ++summaries, sent; }
    std::optional<std::string> header(std::string_view field) override {
        ++headers;
        const auto found = fields.find(std::string(field));
        if (found == fields.end()) return std::nullopt;
        return found->second;
    }
    std::optional<std::string> addresses(std::string_view field) override {
        return header(std::string(field) + " addresses");
    }
    std::string_view header_text() override { return ++headers, head; }
    std::string_view body_text() override { return ++bodies, body; }
};

search_program program_of(std::string_view keys) {
    auto program = parse_as<imap::cmd::search>("SEARCH " + std::string(keys)).program;
    program.bind(10, 100);
    return program;
}

bool found(std::string_view keys, sample message) {
    return matches(program_of(keys), message);
}

}  // namespace

TEST_CASE("search: flag keys look at flags and keywords") {
    sample message;
    message.bits = mail::flags::seen | mail::flags::flagged;
    message.keywords = {"$Junk"};
    for (const auto* yes : {"ALL", "SEEN", "FLAGGED", "UNANSWERED", "UNDELETED", "UNDRAFT",
                            "KEYWORD $Junk", "UNKEYWORD other", "OLD", "NOT RECENT", "NOT NEW"})
        CHECK_MESSAGE(found(yes, message), yes);
    for (const auto* no : {"NOT ALL", "UNSEEN", "UNFLAGGED", "ANSWERED", "DELETED", "DRAFT",
                           "UNKEYWORD $Junk", "KEYWORD other", "RECENT", "NEW"})
        CHECK_MESSAGE(!found(no, message), no);
}

TEST_CASE("search: NEW is recent and unseen") {
    sample message;
    message.recent = true;
    CHECK(found("NEW", message));
    CHECK(found("RECENT", message));
    CHECK_FALSE(found("OLD", message));
    message.bits = mail::flags::seen;
    CHECK_FALSE(found("NEW", message));
    CHECK(found("NOT NEW", message));
}

TEST_CASE("search: sets of sequence numbers and UIDs") {
    const sample message;
    CHECK(found("1:5", message));
    CHECK(found("3:*", message));
    CHECK_FALSE(found("4:*", message));
    CHECK_FALSE(found("*", message));
    CHECK(found("UID 30,99", message));
    CHECK_FALSE(found("UID 31:*", message));
    CHECK(found("NOT UID 31:*", message));
}

TEST_CASE("search: dates compare days, sizes compare octets") {
    const sample message;  // 11 January and sent 6 January 1970
    CHECK(found("ON 11-Jan-1970", message));
    CHECK(found("SINCE 11-Jan-1970", message));
    CHECK_FALSE(found("SINCE 12-Jan-1970", message));
    CHECK(found("BEFORE 12-Jan-1970", message));
    CHECK_FALSE(found("BEFORE 11-Jan-1970", message));
    CHECK(found("SENTON \"6-Jan-1970\"", message));
    CHECK(found("SENTSINCE 6-Jan-1970 SENTBEFORE 7-Jan-1970", message));
    CHECK(found("LARGER 999 SMALLER 1001", message));
    CHECK_FALSE(found("LARGER 1000", message));
    CHECK_FALSE(found("SMALLER 1000", message));
    sample undated;
    undated.sent = std::nullopt;
    CHECK_FALSE(found("SENTSINCE 1-Jan-1900", undated));
    CHECK_FALSE(found("SENTBEFORE 1-Jan-2100", undated));
}

TEST_CASE("search: days of a time are those of its own zone (RFC 9051 6.4.4)") {
    CHECK(day_of(0, 0) == 0);
    CHECK(day_of(86'399, 0) == 0);
    CHECK(day_of(86'399, 1) == 1);
    CHECK(day_of(0, -1) == -1);
    CHECK(day_of(-86'400, 0) == -1);
    CHECK(day_of(INT64_MAX, INT32_MAX) > 0);
    CHECK(day_of(INT64_MIN, INT32_MIN) < 0);
}

TEST_CASE("search: text is found in fields, header and body without case") {
    sample message;
    message.fields = {{"subject", "HELLO W\xc3\x96RLD"}, {"x-empty", ""}};
    message.head = "SUBJECT: HELLO";
    message.body = "GOODBYE";
    CHECK(found("SUBJECT hello", message));
    CHECK_FALSE(found("SUBJECT goodbye", message));
    CHECK_FALSE(found("FROM hello", message));
    message.fields["from"] = "HELLO";
    message.fields["from addresses"] = "<WORLD@A>";
    CHECK(found("FROM world@", message));
    CHECK(found("FROM \"\"", message));
    CHECK_FALSE(found("FROM hello", message));
    CHECK_FALSE(found("HEADER From world", message));
    CHECK(found("HEADER X-Empty \"\"", message));
    CHECK_FALSE(found("HEADER X-None \"\"", message));
    CHECK(found("TEXT hello TEXT goodbye", message));
    CHECK(found("BODY Good", message));
    CHECK_FALSE(found("BODY hello", message));
    CHECK(found("NOT BODY hello", message));
}

TEST_CASE("search: OR, NOT and groups nest") {
    sample message;
    message.bits = mail::flags::seen;
    CHECK(found("OR SEEN DRAFT", message));
    CHECK(found("OR (DRAFT) (SEEN UNDELETED)", message));
    CHECK_FALSE(found("NOT (OR SEEN DRAFT)", message));
    CHECK(found("NOT NOT SEEN", message));
    CHECK(found("NOT (SEEN DRAFT)", message));
    CHECK_FALSE(found("OR (SEEN DRAFT) NOT SEEN", message));
    CHECK(found("OR OR DRAFT DELETED OR ANSWERED SEEN", message));
}

TEST_CASE("search: dear parts are asked for only when cheap keys have not decided (B06)") {
    sample message;
    message.body = "X";
    message.fields = {{"subject", "Y"}};
    const auto run = [&message](std::string_view keys) {
        message.rows = message.summaries = message.headers = message.bodies = 0;
        return matches(program_of(keys), message);
    };
    CHECK_FALSE(run("BODY x SUBJECT y SENTON 1-Jan-1970 LARGER 1 SEEN"));
    CHECK(message.rows + message.summaries + message.headers + message.bodies == 0);
    CHECK(run("OR BODY x UNSEEN"));
    CHECK(message.bodies == 0);
    CHECK_FALSE(run("BODY x SUBJECT z"));
    CHECK(message.bodies == 0);
    CHECK_FALSE(run("BODY x LARGER 5000"));
    CHECK(message.bodies + message.headers == 0);
    CHECK(run("BODY x SUBJECT y"));
    CHECK(message.bodies == 1);
    message.head = "Z";
    CHECK(run("TEXT z"));
    CHECK(message.bodies == 0);
}

TEST_CASE("search: an evaluation with a limit says when it does not know") {
    sample message;
    message.body = "X";
    const auto program = program_of("UNSEEN BODY x");
    CHECK(evaluate(program, message, search_cost::flags) == search_verdict::unknown);
    CHECK(evaluate(program, message, search_cost::body) == search_verdict::yes);
    message.bits = mail::flags::seen;
    CHECK(evaluate(program, message, search_cost::flags) == search_verdict::no);
    CHECK(evaluate(program_of("NOT BODY x"), message, search_cost::header) ==
          search_verdict::unknown);
}

TEST_CASE("search: a program knows what it needs") {
    CHECK(program_of("UNSEEN 1:*").cost() == search_cost::flags);
    CHECK(program_of("UNSEEN LARGER 5").cost() == search_cost::row);
    CHECK(program_of("SENTON 1-Jan-2000").cost() == search_cost::summary);
    CHECK(program_of("FROM a").cost() == search_cost::header);
    CHECK(program_of("TEXT a").cost() == search_cost::body);
    CHECK(program_of("TEXT a").needs(search_cost::header));
    CHECK_FALSE(program_of("BODY a").needs(search_cost::header));
    CHECK_FALSE(program_of("FROM a").needs(search_cost::row));
}

TEST_CASE("search: a hundred TEXT keys look at the body once each and stay linear (B06)") {
    sample message;
    message.body = std::string(100'000, 'B');
    CHECK_FALSE(found(repeated("TEXT a ", 99) + "TEXT a", message));
    // At a cost of the product of both lengths this alone would take minutes.
    message.body = std::string(20'000'000, 'B');
    const auto program = program_of("BODY " + std::string(60'000, 'b') + "a");
    CHECK_FALSE(matches(program, message));
    message.body += std::string(60'000, 'B') + "A";
    CHECK(matches(program, message));
}

TEST_CASE("search: YOUNGER and OLDER count seconds back from now, the border belongs to both") {
    sample message;
    const auto at = [&](std::string_view keys, std::int64_t now) {
        auto program = parse_as<imap::cmd::search>("SEARCH " + std::string(keys)).program;
        program.bind(10, 100, now);
        return matches(program, message);
    };
    CHECK(at("YOUNGER 100", 900'100));
    CHECK_FALSE(at("YOUNGER 100", 900'101));
    CHECK(at("OLDER 100", 900'100));
    CHECK_FALSE(at("OLDER 100", 900'099));
    CHECK(at("YOUNGER 1", 0));               // a date in the future
    CHECK_FALSE(at("OLDER 4294967295", 0));  // before 1970
    message.seconds = -5'000'000'000;
    CHECK(at("OLDER 4294967295", 0));
}

TEST_CASE("search: save dates compare days, and every mailbox keeps them") {
    const sample message;  // saved on 21 January 1970
    CHECK(found("SAVEDON 21-Jan-1970", message));
    CHECK(found("SAVEDSINCE 21-Jan-1970", message));
    CHECK_FALSE(found("SAVEDSINCE 22-Jan-1970", message));
    CHECK(found("SAVEDBEFORE 22-Jan-1970", message));
    CHECK_FALSE(found("SAVEDBEFORE 21-Jan-1970", message));
    CHECK(found("SAVEDATESUPPORTED", message));
    CHECK_FALSE(found("NOT SAVEDATESUPPORTED", message));
}

TEST_CASE("search: $ means the saved UIDs, also as a set of UIDs and in a NOT") {
    sample message;  // UID 30
    const auto with = [&](std::string_view keys, number_ranges saved) {
        auto program = parse_as<imap::cmd::search>("SEARCH " + std::string(keys)).program;
        program.bind(10, 100, 0, saved);
        return matches(program, message);
    };
    CHECK(with("$", {{30, 30}}));
    CHECK(with("UID $", {{1, 40}}));
    CHECK_FALSE(with("$", {}));
    CHECK(with("NOT $", {{31, 40}}));
    CHECK(with("OR $ SEEN", {{30, 31}}));
}

TEST_CASE("search: object ids are compared as they are (RFC 8474)") {
    const sample message;
    CHECK(found("EMAILID M1", message));
    CHECK_FALSE(found("EMAILID m1", message));
    CHECK(found("THREADID T1", message));
    CHECK(found("NOT THREADID \"T2\"", message));
}
