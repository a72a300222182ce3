// RFC 3502 MULTIAPPEND, RFC 8508 REPLACE, RFC 4469 CATENATE.
#include "tests/support/test_imap.hpp"

#include <doctest/doctest.h>
#include <sys/stat.h>

#include <algorithm>

using namespace hauspost;
using test::imap_client;
using test::imap_server;
using test::memory_stream;

namespace {

const std::string message = "Subject: hello\r\n\r\nbody\r\n";  // 24 octets
const std::string two_parts =
    "Subject: two\r\n"
    "Content-Type: multipart/mixed; boundary=b\r\n"
    "\r\n"
    "--b\r\n\r\nfirst\r\n"
    "--b\r\n\r\nsecond\r\n"
    "--b--\r\n";

std::string count(imap_server& server, const std::string& mailbox = "INBOX") {
    const auto said = server.as_ann("a STATUS " + mailbox + " (MESSAGES)\r\n");
    const auto at = said.find("MESSAGES ");
    return said.substr(at + 9, said.find(')') - at - 9);
}

/// UIDVALIDITY of Ann's INBOX, which the fixtures hide.
std::string validity(imap_server& server) {
    memory_stream peer("L LOGIN ann@a.example pw\r\na STATUS INBOX (UIDVALIDITY)\r\n");
    server.talk(peer);
    const auto& said = peer.output();
    const auto at = said.find("(UIDVALIDITY ") + 13;
    return said.substr(at, said.find(')', at) - at);
}

std::string message_of(std::size_t octets, char filling) {
    std::string text = "Subject: " + std::string(1, filling) + "\r\n\r\n";
    return text + std::string(octets - text.size(), filling);
}

std::uint64_t disk_octets(const imap_server& server) {
    std::uint64_t octets = 0;
    const auto folder = server.index_folder().parent_path() / "blobs";
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
        struct stat info {};
        if (stat(entry.path().c_str(), &info) == 0 && entry.is_regular_file())
            octets += static_cast<std::uint64_t>(info.st_blocks) * 512;
    }
    return octets;
}

/// The session has taken all that was sent, and waits for more.
void wait_until_taken(imap_server& server, imap_client& client) {
    auto& peer = client.peer();
    test::run_until(server.parts.io,
                    [&] { return peer.unread_input().empty() && peer.is_waiting(); });
}

/// What one session holds at most while it appends all of them in one command.
struct held {
    std::uint64_t memory = 0, files = 0;
};

