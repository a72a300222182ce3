// Mirrors protocols/imap/grammar/parse_search_options.cpp.
#include "tests/unit/protocols/imap/grammar/parsing.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace hauspost::imap;
using namespace hauspost::imap::testing;

namespace {

search_options options_of(std::string_view list) {
    return parse_as<cmd::search>("SEARCH RETURN " + std::string(list) + " ALL").options;
}

std::string options_refused(std::string_view list) {
    return refused("SEARCH RETURN " + std::string(list) + " ALL");
}

}  // namespace

TEST_CASE("SEARCH RETURN: options in any order and case, before the charset") {
    const auto search =
        parse_as<cmd::search>("uid search return (min Max COUNT) CHARSET UTF-8 SEEN");
    CHECK(search.by_uid);
    CHECK(search.options.is_extended);
    CHECK(search.options.min);
    CHECK(search.options.max);
    CHECK(search.options.count);
    CHECK_FALSE(search.options.all);
    CHECK(search.program.keys.size() == 2);
    CHECK_FALSE(parse_as<cmd::search>("SEARCH ALL").options.is_extended);
}

TEST_CASE("SEARCH RETURN: an empty list and one with hints alone ask for all") {
    CHECK(options_of("()").all);
    CHECK(options_of("(CONTEXT)").all);
    CHECK_FALSE(options_of("(SAVE)").all);
    CHECK_FALSE(options_of("(UPDATE)").all);
    CHECK_FALSE(options_of("(COUNT)").all);
}

TEST_CASE("SEARCH RETURN: PARTIAL has a page, from either end") {
    CHECK(options_of("(PARTIAL 1:500)").partial == page_range{1, 500, false});
    CHECK(options_of("(COUNT PARTIAL -1:-100)").partial == page_range{1, 100, true});
    CHECK(options_of("(PARTIAL 4294967295:1)").partial == page_range{4294967295u, 1, false});
    for (const auto* page : {"", "1", "1:", ":1", "0:1", "1:0", "-1:1", "1:-1", "--1:-1", "*:1",
                             "1:4294967296", "1:2:3", "1,2"}) {
        const auto why = options_refused("(PARTIAL " + std::string(page) + ")");
        CHECK_MESSAGE(why.starts_with("BAD "), page);
    }
}

TEST_CASE("SEARCH RETURN: PARTIAL and ALL, or PARTIAL twice, are refused (RFC 9394 3.1)") {
    CHECK(options_refused("(ALL PARTIAL 1:2)") == "BAD ALL and PARTIAL exclude each other");
    CHECK(options_refused("(PARTIAL 1:2 PARTIAL 3:4)") == "BAD PARTIAL stands there twice");
}

TEST_CASE("SEARCH RETURN: what is no list of options is refused") {
    for (const auto* list : {"(", "(MIN", "(MIN ", "( MIN)", "(MIN )", "(FOO)", "MIN", "(MIN,MAX)",
                             "(MIN)(MAX)", "(PARTIAL)"})
        CHECK_MESSAGE(options_refused(list).starts_with("BAD "), list);
    CHECK(refused("SEARCH RETURN (MIN)") == "BAD the command is too short");
}

TEST_CASE("page range: what is on the page of so many results") {
    const auto on = [](page_range page, std::size_t count) {
        const auto found = page.within(count);
        return std::to_string(found.begin) + "-" + std::to_string(found.end);
    };
    CHECK(on({1, 3, false}, 10) == "0-3");
    CHECK(on({3, 1, false}, 10) == "0-3");
    CHECK(on({9, 12, false}, 10) == "8-10");
    CHECK(on({11, 12, false}, 10) == "10-10");
    CHECK(on({1, 3, true}, 10) == "7-10");
    CHECK(on({9, 12, true}, 10) == "0-2");
    CHECK(on({11, 12, true}, 10) == "0-0");
    CHECK(on({1, 4294967295u, true}, 0) == "0-0");
}
