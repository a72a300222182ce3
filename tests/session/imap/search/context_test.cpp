// CONTEXT=SEARCH: searches whose result is kept up to date. RFC 5267 4.3
#include "tests/support/test_imap.hpp"

#include <doctest/doctest.h>

#include <random>
#include <sstream>

using namespace hauspost;
using test::imap_client;
using test::imap_server;

namespace {

/// Five messages, 2 and 4 are flagged.
void fill(imap_server& server) {
    for (unsigned n = 1; n <= 5; ++n)
        server.parts.put(
            "Subject: n" + std::to_string(n) + "\r\n\r\nbody " + std::to_string(n) + "\r\n",
            n % 2 == 0 ? mail::flags::flagged : 0u);
}

using numbers = std::vector<std::uint32_t>;

/// Of a plain SORT answer.
numbers numbers_of(const std::string& said) {
    std::istringstream words(said.substr(0, said.find("\r\n")));
    std::string word;
    words >> word >> word;
    REQUIRE(word == "SORT");
    numbers found;
    for (std::uint32_t one = 0; words >> one;)
        found.push_back(one);
    return found;
}

/// Does what REMOVEFROM and ADDTO say; how many places they named.
std::size_t follow(numbers& result, const std::string& said) {
    std::size_t places = 0;
    for (const std::string word : {"REMOVEFROM (", "ADDTO ("}) {
        for (auto at = said.find(word); at != std::string::npos; at = said.find(word, at + 1)) {
            const auto begin = at + word.size();
            std::istringstream pairs(said.substr(begin, said.find(')', begin) - begin));
            for (std::size_t place = 0, id = 0; pairs >> place >> id; ++places) {
                const auto where = result.begin() + static_cast<std::ptrdiff_t>(place) - 1;
                if (word.front() == 'R') {
                    REQUIRE(*where == id);
                    result.erase(where);
                } else {
                    result.insert(where, static_cast<std::uint32_t>(id));
                }
            }
        }
    }
    return places;
}

}  // namespace

TEST_CASE("imap session: RETURN (UPDATE) tells what others change, new mail and expunges") {
    imap_server server;
    fill(server);
    imap_client one(server), two(server);
    one.command("SELECT INBOX");
    two.command("SELECT INBOX");
    CHECK(one.command("UID SEARCH RETURN (UPDATE COUNT) FLAGGED") ==
          "* ESEARCH (TAG \"t3\") UID COUNT 2\r\nt OK Searched\r\n");
    two.command("STORE 3,5 +FLAGS (\\Flagged)");
    two.command("STORE 4 -FLAGS (\\Flagged)");
    CHECK(one.command("NOOP") ==
          "* 3 FETCH (UID 3 FLAGS (\\Flagged))\r\n* 4 FETCH (UID 4 FLAGS ())\r\n"
          "* 5 FETCH (UID 5 FLAGS (\\Flagged))\r\n"
          "* ESEARCH (TAG \"t3\") UID REMOVEFROM (0 4) ADDTO (0 3,5)\r\nt OK Done\r\n");
    two.command("STORE 1,2,3 +FLAGS (\\Deleted)");
    two.command("EXPUNGE");
    server.parts.put("Subject: new\r\n\r\n", mail::flags::flagged);
    CHECK(one.command("NOOP") ==
          "* ESEARCH (TAG \"t3\") UID REMOVEFROM (0 2:3)\r\n"
          "* 3 EXPUNGE\r\n* 2 EXPUNGE\r\n* 1 EXPUNGE\r\n* 3 EXISTS\r\n* 1 RECENT\r\n"
          "* ESEARCH (TAG \"t3\") UID ADDTO (0 6)\r\nt OK Done\r\n");
    two.command("STORE 1 +FLAGS (\\Seen)");
    CHECK(one.command("NOOP") == "* 1 FETCH (UID 4 FLAGS (\\Seen))\r\nt OK Done\r\n");
}

TEST_CASE("imap session: RETURN (UPDATE) of SEARCH speaks of sequence numbers") {
    imap_server server;
    fill(server);
    imap_client one(server), two(server);
    one.command("SELECT INBOX");
    two.command("SELECT INBOX");
    one.command("SEARCH RETURN (UPDATE) FLAGGED");
    two.command("STORE 1,4 +FLAGS (\\Deleted)");
    two.command("EXPUNGE");
    two.command("STORE 2 +FLAGS (\\Flagged)");
    // The old number with the EXPUNGE, the new one after it.
    CHECK(one.command("NOOP") ==
          "* ESEARCH (TAG \"t3\") REMOVEFROM (0 4)\r\n* 4 EXPUNGE\r\n* 1 EXPUNGE\r\n"
          "* 2 FETCH (UID 3 FLAGS (\\Flagged))\r\n"
          "* ESEARCH (TAG \"t3\") ADDTO (0 2)\r\nt OK Done\r\n");
}

