// QUOTA (RFC 9208): what is told, and that each way in stops at the same octet.
#include "storage/delivery_store.hpp"
#include "tests/support/test_imap.hpp"

#include <doctest/doctest.h>

using namespace hauspost;
using test::imap_server;

namespace {

/// 20 octets.
constexpr const char* message = "Subject: hello\r\n\r\n..";

std::string append(std::string_view text) {
    return "APPEND INBOX {" + std::to_string(text.size()) + "+}\r\n" + std::string(text) + "\r\n";
}

error_code deliver(imap_server& server, account_id to, std::string_view text) {
    storage::delivery_request request;
    request.blob = server.parts.store().blobs.stage();
    if (server.parts.wait(request.blob->write(text)) || server.parts.wait(request.blob->finish()))
        FAIL("stage");
    request.local.push_back({to, ""});
    return server.parts.wait(server.parts.store().delivery.deliver(std::move(request)));
}

}  // namespace

TEST_CASE("imap quota: one root for all mailboxes, units of 1024 octets rounded up") {
    imap_server server;
    server.parts.set_quota(server.parts.ann, 10 * 1024 + 1);
    server.parts.put(std::string(1025, 'x'));
    CHECK(server.as_ann("a GETQUOTAROOT inbox\r\nb GETQUOTA \"\"\r\nc GETQUOTAROOT Sent\r\n") ==
          "* QUOTAROOT INBOX \"\"\r\n* QUOTA \"\" (STORAGE 2 11)\r\na OK Done\r\n"
          "* QUOTA \"\" (STORAGE 2 11)\r\nb OK Done\r\n"
          "* QUOTAROOT Sent \"\"\r\n* QUOTA \"\" (STORAGE 2 11)\r\nc OK Done\r\n");
}

TEST_CASE("imap quota: a full account is told as exactly full") {
    imap_server server;
    server.parts.set_quota(server.parts.ann, 1500);
    server.parts.put(std::string(1500, 'x'));
    CHECK(server.as_ann("a GETQUOTA \"\"\r\n") == "* QUOTA \"\" (STORAGE 2 2)\r\na OK Done\r\n");
}

TEST_CASE("imap quota: an account without a limit has no root") {
    imap_server server;
    CHECK(server.as_ann("a GETQUOTAROOT INBOX\r\nb GETQUOTA \"\"\r\n") ==
          "* QUOTAROOT INBOX\r\na OK Done\r\nb NO [NONEXISTENT] No such quota root\r\n");
}

TEST_CASE("imap quota: other roots and mailboxes are not there, and nobody sets a quota") {
    imap_server server;
    server.parts.set_quota(server.parts.ann, 1024);
    CHECK(server.as_ann("a GETQUOTA other\r\nb GETQUOTAROOT Nowhere\r\n"
                        "c SETQUOTA \"\" (STORAGE 4096)\r\nd GETQUOTA \"\"\r\n") ==
          "a NO [NONEXISTENT] No such quota root\r\n"
          "b NO [NONEXISTENT] No such mailbox\r\n"
          "c NO [NOPERM] Only the owner of the server sets quotas\r\n"
          "* QUOTA \"\" (STORAGE 0 1)\r\nd OK Done\r\n");
}

TEST_CASE("imap quota: B14 a full account takes nothing more, whichever way it comes") {
    imap_server server;
    server.parts.set_quota(server.parts.ann, 40);
    server.parts.put(message);
    // To exactly the limit ...
    CHECK(server.as_ann("a " + append(message)).starts_with("a OK [APPENDUID"));
    // ... and from there not one octet.
    CHECK(server.in_inbox("a " + append("x") + "b COPY 1 Sent\r\n") ==
          "a NO [OVERQUOTA] The account is full\r\nb NO [OVERQUOTA] The account is full\r\n");
    CHECK(deliver(server, server.parts.ann, "x") == storage::errc::over_quota);
    CHECK(server.parts.store().keeper.check().findings.empty());
    // MOVE, RENAME, CREATE and flags add no octets.
    CHECK(server.in_inbox("a MOVE 1 Sent\r\nb STORE 1 FLAGS (\\Seen)\r\nc CREATE New\r\n")
              .ends_with("c OK Created\r\n"));
    CHECK(server.as_ann("a GETQUOTA \"\"\r\n").starts_with("* QUOTA \"\" (STORAGE 1 1)"));
}

TEST_CASE("imap quota: B14 one octet below the limit is room for one octet") {
    imap_server server;
    server.parts.set_quota(server.parts.ann, 41);
    server.parts.put(message);
    server.parts.put(message);
    CHECK(server.in_inbox("a " + append("xy") + "b COPY 1 Sent\r\n") ==
          "a NO [OVERQUOTA] The account is full\r\nb NO [OVERQUOTA] The account is full\r\n");
    CHECK(server.as_ann("a " + append("x")).starts_with("a OK [APPENDUID"));
    CHECK(deliver(server, server.parts.ann, "x") == storage::errc::over_quota);
}

TEST_CASE("imap quota: STATUS tells how many messages EXPUNGE removes and how many octets") {
    imap_server server;
    server.parts.put(std::string(1000, 'x'), mail::flags::deleted);
    server.parts.put(std::string(10, 'x'));
    server.parts.put(std::string(200, 'x'), mail::flags::deleted);
    CHECK(server.as_ann("a STATUS INBOX (DELETED DELETED-STORAGE)\r\n"
                        "b STATUS Sent (DELETED DELETED-STORAGE)\r\n"
                        "c LIST \"\" INBOX RETURN (STATUS (DELETED-STORAGE))\r\n") ==
          "* STATUS INBOX (DELETED 2 DELETED-STORAGE 1200)\r\na OK Done\r\n"
          "* STATUS Sent (DELETED 0 DELETED-STORAGE 0)\r\nb OK Done\r\n"
          "* LIST (\\HasNoChildren) \"/\" INBOX\r\n"
          "* STATUS INBOX (DELETED-STORAGE 1200)\r\nc OK Listed\r\n");
}
