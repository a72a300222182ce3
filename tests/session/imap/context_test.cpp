// CONTEXT=SEARCH: searches whose result is kept up to date. RFC 5267 4.3
#include "tests/support/test_imap.hpp"

#include <doctest/doctest.h>

using namespace hauspost;
using test::imap_client;
using test::imap_house;

namespace {

/// Five messages, 2 and 4 are flagged.
void fill(imap_house& house) {
    for (unsigned n = 1; n <= 5; ++n)
        house.put("Subject: n" + std::to_string(n) + "\r\n\r\nbody " + std::to_string(n) + "\r\n",
                  n % 2 == 0 ? storage::flags::flagged : 0u);
}

}  // namespace

TEST_CASE("imap session: RETURN (UPDATE) tells what others change, new mail and expunges") {
    imap_house house;
    fill(house);
    imap_client one(house), two(house);
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
    house.put("Subject: new\r\n\r\n", storage::flags::flagged);
    CHECK(one.command("NOOP") ==
          "* ESEARCH (TAG \"t3\") UID REMOVEFROM (0 2:3)\r\n"
          "* 3 EXPUNGE\r\n* 2 EXPUNGE\r\n* 1 EXPUNGE\r\n* 3 EXISTS\r\n* 0 RECENT\r\n"
          "* ESEARCH (TAG \"t3\") UID ADDTO (0 6)\r\nt OK Done\r\n");
    two.command("STORE 1 +FLAGS (\\Seen)");
    CHECK(one.command("NOOP") == "* 1 FETCH (UID 4 FLAGS (\\Seen))\r\nt OK Done\r\n");
}

TEST_CASE("imap session: RETURN (UPDATE) of SEARCH speaks of sequence numbers") {
    imap_house house;
    fill(house);
    imap_client one(house), two(house);
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
    imap_house house;
    fill(house);
    imap_client one(house);
    one.command("SELECT INBOX");
    one.command("UID SEARCH RETURN (UPDATE) FLAGGED");
    CHECK(one.command("STORE 1 +FLAGS.SILENT (\\Flagged)") ==
          "* ESEARCH (TAG \"t3\") UID ADDTO (0 1)\r\nt OK Stored\r\n");
    CHECK(one.command("STORE 2 -FLAGS.SILENT (\\Flagged)") ==
          "* ESEARCH (TAG \"t3\") UID REMOVEFROM (0 2)\r\nt OK Stored\r\n");
    CHECK(one.command("NOOP") == "t OK Done\r\n");
}

TEST_CASE("imap session: updates come during IDLE, and texts of new mail are searched") {
    imap_house house;
    fill(house);
    imap_client one(house);
    one.command("SELECT INBOX");
    one.command("UID SEARCH RETURN (UPDATE) BODY needle");
    one.send("i IDLE\r\n");
    one.wait_for("+ idling");
    house.put("Subject: x\r\n\r\nno\r\n");
    house.put("Subject: x\r\n\r\na needle\r\n");
    one.wait_for("* ESEARCH (TAG \"t3\") UID ADDTO (0 7)\r\n");
    one.send("DONE\r\n");
    one.wait_for("i OK");
}

TEST_CASE("imap session: CANCELUPDATE and another SELECT end the updates") {
    imap_house house;
    fill(house);
    imap_client one(house);
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
    imap_house house;
    fill(house);
    CHECK(house.in_inbox("a SEARCH RETURN (UPDATE COUNT) 1:3\r\n"
                         "b SEARCH RETURN (UPDATE COUNT) NOT $\r\n"
                         "c SORT RETURN (UPDATE COUNT) (DATE) UTF-8 ALL\r\n"
                         "d SEARCH RETURN (UPDATE) SEEN\r\nd SEARCH RETURN (UPDATE) SEEN\r\n") ==
          "* ESEARCH (TAG \"a\") COUNT 3\r\n"
          "* NO [NOUPDATE \"a\"] Message numbers and $ do not stay the same\r\na OK Searched\r\n"
          "* ESEARCH (TAG \"b\") COUNT 5\r\n"
          "* NO [NOUPDATE \"b\"] Message numbers and $ do not stay the same\r\nb OK Searched\r\n"
          "* NO [NOUPDATE \"c\"] A sorted result is told once\r\n"
          "* ESEARCH (TAG \"c\") COUNT 5\r\nc OK Sorted\r\n"
          "* ESEARCH (TAG \"d\")\r\nd OK Searched\r\nd BAD Tag reuse\r\n");
}

TEST_CASE("imap session: eight searches are kept up to date, one more is refused") {
    imap_house house;
    fill(house);
    std::string input;
    for (char tag = 'a'; tag <= 'i'; ++tag)
        input += std::string(1, tag) + " SEARCH RETURN (UPDATE COUNT) SEEN\r\n";
    const auto said = house.in_inbox(input);
    CHECK(said.find("NOUPDATE") == said.rfind("NOUPDATE"));
    CHECK(said.ends_with(
        "* ESEARCH (TAG \"i\") COUNT 0\r\n* NO [NOUPDATE \"i\"] Too many searches are "
        "kept up to date\r\ni OK Searched\r\n"));
}