TEST_CASE("imap session: RETURN (UPDATE) hears of the session's own changes") {
    imap_server server;
    fill(server);
    imap_client one(server);
    one.command("SELECT INBOX");
    one.command("UID SEARCH RETURN (UPDATE) FLAGGED");
    CHECK(one.command("STORE 1 +FLAGS.SILENT (\\Flagged)") ==
          "* ESEARCH (TAG \"t3\") UID ADDTO (0 1)\r\nt OK Stored\r\n");
    CHECK(one.command("STORE 2 -FLAGS.SILENT (\\Flagged)") ==
          "* ESEARCH (TAG \"t3\") UID REMOVEFROM (0 2)\r\nt OK Stored\r\n");
    CHECK(one.command("NOOP") == "t OK Done\r\n");
}

TEST_CASE("imap session: updates come during IDLE, and texts of new mail are searched") {
    imap_server server;
    fill(server);
    imap_client one(server);
    one.command("SELECT INBOX");
    one.command("UID SEARCH RETURN (UPDATE) BODY needle");
    one.send("i IDLE\r\n");
    one.wait_for("+ idling");
    server.parts.put("Subject: x\r\n\r\nno\r\n");
    server.parts.put("Subject: x\r\n\r\na needle\r\n");
    one.wait_for("* ESEARCH (TAG \"t3\") UID ADDTO (0 7)\r\n");
    one.send("DONE\r\n");
    one.wait_for("i OK");
}

TEST_CASE("imap session: CANCELUPDATE and another SELECT end the updates") {
    imap_server server;
    fill(server);
    imap_client one(server);
    one.command("SELECT INBOX");
    one.command("UID SEARCH RETURN (UPDATE) FLAGGED");
    one.command("UID SEARCH RETURN (UPDATE) UNFLAGGED");
    CHECK(one.command("CANCELUPDATE \"t3\" \"other\"") == "t OK No more updates\r\n");
    CHECK(one.command("STORE 1 +FLAGS.SILENT (\\Flagged)") ==
          "* ESEARCH (TAG \"t4\") UID REMOVEFROM (0 1)\r\nt OK Stored\r\n");
    one.command("SELECT INBOX");
    CHECK(one.command("STORE 1 -FLAGS.SILENT (\\Flagged)") == "t OK Stored\r\n");
    CHECK(one.command("CANCELUPDATE t3").starts_with("t BAD"));
}

TEST_CASE("imap session: what cannot be kept up to date is refused, and searched all the same") {
    imap_server server;
    fill(server);
    CHECK(server.in_inbox("a SEARCH RETURN (UPDATE COUNT) 1:3\r\n"
                          "b SEARCH RETURN (UPDATE COUNT) NOT $\r\n"
                          "c SORT RETURN (UPDATE COUNT) (RELEVANCY) UTF-8 FUZZY SUBJECT n\r\n"
                          "d SEARCH RETURN (UPDATE) SEEN\r\nd SEARCH RETURN (UPDATE) SEEN\r\n") ==
          "* ESEARCH (TAG \"a\") COUNT 3\r\n"
          "* NO [NOUPDATE \"a\"] Message numbers and $ do not stay the same\r\na OK Searched\r\n"
          "* ESEARCH (TAG \"b\") COUNT 5\r\n"
          "* NO [NOUPDATE \"b\"] Message numbers and $ do not stay the same\r\nb OK Searched\r\n"
          "* ESEARCH (TAG \"c\") COUNT 5\r\n"
          "* NO [NOUPDATE \"c\"] Scores do not stay the same\r\nc OK Sorted\r\n"
          "* ESEARCH (TAG \"d\")\r\nd OK Searched\r\nd BAD Tag reuse\r\n");
}

TEST_CASE("imap session: RETURN (UPDATE) of SORT tells places (CONTEXT=SORT)") {
    imap_server server;
    fill(server);
    imap_client one(server), two(server);
    one.command("SELECT INBOX");
    two.command("SELECT INBOX");
    CHECK(one.command("UID SORT RETURN (UPDATE ALL) (REVERSE SUBJECT) UTF-8 FLAGGED") ==
          "* ESEARCH (TAG \"t3\") UID ALL 4,2\r\nt OK Sorted\r\n");
    two.command("STORE 3,5 +FLAGS (\\Flagged)");
    two.command("STORE 4 -FLAGS (\\Flagged)");
    CHECK(one.command("NOOP").ends_with(
        "* ESEARCH (TAG \"t3\") UID REMOVEFROM (1 4) ADDTO (1 3 1 5)\r\nt OK Done\r\n"));
    two.command("STORE 3,5 +FLAGS.SILENT (\\Deleted)");
    two.command("EXPUNGE");
    CHECK(one.command("NOOP").starts_with(
        "* ESEARCH (TAG \"t3\") UID REMOVEFROM (1 5 1 3)\r\n* 5 EXPUNGE\r\n* 3 EXPUNGE\r\n"));
    server.parts.put("Subject: n9\r\n\r\n", mail::flags::flagged);
    server.parts.put("Subject: a\r\n\r\n", mail::flags::flagged);
    CHECK(one.command("NOOP").ends_with(
        "* ESEARCH (TAG \"t3\") UID ADDTO (1 6 3 7)\r\nt OK Done\r\n"));
    CHECK(one.command("CANCELUPDATE \"t3\"").starts_with("t OK"));
}

