#include "tests/support/test_imap.hpp"

#include <doctest/doctest.h>

using namespace hauspost;
using test::imap_server;

TEST_CASE("imap session: NOOP, NAMESPACE, ENABLE and ID") {
    imap_server server;
    CHECK(server.as_ann("a NOOP\r\nb NAMESPACE\r\nc ENABLE CONDSTORE X-NO-SUCH\r\n"
                        "d ID (\"name\" \"test\" \"version\" NIL)\r\ne ID NIL\r\n") ==
          "a OK Done\r\n"
          "* NAMESPACE ((\"\" \"/\")) ((\"Shared/\" \"/\")) NIL\r\nb OK Done\r\n"
          "* ENABLED CONDSTORE\r\nc OK Done\r\n"
          "* ID (\"name\" \"Hauspost\")\r\nd OK Done\r\n"
          "* ID (\"name\" \"Hauspost\")\r\ne OK Done\r\n");
}

TEST_CASE("imap session: B17 an ID with thirty fields is borne, with one more refused") {
    imap_server server;
    const auto id = [](int fields) {
        std::string text = "a ID (";
        for (int n = 0; n < fields; ++n)
            text += (n ? " \"f" : "\"f") + std::to_string(n) + "\" \"v\"";
        return text + ")\r\n";
    };
    CHECK(server.as_ann(id(30)).ends_with("a OK Done\r\n"));
    CHECK(server.as_ann(id(31)).find("a OK") == std::string::npos);
    CHECK(server.as_ann(id(5000) + "b NOOP\r\n").ends_with("b OK Done\r\n"));
}

TEST_CASE("imap session: B12 ten thousand pipelined commands are answered in order") {
    imap_server server;
    std::string input, expected;
    for (int n = 0; n < 10'000; ++n) {
        input += "t" + std::to_string(n) + " NOOP\r\n";
        expected += "t" + std::to_string(n) + " OK Done\r\n";
    }
    CHECK(server.as_ann(input) == expected);
}

TEST_CASE("imap session: answers of pipelined commands leave together") {
    imap_server server;
    test::memory_stream peer("L LOGIN ann@a.example pw\r\na NOOP\r\nb NOOP\r\nc NOOP\r\n");
    server.talk(peer);
    CHECK(peer.writes() == 2);  // the greeting, then all the rest
}

TEST_CASE("imap session: B01 hostile literals are refused and never taken for commands") {
    imap_server server;
    CHECK(server.talk("a LOGIN {4294967295}\r\nb NOOP\r\n").find("b OK Done") != std::string::npos);
    CHECK(server.talk("a LOGIN {18446744073709551616}\r\n").find("a BAD") != std::string::npos);
    const auto too_long =
        server.talk("a LOGIN {5000+}\r\n" + std::string(5000, 'x') + " pw\r\nb NOOP\r\n");
    CHECK(too_long.find("a OK") == std::string::npos);
    CHECK(too_long.find("b OK Done") != std::string::npos);
    const auto endless = server.talk("a LOGIN {99999999+}\r\nb NOOP\r\n");
    CHECK(endless.find("* BYE") != std::string::npos);
    CHECK(endless.find("b OK") == std::string::npos);
}

TEST_CASE("imap session: B02 octets behind a refused non-synchronising literal are swallowed") {
    imap_server server;
    const auto said = server.as_ann("a FROBNICATE {10+}\r\nx LOGOUT\r\n\r\nb NOOP\r\n");
    CHECK(said.find("x OK") == std::string::npos);
    CHECK(said.find("b OK Done\r\n") != std::string::npos);
}

TEST_CASE("imap session: B03 endless parentheses are refused") {
    imap_server server;
    const auto said = server.in_inbox("a SEARCH " + std::string(60'000, '(') + "\r\nb NOOP\r\n");
    CHECK(said.find("a NO [LIMIT]") != std::string::npos);
    CHECK(said.find("b OK Done\r\n") != std::string::npos);
}

TEST_CASE("imap session: an empty line and a bare tag are bad commands") {
    imap_server server;
    const auto said = server.as_ann("\r\na\r\nb NOOP\r\n");
    CHECK(said.find("a BAD") != std::string::npos);
    CHECK(said.find("b OK Done\r\n") != std::string::npos);
}
