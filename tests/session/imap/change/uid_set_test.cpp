// B04: sets of UIDs and sequence numbers in whole sessions.
#include "tests/support/test_imap.hpp"

#include <doctest/doctest.h>

using namespace hauspost;
using test::imap_client;
using test::imap_server;

namespace {

/// 12,000 ranges, all within a command line: the odd numbers up to 1999, twelve times, each second
/// time from the last to the first.
std::string many_ranges() {
    std::string set;
    for (int round = 0; round < 12; ++round)
        for (int n = 1; n < 2'000; n += 2)
            set += std::to_string(round % 2 == 0 ? n : 2'000 - n) + ',';
    set.pop_back();
    return set;
}

/// "1,3,5": the odd numbers below.
std::string odd_below(int end) {
    std::string set = "1";
    for (int n = 3; n < end; n += 2)
        set += ',' + std::to_string(n);
    return set;
}

/// A line for each odd number below, from the first to the last or the other way round.
template <class Line>
std::string lines(int end, bool descending, Line line) {
    std::string all;
    for (int n = 1; n < end; n += 2)
        all += line(std::to_string(descending ? end - n : n));
    return all;
}

const auto expunge = [](const std::string& n) { return "* " + n + " EXPUNGE\r\n"; };

}  // namespace

TEST_CASE("imap session: B04 UID commands with all UIDs there can be") {
    imap_server server;
    server.parts.fill(3);
    imap_client ann(server);
    ann.command("SELECT INBOX");
    CHECK(ann.command("UID COPY 1:4294967295 Archive") == "t OK [COPYUID V 1:3 1:3] Copied\r\n");
    CHECK(ann.command("UID STORE 2:4294967295 +FLAGS (\\Deleted)") ==
          "* 2 FETCH (UID 2 FLAGS (\\Deleted))\r\n* 3 FETCH (UID 3 FLAGS (\\Deleted))\r\n"
          "t OK Stored\r\n");
    CHECK(ann.command("UID STORE 4:4294967295 +FLAGS (\\Deleted)") == "t OK Stored\r\n");
    CHECK(ann.command("UID EXPUNGE 4294967295:3") == "* 3 EXPUNGE\r\nt OK Expunged\r\n");
    CHECK(ann.command("UID EXPUNGE 1:4294967295") == "* 2 EXPUNGE\r\nt OK Expunged\r\n");
    CHECK(ann.command("UID MOVE 1:4294967295 Trash") ==
          "* OK [COPYUID V 1 1] Moved\r\n* 1 EXPUNGE\r\nt OK Done\r\n");
    CHECK(ann.command("UID MOVE 1:4294967295 Trash") == "t OK Nothing to do\r\n");
    CHECK(ann.command("UID COPY 1:4294967296 Trash").starts_with("t BAD "));
    CHECK(ann.command("UID COPY 0:1 Trash").starts_with("t BAD "));
}

TEST_CASE("imap session: B04 12,000 ranges in one set, through each command that takes one") {
    imap_server server;
    server.parts.fill(250);
    server.parts.copy_all(3);
    imap_client ann(server);
    ann.command("SELECT INBOX");
    const auto set = many_ranges();
    const auto odd = odd_below(2'000);
    CHECK(ann.command("COPY " + set + " Archive") ==
          "t OK [COPYUID V " + odd + " 1:1000] Copied\r\n");
    CHECK(ann.command("UID COPY " + set + " Archive") ==
          "t OK [COPYUID V " + odd + " 1001:2000] Copied\r\n");
    const auto flagged = [](const std::string& n) {
        return "* " + n + " FETCH (UID " + n + " FLAGS (\\Deleted))\r\n";
    };
    CHECK(ann.command("UID STORE " + set + " +FLAGS (\\Deleted)") ==
          lines(2'000, false, flagged) + "t OK Stored\r\n");
    CHECK(ann.command("STORE " + set + " -FLAGS.SILENT (\\Seen)") == "t OK Stored\r\n");
    CHECK(ann.command("UID SEARCH RETURN (COUNT) UID " + set).find(" COUNT 1000\r\n") !=
          std::string::npos);
    CHECK(ann.command("UID FETCH " + set + " (FLAGS)") ==
          lines(2'000, false, flagged) + "t OK Fetched\r\n");
    CHECK(ann.command("UID EXPUNGE " + set) == lines(2'000, true, expunge) + "t OK Expunged\r\n");
    CHECK(ann.command("UID MOVE " + set + " Archive") == "t OK Nothing to do\r\n");
    ann.command("SELECT Archive");
    CHECK(ann.command("UID MOVE " + set + " Trash") ==
          "* OK [COPYUID V " + odd + " 1:1000] Moved\r\n" + lines(2'000, true, expunge) +
              "t OK Done\r\n");
    CHECK(server.parts.store().keeper.check().findings.empty());
}
