#include "tests/support/test_imap.hpp"

#include <doctest/doctest.h>

using namespace hauspost;
using test::imap_client;
using test::imap_server;

namespace {

void fill(imap_server& server) {
    server.parts.put(
        "From: Ann <ann@a.example>\r\nSubject: =?utf-8?q?Gr=C3=BC=C3=9Fe?=\r\n"
        "Date: Mon, 05 Jan 2026 10:00:00 +0000\r\n\r\nhello world\r\n",
        mail::flags::seen);
    server.parts.put(
        "From: Bob <bob@b.example>\r\nSubject: offer\r\n"
        "Content-Type: text/plain; charset=utf-8\r\n"
        "Content-Transfer-Encoding: base64\r\n\r\nU2Now7ZuZSBHcsO8w59l\r\n",  // Schöne Grüße
        mail::flags::flagged, {"$Work"});
    server.parts.put("Subject: third\r\n\r\n" + std::string(500, 'x') + "\r\n",
                     mail::flags::seen | mail::flags::answered);
}

}  // namespace

TEST_CASE("imap session: SEARCH by flags, keywords and sets") {
    imap_server server;
    fill(server);
    CHECK(server.in_inbox("a SEARCH ALL\r\nb SEARCH UNSEEN\r\nc SEARCH KEYWORD $work\r\n"
                          "d SEARCH 2:* SEEN\r\ne UID SEARCH OR FLAGGED ANSWERED\r\n"
                          "f SEARCH NOT SEEN NOT FLAGGED\r\ng SEARCH NEW\r\nh SEARCH OLD UID 3\r\n"
                          "i SEARCH UNKEYWORD $Work\r\nj SEARCH 9\r\n") ==
          "* SEARCH 1 2 3\r\na OK Searched\r\n"
          "* SEARCH 2\r\nb OK Searched\r\n"
          "* SEARCH 2\r\nc OK Searched\r\n"
          "* SEARCH 3\r\nd OK Searched\r\n"
          "* SEARCH 2 3\r\ne OK Searched\r\n"
          "* SEARCH\r\nf OK Searched\r\n"
          "* SEARCH\r\ng OK Searched\r\n"
          "* SEARCH 3\r\nh OK Searched\r\n"
          "* SEARCH 1 3\r\ni OK Searched\r\n"
          "* SEARCH\r\nj OK Searched\r\n");
}

TEST_CASE("imap session: SEARCH by dates and size") {
    imap_server server;
    fill(server);
    CHECK(server.in_inbox("a SEARCH ON 2-Jan-2026\r\nb SEARCH SINCE 3-Jan-2026\r\n"
                          "c SEARCH SENTON 5-Jan-2026\r\nd SEARCH LARGER 500\r\n"
                          "e SEARCH SMALLER 500 BEFORE 3-Jan-2026\r\n") ==
          "* SEARCH 1 2 3\r\na OK Searched\r\n"
          "* SEARCH\r\nb OK Searched\r\n"
          "* SEARCH 1\r\nc OK Searched\r\n"
          "* SEARCH 3\r\nd OK Searched\r\n"
          "* SEARCH 1 2\r\ne OK Searched\r\n");
}

