// MULTISEARCH and INPROGRESS in whole sessions.
#include "tests/support/test_imap.hpp"

#include <doctest/doctest.h>

using namespace hauspost;
using test::imap_client;
using test::imap_server;

namespace {

void fill(imap_server& server) {
    server.as_ann("a CREATE a/b/c\r\nb CREATE z\r\nc SUBSCRIBE z\r\nd CREATE empty\r\n");
    server.parts.put("Subject: x\r\n\r\nneedle\r\n");
    for (const auto* box : {"a", "a/b", "a/b/c", "z"}) {
        server.parts.put("Subject: x\r\n\r\nother\r\n", 0, {}, box);
        server.parts.put("Subject: x\r\n\r\nneedle\r\n", mail::flags::flagged, {}, box);
    }
}

/// "a 2; a/b 2; ": the mailboxes that answers speak of and what was found in each.
std::string found(imap_server& server, const std::string& sources) {
    auto said = server.as_ann("x ESEARCH IN (" + sources + ") FLAGGED\r\n");
    std::string text;
    for (std::size_t at = 0; (at = said.find(" MAILBOX ", at)) != said.npos; ++at) {
        const auto start = at + 9;
        const auto all = said.find(" ALL ", at);
        text += said.substr(start, said.find(' ', start) - start) + " " +
                said.substr(all + 5, said.find("\r\n", all) - all - 5) + "; ";
    }
    return said.ends_with("x OK Searched\r\n") ? text : said;
}

}  // namespace

TEST_CASE("imap session: ESEARCH tells each mailbox with its own correlator") {
    imap_server server;
    fill(server);
    CHECK(server.as_ann("x ESEARCH IN (mailboxes (INBOX z empty none)) RETURN (COUNT MIN) BODY "
                        "needle\r\n") ==
          "* ESEARCH (TAG \"x\" MAILBOX INBOX UIDVALIDITY V) UID MIN 1 COUNT 1\r\n"
          "* ESEARCH (TAG \"x\" MAILBOX z UIDVALIDITY V) UID MIN 2 COUNT 1\r\nx OK Searched\r\n");
}

TEST_CASE("imap session: ESEARCH knows sets of mailboxes by name") {
    imap_server server;
    fill(server);
    CHECK(found(server, "subtree a") == "a 2; a/b 2; a/b/c 2; ");
    CHECK(found(server, "subtree-one a") == "a 2; a/b 2; ");
    CHECK(found(server, "subtree-one (a/b z)") == "a/b 2; a/b/c 2; z 2; ");
    CHECK(found(server, "personal") == "a 2; a/b 2; a/b/c 2; z 2; ");
    CHECK(found(server, "subscribed") == "z 2; ");
    CHECK(found(server, "inboxes") == "");
    CHECK(found(server, "mailboxes z subtree z personal mailboxes z") ==
          "a 2; a/b 2; a/b/c 2; z 2; ");
    CHECK(found(server, "mailboxes none") == "");
}

TEST_CASE("imap session: ESEARCH without sources, or in the selected mailbox alone") {
    imap_server server;
    fill(server);
    CHECK(server.in_inbox("a ESEARCH 1\r\nb ESEARCH IN (selected) RETURN (SAVE COUNT) UID 1\r\n"
                          "c SEARCH $\r\nd ESEARCH RETURN (ALL) FLAGGED\r\n"
                          "e ESEARCH IN (selected mailboxes z) RETURN () BODY needle\r\n") ==
          "* ESEARCH (TAG \"a\" MAILBOX INBOX UIDVALIDITY V) UID ALL 1\r\na OK Searched\r\n"
          "* ESEARCH (TAG \"b\" MAILBOX INBOX UIDVALIDITY V) UID COUNT 1\r\nb OK Searched\r\n"
          "* SEARCH 1\r\nc OK Searched\r\n"
          "d OK Searched\r\n"
          "* ESEARCH (TAG \"e\" MAILBOX INBOX UIDVALIDITY V) UID ALL 1\r\n"
          "* ESEARCH (TAG \"e\" MAILBOX z UIDVALIDITY V) UID ALL 2\r\ne OK Searched\r\n");
}

TEST_CASE("imap session: ESEARCH refuses what has no meaning outside the selected mailbox") {
    imap_server server;
    fill(server);
    CHECK(server.as_ann("a ESEARCH ALL\r\nb ESEARCH IN (personal) 1:3\r\n"
                        "c ESEARCH IN (personal) RETURN (SAVE) ALL\r\n"
                        "d ESEARCH IN (personal) $\r\ne ESEARCH IN (mars) ALL\r\n"
                        "f ESEARCH IN (mailboxes z) RETURN (UPDATE COUNT) FLAGGED\r\n") ==
          "a BAD No mailbox is selected\r\n"
          "b BAD message numbers and $ belong to the selected mailbox alone\r\n"
          "c BAD only a result of the selected mailbox can be saved\r\n"
          "d BAD message numbers and $ belong to the selected mailbox alone\r\n"
          "e BAD this source of a search is not known\r\n"
          "* NO [NOUPDATE \"f\"] ESEARCH does not send updates\r\n"
          "* ESEARCH (TAG \"f\" MAILBOX z UIDVALIDITY V) UID COUNT 1\r\nf OK Searched\r\n");
}

TEST_CASE("imap session: B06 an ESEARCH over many mailboxes has one time limit") {
    imap_server server;
    fill(server);
    server.config.search_timeout = std::chrono::milliseconds(-1);
    CHECK(server.as_ann("x ESEARCH IN (personal) ALL\r\n") ==
          "x NO [LIMIT] The search takes too long\r\n");
}

TEST_CASE("imap session: long searches and sorts say how far they are (RFC 9585)") {
    imap_server server;
    server.parts.fill(10);
    server.config.progress_interval = std::chrono::milliseconds(0);
    for (const auto* command :
         {"SEARCH BODY nix", "SORT (DATE) UTF-8 ALL", "THREAD REFERENCES UTF-8 ALL"}) {
        const auto said = server.in_inbox("a " + std::string(command) + "\r\n");
        INFO(said);
        CHECK(said.starts_with("* OK [INPROGRESS (\"a\" 10 10)] Still at it\r\n"));
    }
    server.config.progress_interval = std::chrono::hours(1);
    CHECK(server.in_inbox("a SEARCH BODY nix\r\n") == "* SEARCH\r\na OK Searched\r\n");
}
