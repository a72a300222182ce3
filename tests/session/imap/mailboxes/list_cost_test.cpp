// LIST costs little whatever its patterns are, and has an end.
#include "tests/support/test_imap.hpp"

#include <doctest/doctest.h>

using namespace hauspost;
using test::imap_server;

TEST_CASE("imap session: B06 a LIST that takes too long ends with NO") {
    imap_server server;
    server.config.search_timeout = std::chrono::milliseconds(-1);
    for (const std::string command :
         {"LIST \"\" *", "LIST \"\" (a* b*) RETURN (STATUS (MESSAGES))"}) {
        const auto said = server.as_ann("a " + command + "\r\nb NOOP\r\n");
        CHECK_MESSAGE(said.ends_with("a NO [LIMIT] The list takes too long\r\nb OK Done\r\n"),
                      said);
    }
}

TEST_CASE("imap session: B07 64 patterns made to explode, the same one often, list what matches") {
    imap_server server;
    std::string costly, patterns;
    for (int n = 0; n < 120; ++n)
        costly += "*a";
    for (int n = 0; n < 62; ++n)
        patterns += " " + costly + "*" + std::to_string(n % 31);
    const std::string name(250, 'a');
    CHECK(server.as_ann("a CREATE " + name + "\r\nb CREATE " + name + "17\r\nc LIST \"\" (Sent" +
                        patterns + " Sent)\r\n") ==
          "a OK Created\r\nb OK Created\r\n"
          "* LIST (\\HasNoChildren \\Sent) \"/\" Sent\r\n"
          "* LIST (\\HasNoChildren) \"/\" " +
              name + "17\r\nc OK Listed\r\n");
}
