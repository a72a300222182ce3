#include "protocols/message/author.hpp"

#include <doctest/doctest.h>

using hauspost::message::author_domain;

TEST_CASE("author domain: that of the first address in From, in A-labels") {
    CHECK(author_domain("From: Ann <ann@A.Example>\r\n\r\nFrom: eve@b.example\r\n") == "a.example");
    CHECK(author_domain("To: x@b.example\r\nfrom:\r\n ann@m\xc3\xbcller.example,\r\n"
                        " bob@b.example\r\n\r\n") == "xn--mller-kva.example");
    CHECK(author_domain("From: Team: ann@a.example, bob@b.example;\r\n") == "a.example");
}

TEST_CASE("author domain: a message of nobody, or of somebody else for other readers, has none") {
    CHECK(author_domain("To: ann@a.example\r\nSender: ann@a.example\r\n\r\n") == "");
    CHECK(author_domain("From: ann@a.example\r\nSubject: x\r\nFROM: eve@b.example\r\n\r\n") == "");
    CHECK(author_domain("From: ann\r\n\r\n") == "");
    CHECK(author_domain("From: <ann@[192.0.2.1]>\r\n\r\n") == "");
    CHECK(author_domain("From: nobody:;\r\n\r\n") == "");
    CHECK(author_domain("") == "");
}
