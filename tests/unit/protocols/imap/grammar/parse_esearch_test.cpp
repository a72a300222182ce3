// Mirrors protocols/imap/grammar/parse_esearch.cpp.
#include "protocols/imap/grammar/limits.hpp"
#include "tests/unit/protocols/imap/grammar/parsing.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace hauspost::imap;
using namespace hauspost::imap::testing;
using source = search_source;

TEST_CASE("ESEARCH: sources, options and keys") {
    const auto search = parse_as<cmd::esearch>(
        "esearch in (mailboxes (inbox \"b c\") SUBTREE a subtree-one (x) Personal subscribed "
        "inboxes selected) return (min) CHARSET UTF-8 SEEN");
    REQUIRE(search.sources.size() == 8);
    CHECK(search.sources[0] == source{source::kind::mailbox, "INBOX"});
    CHECK(search.sources[1] == source{source::kind::mailbox, "b c"});
    CHECK(search.sources[2] == source{source::kind::subtree, "a"});
    CHECK(search.sources[3] == source{source::kind::subtree_one, "x"});
    CHECK(search.sources[4].what == source::kind::personal);
    CHECK(search.sources[7].what == source::kind::selected);
    CHECK(search.options.min);
    CHECK_FALSE(search.options.all);
    CHECK(search.program.keys.size() == 2);
    CHECK_FALSE(search.is_selected_alone());
}

TEST_CASE("ESEARCH: without sources it is the selected mailbox, without options it is ALL") {
    const auto search = parse_as<cmd::esearch>("ESEARCH 1:3 $");
    CHECK(search.is_selected_alone());
    CHECK(search.options.is_extended);
    CHECK(search.options.all);
}

TEST_CASE("ESEARCH: every shorter text is refused") {
    const std::string whole = "ESEARCH IN (mailboxes (a b)) RETURN (MIN) SEEN";
    for (std::size_t cut = 0; cut < whole.size(); ++cut)
        CHECK_MESSAGE(refused(whole.substr(0, cut)) != "", whole.substr(0, cut));
}

TEST_CASE("ESEARCH: faults are named") {
    CHECK(refused("ESEARCH IN () ALL") == "BAD this source of a search is not known");
    CHECK(refused("ESEARCH IN (mailboxes) ALL") == "BAD a space is missing");
    CHECK(refused("ESEARCH IN (mailboxes ()) ALL") == "BAD a mailbox name is missing");
    CHECK(refused("ESEARCH IN (mailboxes a (opt)) ALL") ==
          "BAD this source of a search is not known");
    CHECK(refused("ESEARCH IN (subtree a ALL") == "BAD this source of a search is not known");
    CHECK(refused("ESEARCH IN (mailboxes \"&\") ALL") ==
          "NO [CANNOT] the mailbox name is not modified UTF-7");
    const auto most = "ESEARCH IN (mailboxes (a" + repeated(" a", max_search_sources - 1);
    CHECK(refused(most + ")) ALL") == "");
    CHECK(refused(most + " a)) ALL") == "NO [LIMIT] too many mailboxes in one ESEARCH");
    CHECK(refused(most + ") personal) ALL") == "NO [LIMIT] too many mailboxes in one ESEARCH");
}

TEST_CASE("CANCELUPDATE: one tag or many, in quotes") {
    CHECK(parse_as<cmd::cancel_update>("CANCELUPDATE \"a\" \"b\"").tags ==
          std::vector<std::string>{"a", "b"});
    CHECK(refused("CANCELUPDATE") == "BAD the command is too short");
    CHECK(refused("CANCELUPDATE a") == "BAD a tag in quotes is expected here");
    const auto most = "CANCELUPDATE" + repeated(" \"a\"", max_cancelled_tags);
    CHECK(refused(most) == "");
    CHECK(refused(most + " \"a\"") == "NO [LIMIT] too many tags in one CANCELUPDATE");
}