TEST_CASE("imap session: SEARCH in headers and bodies sees decoded text without case") {
    imap_server server;
    fill(server);
    CHECK(server.in_inbox("a SEARCH FROM ANN\r\n"
                          "b SEARCH CHARSET UTF-8 SUBJECT \"gr\xc3\x9c\xc3\x9f\"\r\n"
                          "c SEARCH BODY WORLD\r\n"
                          "d SEARCH CHARSET UTF-8 BODY {8+}\r\nsch\xc3\xb6ne \r\n"
                          "e SEARCH CHARSET UTF-8 TEXT \"gr\xc3\xbc\xc3\x9f\"\r\n"
                          "f SEARCH HEADER Subject \"\"\r\n"
                          "g SEARCH HEADER X-None \"\"\r\n"
                          "h SEARCH OR BODY world SUBJECT third\r\n"
                          "i SEARCH CHARSET KLINGON TEXT a\r\n") ==
          "* SEARCH 1\r\na OK Searched\r\n"
          "* SEARCH 1\r\nb OK Searched\r\n"
          "* SEARCH 1\r\nc OK Searched\r\n"
          "* SEARCH 2\r\nd OK Searched\r\n"
          "* SEARCH 1 2\r\ne OK Searched\r\n"
          "* SEARCH 1 2 3\r\nf OK Searched\r\n"
          "* SEARCH\r\ng OK Searched\r\n"
          "* SEARCH 1 3\r\nh OK Searched\r\n"
          "i NO [BADCHARSET (US-ASCII UTF-8)] this charset is not known\r\n");
}

TEST_CASE("imap session: SEARCH FROM finds an address however it is written") {
    imap_server server;
    for (const auto* from :
         {"\"Ann Bee\" <ann@a.example>", "Ann Bee (work) <ann @ a.example>",
          "=?utf-8?q?Ann_Bee?=\r\n <\"ann\"@a.example>", "ann@a.example (Ann Bee)"})
        server.parts.put("From: " + std::string(from) + "\r\nBcc: Staff: " + from +
                         ";\r\n\r\nx\r\n");
    CHECK(server.in_inbox("a SEARCH FROM ann@a.example\r\nb SEARCH FROM \"Ann Bee <ann@\"\r\n"
                          "c SEARCH BCC \"bee <ANN@A\"\r\nd SEARCH BCC staff\r\n"
                          "e SEARCH FROM work\r\nf SEARCH HEADER From work\r\n"
                          "g SEARCH TO ann\r\n") ==
          "* SEARCH 1 2 3 4\r\na OK Searched\r\n"
          "* SEARCH 1 2 3 4\r\nb OK Searched\r\n"
          "* SEARCH 1 2 3 4\r\nc OK Searched\r\n"
          "* SEARCH 1 2 3 4\r\nd OK Searched\r\n"
          "* SEARCH\r\ne OK Searched\r\n"
          "* SEARCH 2\r\nf OK Searched\r\n"
          "* SEARCH\r\ng OK Searched\r\n");
}

TEST_CASE("imap session: a Date that is half valid, or the first second of 1970, is a date") {
    imap_server server;
    for (const auto* date : {"1 Jan 1970 00:00:00 +0000", "6 Jan 2026", "5 Jan 2026 25:99 +0000",
                             "5 Jan 2026 23:30:00 Pacific Daylight Time", "soon"})
        server.parts.put("Date: " + std::string(date) + "\r\n\r\nx\r\n");  // arrived on 2 Jan 2026
    CHECK(server.in_inbox("a SORT (DATE) UTF-8 ALL\r\nb SEARCH SENTON 5-Jan-2026\r\n"
                          "c SEARCH SENTON 1-Jan-1970\r\nd SEARCH SENTSINCE 6-Jan-2026\r\n") ==
          "* SORT 1 5 3 4 2\r\na OK Sorted\r\n"
          "* SEARCH 3 4\r\nb OK Searched\r\n"
          "* SEARCH 1\r\nc OK Searched\r\n"
          "* SEARCH 2\r\nd OK Searched\r\n");
}

TEST_CASE("imap session: SORT DATE tells the first second of 1970 from the next one") {
    imap_server server;
    for (const auto* time : {"00:00:01", "00:00:00"})
        server.parts.put("Date: 1 Jan 1970 " + std::string(time) + " +0000\r\n\r\nx\r\n");
    CHECK(server.in_inbox("a SORT (DATE) UTF-8 ALL\r\n") == "* SORT 2 1\r\na OK Sorted\r\n");
}

