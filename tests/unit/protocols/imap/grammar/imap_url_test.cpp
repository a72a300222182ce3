#include "protocols/imap/grammar/imap_url.hpp"

#include <doctest/doctest.h>

using namespace hauspost::imap;
using numbers = std::vector<std::uint32_t>;

TEST_CASE("IMAP URL: a message of a mailbox, whole or in part (RFC 5092)") {
    auto url = parse_imap_url("/INBOX;UIDVALIDITY=785799047/;UID=113330/;SECTION=1.5.9");
    REQUIRE(url);
    CHECK(url->mailbox == "INBOX");
    CHECK(url->uid_validity == 785'799'047);
    CHECK(url->uid == 113'330);
    CHECK(url->section.part == numbers{1, 5, 9});
    CHECK_FALSE(url->partial);
    url = parse_imap_url("/Drafts/;UID=20");
    REQUIRE(url);
    CHECK(url->mailbox == "Drafts");
    CHECK_FALSE(url->uid_validity);
    CHECK(url->section == section{});
    url = parse_imap_url("/a/b/;uid=1/;section=HEADER/;partial=10.20");
    REQUIRE(url);
    CHECK(url->mailbox == "a/b");
    CHECK(url->section.what == section::kind::header);
    CHECK(url->partial == partial{10, 20});
    url = parse_imap_url("/x/;UID=1/;PARTIAL=7");
    REQUIRE(url);
    CHECK(url->partial == partial{7, UINT32_MAX});
}

TEST_CASE("IMAP URL: relative to the selected mailbox") {
    for (const auto* text : {";UID=20/;SECTION=1.2", "/;UID=20/;SECTION=1.2"}) {
        const auto url = parse_imap_url(text);
        REQUIRE(url);
        CHECK(url->mailbox.empty());
        CHECK(url->uid == 20);
        CHECK(url->section.part == numbers{1, 2});
    }
}

TEST_CASE("IMAP URL: names and sections are escaped UTF-8") {
    auto url = parse_imap_url("/Entw%C3%BCrfe%20alt/;UID=3");
    REQUIRE(url);
    CHECK(url->mailbox == "Entw\xc3\xbcrfe alt");
    url = parse_imap_url("/inbox/;UID=3/;SECTION=HEADER.FIELDS%20(Subject%20From)");
    REQUIRE(url);
    CHECK(url->mailbox == "INBOX");
    CHECK(url->section.fields == std::vector<std::string>{"Subject", "From"});
}

TEST_CASE("IMAP URL: foreign, broken or over-clever ones are none (B14)") {
    for (const auto* text : {"",
                             "/",
                             "//",
                             "imap://a.example/INBOX/;UID=1",
                             "//a.example/INBOX/;UID=1",
                             "imap://user;AUTH=*@a.example/x/;UID=1",
                             "file:///etc/passwd",
                             "http://a.example/",
                             "INBOX/;UID=1",
                             "/INBOX",
                             "/INBOX/;UID=0",
                             "/INBOX/;UID=01x",
                             "/INBOX/;UID=",
                             "/INBOX/;UID=4294967296",
                             "/INBOX/;UID=1:2",
                             "/INBOX;UIDVALIDITY=/;UID=1",
                             "/INBOX;UIDVALIDITY=0/;UID=1",
                             "/INBOX;X=1/;UID=1",
                             "/INBOX/;UID=1/;SECTION=",
                             "/INBOX/;UID=1/;SECTION=BODY",
                             "/INBOX/;UID=1/;SECTION=1]",
                             "/INBOX/;UID=1/;SECTION=1/;PARTIAL=",
                             "/INBOX/;UID=1/;PARTIAL=1.0",
                             "/INBOX/;UID=1/;PARTIAL=1.2/;SECTION=1",
                             "/INBOX/;UID=1;EXPIRE=2006-06-01T00:00:00Z",
                             "/INBOX/;UID=1;URLAUTH=anonymous:INTERNAL:91354a47",
                             "/INBOX/;UID=1/;SECTION=1;URLAUTH=user+x:internal:9",
                             "/IN%4/;UID=1",
                             "/IN%zzBOX/;UID=1",
                             "/IN%00/;UID=1",
                             "/IN%0d%0a/;UID=1",
                             "/IN BOX/;UID=1",
                             "/%ff/;UID=1",
                             "/INBOX?SUBJECT%20x/;UID=1"})
        CHECK_MESSAGE(!parse_imap_url(text), text);
}

TEST_CASE("IMAP URL: each beginning of one is read or refused, never misread") {
    const std::string whole = "/INBOX;UIDVALIDITY=3/;UID=77/;SECTION=1.2/;PARTIAL=0.10";
    for (std::size_t cut = 0; cut < whole.size(); ++cut) {
        const auto url = parse_imap_url(whole.substr(0, cut));
        if (!url) continue;
        CHECK(url->mailbox == "INBOX");
        CHECK((url->uid == 7 || url->uid == 77));
    }
}

TEST_CASE("IMAP URL: in a response code it cannot end the code or forge a line (B19)") {
    CHECK(url_for_response("/a;UID=1") == "/a;UID=1");
    CHECK(url_for_response("x]\r\n* BYE \"\\\xc3") == "x%5D%0D%0A*%20BYE%20%22%5C%C3");
}
