#include "tests/support/test_imap.hpp"

#include <doctest/doctest.h>

using namespace hauspost;
using test::imap_house;

namespace {

const std::string greeting =
    "* OK [CAPABILITY IMAP4rev1 LITERAL+ ID ENABLE IDLE SASL-IR AUTH=PLAIN AUTH=LOGIN]"
    " imap.a.example IMAP4rev1 ready\r\n";
const std::string logged_in =
    " OK [CAPABILITY IMAP4rev1 LITERAL+ ID ENABLE IDLE NAMESPACE CHILDREN UNSELECT UIDPLUS MOVE"
    " SPECIAL-USE CREATE-SPECIAL-USE LIST-EXTENDED LIST-STATUS STATUS=SIZE] Logged in\r\n";

}  // namespace

TEST_CASE("imap session: greeting, LOGIN and LOGOUT") {
    imap_house house;
    CHECK(house.talk("a LOGIN ann@a.example pw\r\nb LOGOUT\r\n") ==
          greeting + "a" + logged_in +
              "* BYE Until next time\r\n"
              "b OK Logged out\r\n");
}
