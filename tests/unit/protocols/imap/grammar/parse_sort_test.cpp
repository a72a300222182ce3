// Mirrors protocols/imap/grammar/parse_sort.cpp.
#include "tests/unit/protocols/imap/grammar/parsing.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace hauspost;
using namespace hauspost::imap;
using namespace hauspost::imap::testing;

TEST_CASE("SORT: keys, charset and program") {
    const auto sort = parse_as<cmd::sort>(
        "uid sort return (count) (subject REVERSE Date DISPLAYFROM) ISO-8859-1 TEXT {1}\r\n\xe4");
    CHECK(sort.by_uid);
    CHECK(sort.options.count);
    CHECK(sort.criteria == std::vector<query::sort_criterion>{{query::sort_by::subject},
                                                              {query::sort_by::date, true},
                                                              {query::sort_by::display_from}});
    CHECK(sort.program.keys.size() == 2);
    CHECK(sort.program.keys[1].text == "A\xcc\x88");
    CHECK_FALSE(parse_as<cmd::sort>("SORT (ARRIVAL) UTF-8 ALL").by_uid);
}

TEST_CASE("SORT: a key that stands there again changes nothing and is dropped") {
    const auto sort =
        parse_as<cmd::sort>("SORT (DATE" + repeated(" REVERSE DATE SIZE", 500) + ") UTF-8 ALL");
    CHECK(sort.criteria ==
          std::vector<query::sort_criterion>{{query::sort_by::date}, {query::sort_by::size}});
}

TEST_CASE("THREAD: algorithm, charset and program") {
    const auto thread = parse_as<cmd::thread>("UID THREAD references \"UTF-8\" SEEN 1:3");
    CHECK(thread.by_uid);
    CHECK(thread.algorithm == query::thread_algorithm::references);
    CHECK(thread.program.keys.size() == 3);
    CHECK(parse_as<cmd::thread>("THREAD ORDEREDSUBJECT US-ASCII ALL").algorithm ==
          query::thread_algorithm::ordered_subject);
}

TEST_CASE("SORT and THREAD: every shorter text is refused") {
    for (const std::string whole :
         {"SORT RETURN (MIN) (REVERSE DATE) UTF-8 SEEN", "THREAD REFERENCES UTF-8 SEEN"})
        for (std::size_t cut = 0; cut < whole.size(); ++cut) {
            if (whole.substr(0, cut).ends_with("SEE")) continue;
            CHECK_MESSAGE(refused(whole.substr(0, cut)) != "", whole.substr(0, cut));
        }
}

TEST_CASE("SORT and THREAD: faults are named") {
    CHECK(refused("SORT DATE UTF-8 ALL") == "BAD the sort keys stand in parentheses");
    CHECK(refused("SORT (DATE UTF-8 ALL") == "BAD this sort key is not known");
    CHECK(refused("SORT (REVERSE) UTF-8 ALL") == "BAD a space is missing");
    CHECK(refused("SORT (REVERSE REVERSE DATE) UTF-8 ALL") == "BAD this sort key is not known");
    CHECK(refused("SORT (DATE)UTF-8 ALL") == "BAD a space is missing");
    CHECK(refused("SORT (DATE) (UTF-8) ALL") == "BAD the CHARSET is missing");
    CHECK(refused("THREAD REFERENCES ALL") ==
          "NO [BADCHARSET (US-ASCII UTF-8)] this charset is not known");
}
