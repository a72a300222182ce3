// RFC 8474 OBJECTID, RFC 8970 PREVIEW, RFC 8514 SAVEDATE, RFC 7889 APPENDLIMIT.
#include "tests/support/test_imap.hpp"

#include <doctest/doctest.h>

using namespace hauspost;
using test::imap_server;
using test::memory_stream;

namespace {

const std::string first = "Message-ID: <1@a.example>\r\n\r\nfirst\r\n";
const std::string reply = "Message-ID: <2@a.example>\r\nReferences: <1@a.example>\r\n\r\nreply\r\n";
const std::string second_reply =
    "Message-ID: <3@a.example>\r\nReferences: <1@a.example> <2@a.example>\r\n\r\nagain\r\n";

/// All output, with the object ids.
std::string raw_talk(imap_server& server, const std::string& input) {
    memory_stream peer("L LOGIN ann@a.example pw\r\n" + input);
    server.talk(peer);
    return peer.output();
}

/// What stands in parentheses after `name`, the n-th time.
std::string id_after(const std::string& said, const std::string& name, unsigned n = 0) {
    auto at = said.find(name + " (");
    while (at != std::string::npos && n-- > 0)
        at = said.find(name + " (", at + 1);
    REQUIRE(at != std::string::npos);
    at += name.size() + 2;
    return said.substr(at, said.find(')', at) - at);
}

}  // namespace

TEST_CASE("imap session: a mailbox keeps its MAILBOXID under a new name (RFC 8474)") {
    imap_server server;
    const auto said = raw_talk(server,
                               "a CREATE Work\r\nb STATUS Work (MAILBOXID)\r\n"
                               "c RENAME Work Job\r\nd SELECT Job\r\ne STATUS INBOX (MAILBOXID)\r\n"
                               "f DELETE Job\r\ng CREATE Job\r\n");
    const auto made = id_after(said, "a OK [MAILBOXID");
    CHECK(id_after(said, "STATUS Work (MAILBOXID") == made);
    CHECK(id_after(said, "* OK [MAILBOXID") == made);
    CHECK(id_after(said, "STATUS INBOX (MAILBOXID") != made);
    // RFC 8474 4: never the same again.
    CHECK(id_after(said, "g OK [MAILBOXID") != made);
}

TEST_CASE("imap session: EMAILID is the same for copies and moved messages (RFC 8474)") {
    imap_server server;
    server.parts.put(first);
    server.parts.put(first);
    const auto said = raw_talk(server,
                               "a SELECT INBOX\r\nb FETCH 1:2 EMAILID\r\nc COPY 1 Drafts\r\n"
                               "d MOVE 2 Drafts\r\ne SELECT Drafts\r\nf FETCH 1:2 (EMAILID)\r\n");
    const auto id = id_after(said, "EMAILID");
    CHECK(id.size() == 17);
    CHECK(id.front() == 'M');
    CHECK(id_after(said, "EMAILID", 1) != id);
    CHECK(id_after(said, "EMAILID", 2) == id);
    CHECK(id_after(said, "EMAILID", 3) == id_after(said, "EMAILID", 1));
}

TEST_CASE("imap session: messages of one conversation share a THREADID (RFC 8474)") {
    imap_server server;
    server.parts.put(first);
    server.parts.put("Subject: alone\r\n\r\nno id\r\n");
    const auto said = raw_talk(
        server, "a APPEND INBOX {" + std::to_string(reply.size()) + "+}\r\n" + reply +
                    "\r\nb APPEND INBOX {" + std::to_string(second_reply.size()) + "+}\r\n" +
                    second_reply + "\r\nc SELECT INBOX\r\nd FETCH 1:4 (UID THREADID)\r\n");
    const auto thread = id_after(said, "THREADID");
    CHECK(thread.front() == 'T');
    CHECK(said.find("* 2 FETCH (UID 2 THREADID NIL)\r\n") != std::string::npos);
    CHECK(said.find("* 3 FETCH (UID 3 THREADID (" + thread + "))\r\n") != std::string::npos);
    CHECK(said.find("* 4 FETCH (UID 4 THREADID (" + thread + "))\r\n") != std::string::npos);
}

TEST_CASE("imap session: PREVIEW, LAZY or not, is the beginning of the text (RFC 8970)") {
    imap_server server;
    server.parts.put("Subject: x\r\n\r\nHello   there,\r\nit is \"me\".\r\n");
    server.parts.put(
        "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
        "Gr\xc3\xbc\xc3\x9f"
        "e\r\n");
    server.parts.put("Subject: empty\r\n\r\n");
    CHECK(server.in_inbox("a FETCH 1 PREVIEW\r\nb FETCH 1:3 (UID PREVIEW (LAZY))\r\n") ==
          "* 1 FETCH (PREVIEW \"Hello there, it is \\\"me\\\".\")\r\na OK Fetched\r\n"
          "* 1 FETCH (UID 1 PREVIEW \"Hello there, it is \\\"me\\\".\")\r\n"
          "* 2 FETCH (UID 2 PREVIEW {7}\r\nGr\xc3\xbc\xc3\x9f"
          "e)\r\n"
          "* 3 FETCH (UID 3 PREVIEW \"\")\r\n"
          "b OK Fetched\r\n");
    // RFC 8970 3: it does not set \\Seen.
    CHECK(server.in_inbox("a FETCH 1 FLAGS\r\n").starts_with("* 1 FETCH (FLAGS ())"));
}

TEST_CASE("imap session: SAVEDATE is when a message came into this mailbox (RFC 8514)") {
    imap_server server;
    server.parts.put(first);
    const auto said = server.in_inbox(
        "a FETCH 1 SAVEDATE\r\nb COPY 1 Drafts\r\nc SELECT Drafts\r\nd FETCH 1 (SAVEDATE)\r\n");
    CHECK(said.starts_with(
        "* 1 FETCH (SAVEDATE \"02-Jan-2026 03:04:05 +0000\")\r\na OK Fetched\r\n"));
    CHECK(
        said.ends_with("* 1 FETCH (SAVEDATE \"02-Jan-2026 03:04:05 +0000\")\r\nd OK Fetched\r\n"));
    server.parts.time.advance(std::chrono::hours(1));
    CHECK(
        server.in_inbox("a COPY 1 Sent\r\nb SELECT Sent\r\nc FETCH 1 SAVEDATE\r\n")
            .ends_with("* 1 FETCH (SAVEDATE \"02-Jan-2026 04:04:05 +0000\")\r\nc OK Fetched\r\n"));
}

TEST_CASE("imap session: APPENDLIMIT in CAPABILITY and STATUS is what APPEND takes (RFC 7889)") {
    imap_server server;
    server.config.limits.append_octets = 40;
    const auto said = raw_talk(server,
                               "a STATUS INBOX (APPENDLIMIT)\r\nb LIST \"\" INBOX RETURN (STATUS "
                               "(APPENDLIMIT MESSAGES))\r\n");
    CHECK(said.find(" APPENDLIMIT=40") != std::string::npos);
    CHECK(said.find("* STATUS INBOX (APPENDLIMIT 40)\r\n") != std::string::npos);
    CHECK(said.find("* STATUS INBOX (MESSAGES 0 APPENDLIMIT 40)\r\n") != std::string::npos);
}