TEST_CASE("imap session: SEARCH HEADER looks for a field of that name and no other") {
    imap_server server;
    server.parts.put("From: Ann <ann@a.example>\r\nTo: bob@b.example\r\n\r\nx\r\n");
    CHECK(server.in_inbox("a SEARCH HEADER \":from\" ann\r\nb SEARCH HEADER \":to\" \"\"\r\n"
                          "c SEARCH HEADER From ann\r\nd SEARCH FROM ann\r\n") ==
          "* SEARCH\r\na OK Searched\r\n"
          "* SEARCH\r\nb OK Searched\r\n"
          "* SEARCH 1\r\nc OK Searched\r\n"
          "* SEARCH 1\r\nd OK Searched\r\n");
}

TEST_CASE("imap session: SEARCH finds text in a large message and in inner headers") {
    imap_server server;
    std::string large =
        "Subject: large\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n"
        "Content-Type: text/plain\r\nContent-Description: inner-word\r\n\r\n";
    for (int n = 0; large.size() < 400'000; ++n)
        large += "line " + std::to_string(n) + "\r\n";
    server.parts.put(large + "needle\r\n--b--\r\n");
    CHECK(server.in_inbox(
              "a SEARCH BODY needle\r\nb SEARCH BODY inner-word\r\nc SEARCH BODY nix\r\n") ==
          "* SEARCH 1\r\na OK Searched\r\n* SEARCH 1\r\nb OK Searched\r\n* SEARCH\r\nc OK "
          "Searched\r\n");
}

TEST_CASE("imap session: SEARCH over many slices") {
    imap_server server;
    server.parts.fill(700);
    CHECK(server.in_inbox("a SEARCH SUBJECT \"number 69\"\r\nb UID SEARCH BODY \"body 700\"\r\n"
                          "c SEARCH SMALLER 30\r\n") ==
          "* SEARCH 69 690 691 692 693 694 695 696 697 698 699\r\na OK Searched\r\n"
          "* SEARCH 700\r\nb OK Searched\r\n"
          "* SEARCH 1 2 3 4 5 6 7 8 9\r\nc OK Searched\r\n");
}

TEST_CASE("imap session: B06 a search that takes too long is ended") {
    imap_server server;
    server.parts.fill(5);
    server.config.search_timeout = std::chrono::milliseconds(-1);
    CHECK(server.in_inbox("a SEARCH BODY x\r\nb SEARCH SEEN\r\n") ==
          "a NO [LIMIT] The search takes too long\r\nb NO [LIMIT] The search takes too long\r\n");
}

TEST_CASE(
    "imap session: SEARCH tells only of messages the client knows, UID SEARCH tells of new ones "
    "first") {
    imap_server server;
    server.parts.fill(1);
    imap_client one(server);
    one.command("SELECT INBOX");
    server.parts.fill(1);
    CHECK(one.command("SEARCH ALL") ==
          "* SEARCH 1\r\n* 2 EXISTS\r\n* 1 RECENT\r\nt OK Searched\r\n");
    server.parts.fill(1);
    CHECK(one.command("UID SEARCH ALL") ==
          "* 3 EXISTS\r\n* 2 RECENT\r\n* SEARCH 1 2 3\r\nt OK Searched\r\n");
}

TEST_CASE(
    "imap session: a keyword that another session has just made is searched and told at once") {
    imap_server server;
    server.parts.fill(2);
    imap_client ann(server), other(server);
    ann.command("SELECT INBOX");
    other.command("SELECT INBOX");
    other.command("STORE 2 +FLAGS ($Work)");
    CHECK(ann.command("SEARCH NOT KEYWORD $Work").find("* SEARCH 1\r\n") != std::string::npos);
    other.command("STORE 1 +FLAGS ($Home)");
    const auto told = ann.command("UID FETCH 1 (FLAGS)");
    CHECK(told.find("* 1 FETCH (UID 1 FLAGS ($Home))\r\n") != std::string::npos);
    CHECK(told.find("FLAGS ()") == std::string::npos);
}