held append_slowly(imap_server& server, imap_client& client, const std::vector<std::string>& all) {
    held most;
    const auto look = [&] {
        const auto now = server.parts.store().keeper.figures();
        most.memory = std::max(most.memory, now.staged_memory_octets);
        most.files = std::max(most.files, now.staged_files);
    };
    client.send("a APPEND INBOX");
    for (const auto& one : all) {
        client.send(" {" + std::to_string(one.size()) + "+}\r\n");
        for (std::size_t at = 0; at < one.size(); at += 50'000) {
            client.send(std::string_view(one).substr(at, 50'000));
            wait_until_taken(server, client);
            look();
        }
    }
    return most;
}

const std::vector<std::string> many = [] {
    std::vector<std::string> all;
    for (int n = 0; n < 12; ++n)
        all.push_back(message_of(100'000, static_cast<char>('a' + n)));
    for (int n = 0; n < 12; ++n)
        all.push_back(message_of(20'000, static_cast<char>('A' + n)));
    return all;
}();

}  // namespace

TEST_CASE("imap session: H03 messages of one APPEND that wait hold no memory and no file each") {
    imap_server server;
    imap_client client(server);
    const auto most = append_slowly(server, client, many);
    CHECK(most.files <= 1);
    CHECK(most.memory <= std::uint64_t{3 * 64 * 1024});
    client.send("\r\n");
    client.wait_for("a OK");
    CHECK(server.parts.store().keeper.figures().staged_memory_octets == 0);
    for (std::size_t n = 0; n < many.size(); ++n)
        CHECK(server.in_inbox("a FETCH " + std::to_string(n + 1) + " BODY.PEEK[]\r\n")
                  .find(many[n]) != std::string::npos);
    CHECK(server.parts.store().keeper.check().findings.empty());
}

TEST_CASE("imap session: B14 an APPEND of many that ends without its end gives all room back") {
    imap_server server;
    server.parts.put(message);
    const auto before = disk_octets(server);
    const std::uint64_t edges = 32 * 4'096;  // of holes, and a page where the next message goes
    {
        imap_client client(server);
        append_slowly(server, client, many);
        CHECK(disk_octets(server) >= before + 1'200'000);
        SUBCASE("the client is gone") {}
        SUBCASE("a message is refused") {
            client.send(" {1+}\r\n");
            client.send(std::string(1, '\0'));
            wait_until_taken(server, client);
            server.parts.store().keeper.tidy();
            CHECK(disk_octets(server) <= before + edges);
        }
        SUBCASE("the command is refused at its end") {
            server.parts.set_quota(server.parts.ann, 1'000'000);
            client.send("\r\n");
            client.wait_for("a NO [OVERQUOTA]");
        }
    }
    server.parts.store().keeper.tidy();
    CHECK(disk_octets(server) <= before + edges);
    CHECK(server.parts.store().keeper.figures().staged_files == 0);
    CHECK(server.parts.store().keeper.check().findings.empty());
    CHECK(count(server) == "1");
}

TEST_CASE("imap session: H03 summaries of the messages of one APPEND have a limit together") {
    imap_server server;
    std::string recipients = "To: a@a.example";
    while (recipients.size() < 110'000)
        recipients += ",\r\n someone" + std::to_string(recipients.size()) + "@else.example";
    const auto one = recipients + "\r\n\r\nx\r\n";
    const auto literal = " {" + std::to_string(one.size()) + "+}\r\n" + one;
    CHECK(server.as_ann("a APPEND INBOX" + literal + literal + "\r\n") ==
          "a OK [APPENDUID V 1:2] Stored\r\n");
    std::string many_of_them = "a APPEND INBOX";
    for (int n = 0; n < 20; ++n)
        many_of_them += literal;
    CHECK(server.as_ann(many_of_them + "\r\nb NOOP\r\n") ==
          "a NO [LIMIT] The messages of this command are too complex together\r\nb OK Done\r\n");
    CHECK(count(server) == "2");
}

TEST_CASE("imap session: messages of one APPEND that cannot fit take no place on the disk") {
    imap_server server;
    server.parts.put(message);
    server.parts.set_quota(server.parts.ann, 150'000);
    const auto before = disk_octets(server);
    imap_client client(server);
    append_slowly(server, client, {many[0], many[1], many[2]});
    CHECK(disk_octets(server) <= before + 100'000 + 2 * 4'096);  // of the first one
    client.send("\r\n");
    client.wait_for("a NO [OVERQUOTA] The account is full");
    server.parts.store().keeper.tidy();
    CHECK(disk_octets(server) <= before + 2 * 4'096);
}

TEST_CASE("imap session: several messages in one APPEND, told with a set of UIDs (RFC 3502)") {
    imap_server server;
    CHECK(server.in_inbox("a APPEND INBOX (\\Seen) {24}\r\n" + message +
                          " (\\Flagged $A) \"05-Jan-1999 20:55:23 -0700\" {24+}\r\n" + message +
                          " {24}\r\n" + message + "\r\nb FETCH 1:3 (FLAGS BODY.PEEK[TEXT])\r\n") ==
          "+ Ready for the message\r\n+ Ready for the message\r\n"
          "* FLAGS (\\Seen \\Answered \\Flagged \\Deleted \\Draft $A)\r\n"
          "* OK [PERMANENTFLAGS (\\Seen \\Answered \\Flagged \\Deleted \\Draft $A \\*)] Flags are"
          " kept\r\n"
          "* 3 EXISTS\r\n* 3 RECENT\r\na OK [APPENDUID V 1:3] Stored\r\n"
          "* 1 FETCH (FLAGS (\\Recent \\Seen) BODY[TEXT] {6}\r\nbody\r\n)\r\n"
          "* 2 FETCH (FLAGS (\\Recent \\Flagged $A) BODY[TEXT] {6}\r\nbody\r\n)\r\n"
          "* 3 FETCH (FLAGS (\\Recent) BODY[TEXT] {6}\r\nbody\r\n)\r\n"
          "b OK Fetched\r\n");
}

TEST_CASE("imap session: B14 when the second of two messages is refused nothing is stored") {
    imap_server server;
    const std::string first = "a APPEND INBOX {24+}\r\n" + message;
    CHECK(
        server.as_ann(first + " {0}\r\n").starts_with("a NO [CANNOT] A message must not be empty"));
    CHECK(server.as_ann(first + " (\\Recent) {24+}\r\n" + message + "\r\nb NOOP\r\n")
              .ends_with("a BAD no client may set this system flag\r\nb OK Done\r\n"));
    CHECK(server.as_ann(first + " {3+}\r\na" + std::string(1, '\0') + "b\r\nb NOOP\r\n") ==
          "a NO [CANNOT] The message has NUL octets\r\nb OK Done\r\n");
    CHECK(server.as_ann(first + " {24+}\r\n" + message + " junk\r\n").starts_with("a BAD"));
    server.parts.set_quota(server.parts.ann, 40);
    CHECK(server.as_ann(first + " {24+}\r\n" + message + "\r\n") ==
          "a NO [OVERQUOTA] The account is full\r\n");
    CHECK(count(server) == "0");
    CHECK(server.parts.store().keeper.check().findings.empty());
}

TEST_CASE(
    "imap session: B14 an APPEND of two that is broken off stores nothing, wherever it is cut") {
    imap_server server;
    const auto input = "L LOGIN ann@a.example pw\r\na APPEND INBOX {24+}\r\n" + message +
                       " (\\Seen) {24+}\r\n" + message + "\r\n";
    for (std::size_t cut = 30; cut < input.size(); ++cut)
        server.talk(input.substr(0, cut));
    CHECK(count(server) == "0");
    CHECK(server.parts.store().keeper.check().findings.empty());
}

TEST_CASE("imap session: REPLACE brings one message and takes the other in one step (RFC 8508)") {
    imap_server server;
    server.parts.fill(3);
    CHECK(server.in_inbox("a REPLACE 2 INBOX (\\Draft) {24}\r\n" + message + "\r\n") ==
          "+ Ready for the message\r\n* OK [APPENDUID V 4] Replaced\r\n"
          "* 2 EXPUNGE\r\n* 3 EXISTS\r\n* 1 RECENT\r\na OK Done\r\n");
    CHECK(server.in_inbox("a UID REPLACE 3 Drafts {24+}\r\n" + message + "\r\n") ==
          "* OK [APPENDUID V 1] Replaced\r\n* 2 EXPUNGE\r\na OK Done\r\n");
    CHECK(count(server) == "2");
    CHECK(count(server, "Drafts") == "1");
}

TEST_CASE("imap session: REPLACE takes * for the last message (RFC 8508 4)") {
    imap_server server;
    const std::string message = "Subject: hello\r\n\r\nbody\r\n";
    for (const auto* with : {"REPLACE *", "UID REPLACE *"}) {
        const auto tried = [&] {
            return server.in_inbox("a " + std::string(with) + " INBOX {24+}\r\n" + message +
                                   "\r\n");
        };
        CAPTURE(with);
        CHECK(tried().find("a OK") == std::string::npos);
        server.parts.fill(2);
        CHECK(tried().ends_with("* 2 EXPUNGE\r\n* 2 EXISTS\r\n* 1 RECENT\r\na OK Done\r\n"));
        server.in_inbox("x STORE 1:* +FLAGS.SILENT (\\Deleted)\r\ny EXPUNGE\r\n");
    }
}

TEST_CASE("imap session: REPLACE of what is not there, or cannot be changed, stores nothing") {
    imap_server server;
    server.parts.fill(1);
    const auto with = [&](const std::string& command) {
        return server.in_inbox("a " + command + " {24+}\r\n" + message + "\r\n");
    };
    CHECK(with("REPLACE 2 INBOX") == "a BAD No message with that number\r\n");
    CHECK(with("UID REPLACE 7 INBOX") == "a NO [NONEXISTENT] No message with that UID\r\n");
    CHECK(with("REPLACE 1 Nowhere") == "a NO [TRYCREATE] No such mailbox\r\n");
    CHECK(server.as_ann("a REPLACE 1 INBOX {24+}\r\n" + message + "\r\n") ==
          "a BAD Command not allowed in this state\r\n");
    CHECK(server.as_ann("e EXAMINE INBOX\r\na REPLACE 1 INBOX {24+}\r\n" + message + "\r\n")
              .ends_with("a NO [READ-ONLY] The mailbox is opened read-only\r\n"));
    CHECK(count(server) == "1");
}

TEST_CASE("imap session: B12 REPLACE of a message that another session has just expunged") {
    imap_server server;
    server.parts.fill(2);
    imap_client one(server), two(server);
    one.command("SELECT INBOX");
    two.command("SELECT INBOX");
    two.command("STORE 1 +FLAGS.SILENT (\\Deleted)");
    two.command("EXPUNGE");
    CHECK(one.command("REPLACE 1 INBOX {24+}\r\n" + message) ==
          "* 1 EXPUNGE\r\nt NO [EXPUNGEISSUED] Some of the messages no longer exist\r\n");
    CHECK(count(server) == "1");
}

TEST_CASE("imap session: CATENATE of literals and of parts of stored messages (RFC 4469)") {
    imap_server server;
    server.parts.put(two_parts, 0, {}, "INBOX", "Delivered-To: ann@a.example\r\n");
    const auto said = server.in_inbox(
        "a APPEND INBOX (\\Seen) CATENATE (TEXT {12+}\r\nSubject: x\r\n"
        " URL \"/INBOX;UIDVALIDITY=" +
        validity(server) +
        "/;UID=1/;SECTION=HEADER.FIELDS%20(Delivered-To)\""
        " TEXT {0+}\r\n URL {26+}\r\n/INBOX/;UID=1/;SECTION=1.1 URL ;UID=1/;SECTION=2"
        " URL ;UID=1/;SECTION=2/;PARTIAL=1.3)\r\n"
        "b FETCH 2 BODY.PEEK[]\r\n");
    // "1.1" is no part of it.
    CHECK(said.find("a NO [BADURL \"/INBOX/;UID=1/;SECTION=1.1\"]") != std::string::npos);
    const auto good = server.in_inbox(
        "a APPEND INBOX CATENATE (TEXT {12}\r\nSubject: x\r\n"
        " URL \"/INBOX;UIDVALIDITY=" +
        validity(server) +
        "/;UID=1/;SECTION=HEADER.FIELDS%20(Delivered-To)\" URL {24}\r\n/INBOX/;UID=1/;SECTION=1"
        " URL ;UID=1/;SECTION=2 URL ;UID=1/;SECTION=2/;PARTIAL=1.3)\r\n"
        "b FETCH 2 BODY.PEEK[]\r\n");
    const std::string made = "Subject: x\r\nDelivered-To: ann@a.example\r\n\r\nfirstsecondeco";
    CHECK(good.find("a OK [APPENDUID V 2] Stored\r\n") != std::string::npos);
    CHECK(good.ends_with("* 2 FETCH (BODY[] {" + std::to_string(made.size()) + "}\r\n" + made +
                         ")\r\nb OK Fetched\r\n"));
}

TEST_CASE("imap session: CATENATE of a whole message alone, and two of them in one APPEND") {
    imap_server server;
    server.parts.put(message);
    CHECK(server.in_inbox("a APPEND INBOX CATENATE (URL /INBOX/;UID=1) (\\Seen) CATENATE (URL"
                          " /INBOX/;UID=1)\r\nb FETCH 2:3 (FLAGS RFC822.SIZE)\r\n") ==
          "* 3 EXISTS\r\n* 2 RECENT\r\na OK [APPENDUID V 2:3] Stored\r\n"
          "* 2 FETCH (FLAGS (\\Recent) RFC822.SIZE 24)\r\n"
          "* 3 FETCH (FLAGS (\\Recent \\Seen) RFC822.SIZE 24)\r\n"
          "b OK Fetched\r\n");
}

TEST_CASE(
    "imap session: B14 CATENATE of foreign and broken URLs stores nothing and fetches nothing") {
    imap_server server;
    server.parts.put(message);
    for (const std::string url : {"imap://b.example/INBOX/;UID=1", "//b.example/INBOX/;UID=1",
                                  "/INBOX/;UID=9", "/INBOX;UIDVALIDITY=1/;UID=1", "/Nowhere/;UID=1",
                                  "file:///etc/passwd", "/INBOX/;UID=1/;SECTION=9"}) {
        const auto said = server.in_inbox("a APPEND INBOX CATENATE (TEXT {2+}\r\nab URL \"" + url +
                                          "\" TEXT {10+}\r\nX LOGOUT\r\n)\r\nb NOOP\r\n");
        CHECK_MESSAGE(
            said == "a NO [BADURL \"" + url + "\"] Nothing stands at this URL\r\nb OK Done\r\n",
            url);
    }
    // Without a selected mailbox there is nothing to be relative to.
    CHECK(server.as_ann("a APPEND INBOX CATENATE (URL ;UID=1)\r\n").starts_with("a NO [BADURL"));
    CHECK(count(server) == "1");
}

TEST_CASE("imap session: B14 CATENATE at the size limit is stored, one octet more is TOOBIG") {
    imap_server server;
    server.parts.put(message);
    server.config.limits.append_octets = 30;
    const auto with = [&](int octets) {
        return server.in_inbox("a APPEND INBOX CATENATE (TEXT {" + std::to_string(octets) +
                               "+}\r\n" + std::string(static_cast<std::size_t>(octets), 'x') +
                               " URL /INBOX/;UID=1)\r\n");
    };
    CHECK(with(7) == "a NO [TOOBIG] The message is too large\r\n");
    CHECK(with(6).ends_with("a OK [APPENDUID V 2] Stored\r\n"));
    CHECK(server.in_inbox("a APPEND INBOX CATENATE (URL /INBOX/;UID=1 TEXT {7}\r\n") ==
          "a NO [TOOBIG] The message is too large\r\n");
}

TEST_CASE("imap session: CATENATE copies a large message whole, its octets cut anywhere") {
    imap_server server;
    std::string large = "Subject: large\r\n\r\n";
    for (int n = 0; large.size() < 500'000; ++n)
        large += "line " + std::to_string(n) + "\r\n";
    server.parts.put(large);
    memory_stream peer(
        "L LOGIN ann@a.example pw\r\na APPEND Drafts CATENATE (TEXT {6+}\r\nX: y\r\n"
        " URL /INBOX/;UID=1 TEXT {5+}\r\nend\r\n)\r\nb SELECT Drafts\r\n"
        "c FETCH 1 BODY.PEEK[]\r\n");
    peer.split_every(7);
    const auto said = server.talk(peer);
    const auto made = "X: y\r\n" + large + "end\r\n";
    CHECK(said.ends_with("{" + std::to_string(made.size()) + "}\r\n" + made +
                         ")\r\nc OK Fetched\r\n"));
}

TEST_CASE("imap session: B14 REPLACE and CATENATE that are broken off change nothing") {
    imap_server server;
    server.parts.put(message);
    const std::string text = " TEXT {6+}\r\nX: y\r\n", url = " URL /INBOX/;UID=1";
    for (const auto& command : {"REPLACE 1 INBOX (\\Seen) {24+}\r\n" + message,
                                "UID REPLACE 1 Drafts {24+}\r\n" + message,
                                "APPEND INBOX CATENATE (" + url.substr(1) + text + url + ")",
                                "REPLACE 1 INBOX CATENATE (" + text.substr(1) + url + text + ")"}) {
        const auto input = "L LOGIN ann@a.example pw\r\ns SELECT INBOX\r\na " + command + "\r\n";
        for (std::size_t cut = 30; cut < input.size(); ++cut)
            server.talk(input.substr(0, cut));
        CHECK_MESSAGE(
            server.in_inbox("a FETCH 1:* (UID FLAGS BODY.PEEK[])\r\n") ==
                "* 1 FETCH (UID 1 FLAGS () BODY[] {24}\r\n" + message + ")\r\na OK Fetched\r\n",
            command);
        CHECK(count(server, "Drafts") == "0");
    }
    CHECK(server.parts.store().keeper.check().findings.empty());
}

TEST_CASE("imap session: B14 the messages of one APPEND together have a limit") {
    imap_server server;
    const auto two =
        "a APPEND INBOX {24+}\r\n" + message + " (\\Seen) {24+}\r\n" + message + "\r\n";
    const std::string refused =
        "a NO [LIMIT] The messages of this command are too large together\r\n";
    server.config.limits.append_command_octets = 47;
    CHECK(server.as_ann(two + "b NOOP\r\n") == refused + "b OK Done\r\n");
    CHECK(server.as_ann("a APPEND INBOX {24+}\r\n" + message + " {24}\r\nb NOOP\r\n") ==
          refused + "b OK Done\r\n");
    CHECK(count(server) == "0");
    server.config.limits.append_command_octets = 48;
    CHECK(server.as_ann(two) == "a OK [APPENDUID V 1:2] Stored\r\n");
    // What is copied counts as what is sent.
    const std::string copies =
        "a APPEND INBOX CATENATE (URL /INBOX/;UID=1) CATENATE (URL /INBOX/;UID=2";
    CHECK(server.as_ann(copies + ")\r\n") == "a OK [APPENDUID V 3:4] Stored\r\n");
    CHECK(server.as_ann(copies + " TEXT {1+}\r\nx)\r\n") == refused);
    CHECK(server.as_ann("a APPEND INBOX CATENATE (URL /INBOX/;UID=1) CATENATE (TEXT {1+}\r\nx URL"
                        " /INBOX/;UID=2)\r\n") == refused);
    server.config.limits.append_command_octets = 0;
    CHECK(server.as_ann(copies + " TEXT {1+}\r\nx)\r\n") == "a OK [APPENDUID V 5:6] Stored\r\n");
    CHECK(count(server) == "6");
    CHECK(server.parts.store().keeper.check().findings.empty());
}