TEST_CASE("imap session: a client that follows the updates of a SORT has what a new SORT finds") {
    imap_server server;
    std::mt19937 dice(5267);
    const auto put = [&] {
        std::string subject(1 + dice() % 2, 'a');
        for (auto& c : subject)
            c = static_cast<char>('a' + dice() % 4);
        server.parts.put("Subject: " + subject + "\r\n\r\n",
                         dice() % 2 ? mail::flags::flagged : 0u);
    };
    for (int n = 0; n < 30; ++n)
        put();
    imap_client one(server), two(server);
    one.command("SELECT INBOX");
    two.command("SELECT INBOX");
    const std::string sort = " (REVERSE SUBJECT SIZE) UTF-8 FLAGGED";
    auto followed = numbers_of(one.command("UID SORT" + sort));
    one.command("UID SORT RETURN (UPDATE)" + sort);
    std::size_t updates = 0;
    for (int round = 0; round < 150; ++round) {
        if (dice() % 3 == 0) put();
        two.command("STORE " + std::to_string(1 + dice() % 20) + (dice() % 2 ? " +" : " -") +
                    "FLAGS (\\Flagged)");
        if (dice() % 6 == 0) {
            two.command("STORE " + std::to_string(1 + dice() % 20) + " +FLAGS (\\Deleted)");
            two.command("EXPUNGE");
        }
        updates += follow(followed, one.command("NOOP"));
        REQUIRE(followed == numbers_of(one.command("UID SORT" + sort)));
    }
    CHECK(updates > 100);
}

TEST_CASE(
    "imap session: no command takes the tag of a search that is kept up to date (RFC 5267 4.3)") {
    imap_server server;
    fill(server);
    CHECK(
        server.in_inbox("a SEARCH RETURN (UPDATE COUNT) SEEN\r\n"
                        "a SORT RETURN (UPDATE COUNT) (DATE) UTF-8 SEEN\r\n"
                        "a ESEARCH IN (mailboxes INBOX) RETURN (UPDATE COUNT) SEEN\r\n") ==
        "* ESEARCH (TAG \"a\") COUNT 0\r\na OK Searched\r\na BAD Tag reuse\r\na BAD Tag reuse\r\n");
}

TEST_CASE("imap session: eight searches are kept up to date, one more is refused") {
    imap_server server;
    fill(server);
    std::string input;
    for (char tag = 'a'; tag <= 'i'; ++tag)
        input += std::string(1, tag) + " SEARCH RETURN (UPDATE COUNT) SEEN\r\n";
    const auto said = server.in_inbox(input);
    CHECK(said.find("NOUPDATE") == said.rfind("NOUPDATE"));
    CHECK(said.ends_with(
        "* ESEARCH (TAG \"i\") COUNT 0\r\n* NO [NOUPDATE \"i\"] Too many searches are "
        "kept up to date\r\ni OK Searched\r\n"));
}

TEST_CASE("imap session: a live sort takes a thousand new messages at once, more end it") {
    for (const unsigned more : {1000u, 1001u}) {
        imap_server server;
        server.parts.fill(more);
        imap_client one(server);
        one.command("SELECT INBOX");
        one.command("UID SORT RETURN (UPDATE) (REVERSE ARRIVAL) UTF-8 FLAGGED");
        const auto said = one.command("STORE 1:* +FLAGS.SILENT (\\Flagged)");
        const bool goes_on = said.find(" ADDTO (") != std::string::npos;
        CHECK(goes_on == (more == 1000));
        CHECK((said.find("[NOUPDATE \"t3\"]") != std::string::npos) == !goes_on);
    }
}

TEST_CASE("imap session: a sort of 100,000 messages is kept up to date, one more is not") {
    imap_server server;
    server.parts.fill(1);
    server.parts.copy_all(17);
    imap_client one(server);
    one.command("SELECT INBOX");
    const std::string sort = "UID SORT RETURN (UPDATE COUNT) (ARRIVAL) UTF-8 UID ";
    CHECK(one.command(sort + "1:100000") ==
          "* ESEARCH (TAG \"t3\") UID COUNT 100000\r\nt OK Sorted\r\n");
    CHECK(one.command(sort + "1:100001").find("[NOUPDATE \"t4\"]") != std::string::npos);
}
