#include "protocols/jmap/email_filter.hpp"
#include "protocols/jmap/header_property.hpp"
#include "protocols/jmap/limits.hpp"

#include <boost/json/parse.hpp>
#include <doctest/doctest.h>

#include <string>

using namespace hauspost::jmap;
using kind = email_condition::kind;

namespace {

struct read_filter {
    email_filter filter;
    std::string wrong;
    explicit read_filter(const std::string& text) {
        json::parse_options deep;
        deep.max_depth = 64;
        const auto given = json::parse(text, {}, deep);
        std::optional<method_error> error;
        filter = parse_email_filter(&given, error);
        if (error) wrong = error->type;
    }
};

std::string wrong_in(const std::string& text) {
    return read_filter(text).wrong;
}

std::string sort_error(const std::string& text) {
    const auto given = json::parse(text);
    std::optional<method_error> error;
    (void)parse_sort(&given, error);
    return error ? error->type : "";
}

std::size_t begin(std::int64_t position, std::size_t size) {
    list_window window;
    window.position = position;
    return begin_of(window, size, 0);
}

}  // namespace

TEST_CASE("jmap filter 8620 5.5: a condition of several members is all of them") {
    const read_filter got(R"({"inMailbox":"F1","hasKeyword":"$Seen","minSize":5})");
    REQUIRE(got.wrong.empty());
    REQUIRE(got.filter.nodes.size() == 4);
    CHECK(got.filter.nodes[0].what == filter_node::kind::all);
    CHECK(got.filter.nodes[0].length == 4);
    CHECK(got.filter.conditions[1].texts.front() == "$seen");
    CHECK(got.filter.conditions[2].number == 5);
    CHECK(got.filter.only_mailbox() == "F1");
}

TEST_CASE("jmap filter 8620 5.5: operators are nested, and an empty condition is everything") {
    const read_filter got(
        R"({"operator":"OR","conditions":[{"inMailbox":"F1"},
            {"operator":"NOT","conditions":[{"text":"a"},{}]}]})");
    REQUIRE(got.wrong.empty());
    CHECK(got.filter.nodes[0].what == filter_node::kind::any);
    CHECK(got.filter.nodes[0].length == got.filter.nodes.size());
    CHECK(got.filter.nodes[3].what == filter_node::kind::none);
    CHECK(got.filter.only_mailbox().empty());
    CHECK(read_filter("null").filter.nodes.size() == 1);
    CHECK(read_filter("{}").wrong.empty());
    CHECK(read_filter(R"({"operator":"AND","conditions":[{"inMailbox":"F1"}]})")
              .filter.only_mailbox() == "F1");
    CHECK(read_filter(R"({"operator":"NOT","conditions":[{"inMailbox":"F1"}]})")
              .filter.only_mailbox()
              .empty());
}

TEST_CASE(
    "jmap filter 8620 5.5: wrong forms are invalidArguments, unknown ones unsupportedFilter") {
    for (const auto* text : {"1",
                             "[]",
                             R"({"operator":"XOR","conditions":[]})",
                             R"({"operator":"AND"})",
                             R"({"operator":"AND","conditions":{}})",
                             R"({"operator":"AND","conditions":[1]})",
                             R"({"operator":"AND","conditions":[],"text":"a"})",
                             R"({"inMailbox":1})",
                             R"({"inMailbox":"a b"})",
                             R"({"inMailbox":null})",
                             R"({"inMailboxOtherThan":"F1"})",
                             R"({"inMailboxOtherThan":[1]})",
                             R"({"before":"yesterday"})",
                             R"({"minSize":-1})",
                             R"({"minSize":1.5})",
                             R"({"minSize":9007199254740992})",
                             R"({"hasKeyword":""})",
                             R"({"hasKeyword":"a b"})",
                             R"({"hasAttachment":1})",
                             R"({"text":1})",
                             R"({"header":[]})",
                             R"({"header":["a","b","c"]})",
                             R"({"header":[""]})",
                             R"({"header":"a"})"})
        CHECK_MESSAGE(wrong_in(text) == "invalidArguments", text);
    CHECK(wrong_in(R"({"inTheAir":true})") == "unsupportedFilter");
}

