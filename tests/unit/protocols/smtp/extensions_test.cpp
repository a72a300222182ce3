#include "protocols/smtp/extensions.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace hauspost::smtp;

TEST_CASE("extensions: STARTTLS, BINARYMIME, AUTH, DSN and LIMITS are said only where they hold") {
    extensions offered;
    offered.max_message_octets = 52'428'800;
    offered.start_tls = true;
    offered.binary_mime = true;
    offered.auth = "PLAIN LOGIN";
    offered.dsn = true;
    offered.max_messages = 100;
    offered.max_recipients = 1000;
    CHECK(to_lines(offered) ==
          std::vector<std::string>{"PIPELINING", "SIZE 52428800", "8BITMIME", "SMTPUTF8",
                                   "ENHANCEDSTATUSCODES", "STARTTLS", "CHUNKING", "BINARYMIME",
                                   "AUTH PLAIN LOGIN", "DSN", "LIMITS MAILMAX=100 RCPTMAX=1000"});
    CHECK(to_lines(extensions()) == std::vector<std::string>{"PIPELINING", "SIZE 0", "8BITMIME",
                                                             "SMTPUTF8", "ENHANCEDSTATUSCODES",
                                                             "CHUNKING"});
}

TEST_CASE("extensions: REQUIRETLS and FUTURERELEASE, with how far in seconds and as a time") {
    extensions offered;
    offered.require_tls = true;
    offered.max_hold_seconds = 3600;
    offered.max_hold_until = 1'795'976'400;
    const auto lines = to_lines(offered);
    REQUIRE(lines.size() == 8);
    CHECK(lines[6] == "REQUIRETLS");
    CHECK(lines[7] == "FUTURERELEASE 3600 2026-11-29T18:20:00Z");
}
