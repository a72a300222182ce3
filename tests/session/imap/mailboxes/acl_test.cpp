// ACL (RFC 4314), LIST-MYRIGHTS (RFC 8440): the lists themselves. What rights allow:
// shared_test.cpp.
#include "tests/support/test_imap.hpp"

#include <doctest/doctest.h>

using namespace hauspost;
using test::imap_client;
using test::imap_server;

TEST_CASE("imap acl: SETACL, GETACL, DELETEACL, MYRIGHTS and LISTRIGHTS of one's own mailbox") {
    imap_server server;
    server.parts.add_account("carl@a.example");
    CHECK(server.as_ann("a SETACL INBOX Bob@a.example lrs\r\n"
                        "b SETACL INBOX carl@a.example lrswikxtea\r\n"
                        "c SETACL INBOX anyone l\r\n"
                        "d GETACL inbox\r\n"
                        "e SETACL INBOX bob@a.example +d\r\n"
                        "f SETACL INBOX carl@a.example -ea\r\n"
                        "g DELETEACL INBOX anyone\r\n"
                        "h GETACL INBOX\r\n"
                        "i MYRIGHTS INBOX\r\n"
                        "j LISTRIGHTS INBOX Bob@a.example\r\n"
                        "k LISTRIGHTS INBOX ann@a.example\r\n") ==
          "a OK Rights are set\r\nb OK Rights are set\r\nc OK Rights are set\r\n"
          "* ACL INBOX ann@a.example lrswipkxteacd anyone l bob@a.example lrs"
          " carl@a.example lrswikxteacd\r\nd OK Done\r\n"
          "e OK Rights are set\r\nf OK Rights are set\r\ng OK Rights are removed\r\n"
          "* ACL INBOX ann@a.example lrswipkxteacd bob@a.example lrsted"
          " carl@a.example lrswikxtcd\r\nh OK Done\r\n"
          "* MYRIGHTS INBOX lrswipkxteacd\r\ni OK Done\r\n"
          "* LISTRIGHTS INBOX Bob@a.example \"\" l r s w i p k x t e a c d\r\nj OK Done\r\n"
          "* LISTRIGHTS INBOX ann@a.example lrswipkxteacd\r\nk OK Done\r\n");
}

TEST_CASE("imap acl: negative rights, the owner, and who has no account are refused") {
    imap_server server;
    CHECK(server.as_ann("a SETACL INBOX -bob@a.example l\r\n"
                        "b SETACL INBOX ann@a.example l\r\n"
                        "c DELETEACL INBOX ann@a.example\r\n"
                        "d SETACL INBOX nobody@a.example l\r\n"
                        "e SETACL Nowhere bob@a.example l\r\n"
                        "f GETACL Nowhere\r\n") ==
          "a NO [CANNOT] Negative rights are not offered\r\n"
          "b NO [CANNOT] The owner has all rights and keeps them\r\n"
          "c NO [CANNOT] The owner has all rights and keeps them\r\n"
          "d NO [CANNOT] No such account\r\n"
          "e NO [NONEXISTENT] No such mailbox\r\n"
          "f NO [NONEXISTENT] No such mailbox\r\n");
}

TEST_CASE("imap acl: only who has a may see and change the list of somebody else's mailbox") {
    imap_server server;
    server.parts.add_account("carl@a.example");
    imap_client ann(server), bob(server, "bob@a.example"), carl(server, "carl@a.example");
    const std::string box = "Shared/ann@a.example/Team";
    ann.command("CREATE Team");
    ann.command("SETACL Team bob@a.example lr");
    for (const auto* command : {"GETACL ", "LISTRIGHTS ", "SETACL ", "DELETEACL "}) {
        std::string rest = command[0] == 'G' ? "" : " carl@a.example";
        if (command[0] == 'S') rest += " l";
        CHECK(bob.command(command + box + rest) ==
              "t NO [NOPERM] You do not have the right to do that\r\n");
        CHECK(carl.command(command + box + rest) == "t NO [NONEXISTENT] No such mailbox\r\n");
    }
    ann.command("SETACL Team bob@a.example +a");
    CHECK(bob.command("SETACL " + box + " carl@a.example lr") == "t OK Rights are set\r\n");
    CHECK(bob.command("GETACL " + box) ==
          "* ACL " + box +
              " ann@a.example lrswipkxteacd bob@a.example lra carl@a.example lr\r\n"
              "t OK Done\r\n");
    CHECK(bob.command("SETACL " + box + " ann@a.example l").starts_with("t NO [CANNOT]"));
    CHECK(carl.command("MYRIGHTS " + box) == "* MYRIGHTS " + box + " lr\r\nt OK Done\r\n");
}

TEST_CASE("imap acl: LIST RETURN (MYRIGHTS), own and shared, nothing for mere parents") {
    imap_server server;
    imap_client ann(server), bob(server, "bob@a.example");
    ann.command("SETACL INBOX bob@a.example lrs");
    CHECK(bob.command("LIST \"\" (Sent Shared*) RETURN (MYRIGHTS STATUS (MESSAGES))") ==
          "* LIST (\\HasNoChildren \\Sent) \"/\" Sent\r\n* MYRIGHTS Sent lrswipkxteacd\r\n"
          "* STATUS Sent (MESSAGES 0)\r\n"
          "* LIST (\\Noselect \\HasChildren) \"/\" Shared\r\n"
          "* LIST (\\Noselect \\HasChildren) \"/\" Shared/ann@a.example\r\n"
          "* LIST (\\HasNoChildren) \"/\" Shared/ann@a.example/INBOX\r\n"
          "* MYRIGHTS Shared/ann@a.example/INBOX lrs\r\n"
          "* STATUS Shared/ann@a.example/INBOX (MESSAGES 0)\r\nt OK Listed\r\n");
}