TEST_CASE("jmap filter: its size and depth have an end (G08)") {
    std::string deep = "{}";
    for (std::size_t n = 1; n < request_limits::max_filter_depth; ++n)
        deep = R"({"operator":"AND","conditions":[)" + deep + "]}";
    CHECK(wrong_in(deep).empty());
    CHECK(wrong_in(R"({"operator":"AND","conditions":[)" + deep + "]}") == "unsupportedFilter");
    std::string wide = "{}";
    for (std::size_t n = 2; n < request_limits::max_filter_nodes; ++n)
        wide += ",{}";
    CHECK(wrong_in(R"({"operator":"OR","conditions":[)" + wide + "]}").empty());
    CHECK(wrong_in(R"({"operator":"OR","conditions":[)" + wide + ",{}]}") == "unsupportedFilter");
}

TEST_CASE("jmap filter: its conditions have an end, and those that look into mail sooner (G08)") {
    const auto many = [](const std::string& one, std::size_t count) {
        std::string all;
        for (std::size_t n = 0; n < count; ++n)
            all += (n == 0 ? "" : ",") + one;
        return wrong_in(R"({"operator":"OR","conditions":[)" + all + "]}");
    };
    CHECK(many(R"({"minSize":1,"maxSize":9})", request_limits::max_conditions / 2).empty());
    CHECK(many(R"({"minSize":1,"maxSize":9})", request_limits::max_conditions / 2 + 1) ==
          "unsupportedFilter");
    for (const auto* one : {R"({"text":"a"})", R"({"hasAttachment":true})", R"({"header":["a"]})",
                            R"({"someInThreadHaveKeyword":"a"})"}) {
        CHECK_MESSAGE(many(one, request_limits::max_costly_conditions).empty(), one);
        CHECK_MESSAGE(many(one, request_limits::max_costly_conditions + 1) == "unsupportedFilter",
                      one);
    }
}

TEST_CASE("jmap filter: a text to look for has an end, in octets and in words (G08)") {
    const auto most = request_limits::max_search_octets;
    const auto text = [](const std::string& words) {
        return wrong_in(R"({"subject":")" + words + "\"}");
    };
    CHECK(text(std::string(most, 'a')).empty());
    CHECK(text(std::string(most + 1, 'a')) == "unsupportedFilter");
    const auto value = [](std::size_t octets) {
        return wrong_in(R"({"header":["x",")" + std::string(octets, 'a') + "\"]}");
    };
    CHECK(value(most).empty());
    CHECK(value(most + 1) == "unsupportedFilter");
    std::string words;
    for (std::size_t n = 0; n < request_limits::max_search_words; ++n)
        words += "a ";
    CHECK(text(words).empty());
    CHECK(text(words + "a") == "unsupportedFilter");
}

TEST_CASE("jmap header properties: a field's name has an end (G08)") {
    CHECK(parse_header_property("header:" + std::string(255, 'x') + ":asText:all"));
    CHECK_FALSE(parse_header_property("header:" + std::string(256, 'x')));
}

TEST_CASE("jmap filter 8621 4.4.1: words, and phrases in quotes of both kinds") {
    using words = std::vector<std::string>;
    CHECK(split_words("a b\tc") == words{"a", "b", "c"});
    CHECK(split_words("\"a b\" 'c d' e") == words{"a b", "c d", "e"});
    CHECK(split_words("it's 'open") == words{"it's", "'open"});
    CHECK(split_words("  ").empty());
    CHECK(split_words("\"\"").empty());
}

TEST_CASE("jmap sort 8620 5.5: comparators, and what is refused") {
    const auto given = json::parse(
        R"([{"property":"hasKeyword","keyword":"$seen","isAscending":false},{"property":"size"}])");
    std::optional<method_error> wrong;
    const auto all = parse_sort(&given, wrong);
    REQUIRE_FALSE(wrong);
    REQUIRE(all.size() == 2);
    CHECK(all[0].keyword == "$seen");
    CHECK_FALSE(all[0].is_ascending);
    CHECK(all[1].is_ascending);
    CHECK(sort_error("null").empty());
    for (const auto* text : {"{}", "[1]", "[{}]", R"([{"property":1}])",
                             R"([{"property":"size","isAscending":"yes"}])"})
        CHECK_MESSAGE(sort_error(text) == "invalidArguments", text);
    CHECK(sort_error(R"([{"property":"size","collation":"i;octet"}])") == "unsupportedSort");
    CHECK(sort_error(R"([{"property":"subject","collation":"i;unicode-casemap"}])").empty());
}

TEST_CASE("jmap window 8620 5.5: positions from both ends, anchors with an offset") {
    CHECK(begin(0, 10) == 0);
    CHECK(begin(3, 10) == 3);
    CHECK(begin(30, 10) == 10);
    CHECK(begin(-3, 10) == 7);
    CHECK(begin(-30, 10) == 0);
    list_window window;
    window.anchor = "M1";
    window.anchor_offset = -2;
    CHECK(begin_of(window, 10, 5) == 3);
    CHECK(begin_of(window, 10, 1) == 0);
    window.anchor_offset = 7;
    CHECK(begin_of(window, 10, 5) == 10);
}

TEST_CASE("jmap window 8620 5.5: integers are within 2^53, a limit is not negative") {
    const auto error_of = [](const std::string& text) {
        std::optional<method_error> wrong;
        (void)parse_window(json::parse(text).as_object(), wrong);
        return wrong ? wrong->type : std::string();
    };
    CHECK(error_of(R"({"position":9007199254740991,"limit":0})").empty());
    for (const auto* text :
         {R"({"position":9007199254740992})", R"({"position":-9007199254740992})",
          R"({"position":1.5})", R"({"position":18446744073709551615})", R"({"limit":-1})",
          R"({"limit":"1"})", R"({"anchor":1})", R"({"calculateTotal":1})"})
        CHECK_MESSAGE(error_of(text) == "invalidArguments", text);
}

TEST_CASE("jmap dates 8620 1.4: UTCDate is read and written") {
    CHECK(parse_utc_date("1970-01-01T00:00:00Z") == 0);
    CHECK(parse_utc_date("2014-10-30T14:12:00Z") == 1'414'678'320);
    CHECK(parse_utc_date("2014-10-30T14:12:00.25Z") == 1'414'678'320);
    CHECK(write_utc_date(1'414'678'320) == "2014-10-30T14:12:00Z");
    CHECK(write_date(1'414'678'320, 480) == "2014-10-30T22:12:00+08:00");
    CHECK(write_date(1'414'678'320, -90) == "2014-10-30T12:42:00-01:30");
    for (const auto* text :
         {"", "2014-10-30", "2014-10-30T14:12:00", "2014-10-30t14:12:00Z",
          "2014-10-30T14:12:00+01:00", "2014-13-30T14:12:00Z", "2014-02-30T14:12:00Z",
          "2014-10-30T24:12:00Z", "2014-10-30T14:60:00Z", "2014-10-30T14:12:61Z",
          "2014-10-30T14:12:00.Z", "2014-10-30T14:12:00.5", "2014-10-30T14:12:00ZZ",
          "14-10-30T14:12:00Z"})
        CHECK_MESSAGE(!parse_utc_date(text), text);
}

TEST_CASE("jmap keywords 8621 4.1.1: what IMAP can keep, nothing else") {
    CHECK(is_keyword("$seen"));
    CHECK(is_keyword("a+b"));
    for (const auto* text :
         {"", " ", "a b", "a(", "a]", "a{", "a%", "a*", "a\"", "a\\", "\xc3\xa4"})
        CHECK_FALSE(is_keyword(text));
    CHECK(is_keyword(std::string(255, 'k')));
    CHECK_FALSE(is_keyword(std::string(256, 'k')));
}
