#include "protocols/message/date_time.hpp"

#include "protocols/message/header.hpp"
#include "read_message.hpp"

#include <doctest/doctest.h>

#include <limits>

using namespace hauspost::message;
namespace mail = hauspost::mail;

TEST_SUITE("message date and time") {
    TEST_CASE("the dates of RFC 5322 appendix A are understood") {
        CHECK(parse_date("Fri, 21 Nov 1997 09:55:06 -0600") == mail::date_time{880127706, -360});
        CHECK(parse_date("Tue, 1 Jul 2003 10:52:37 +0200") == mail::date_time{1057049557, 120});
        CHECK(parse_date("21 Nov 97 09:55:06 GMT") == mail::date_time{880106106, 0});
        CHECK(parse_date(find_field(read_message("rfc5322_appendix_a5.eml"), "Date")) ==
              mail::date_time{-27723480, -210});
        CHECK(parse_date(find_field(read_message("rfc5322_appendix_a6_3.eml"), "Date")) ==
              mail::date_time{880127706, -360});
    }

    TEST_CASE("obsolete years and zones mean what RFC 5322 4.3 says") {
        CHECK(parse_date("1 Jan 49 00:00 EST") == mail::date_time{2493090000, -300});
        CHECK(parse_date("1 Jan 50 00:00 UT")->unix_seconds == -631152000);
        CHECK(parse_date("1 Jan 100 00:00 Z")->unix_seconds == 946684800);
        CHECK(parse_date("1 Jan 2000 00:00:00 PDT")->zone_minutes == -420);
        CHECK(parse_date("1 Jan 2000 00:00:00 A") == mail::date_time{946684800, 0});
        CHECK(parse_date("1 Jan 2000 00:00:00") == mail::date_time{946684800, 0});
        CHECK(parse_date("31 Dec 1998 23:59:60 +0000")->unix_seconds == 915148799);
    }

    TEST_CASE("what is no date is refused") {
        for (const auto* text : {"", "Mon", "30 Feb 2000 00:00 +0000", "1 Jan 0 00:00",
                                 "1 Jan 10000 00:00", "0 Jan 2000 00:00", "1 Foo 2000 0:00",
                                 "999999999999 Jan 2000 00:00", "1 Jan 99999999999 00:00", "((((",
                                 "(\\", "Jan", "Jan 1", "Jan 1 00:00:00", "12:00:00"})
            CHECK_MESSAGE(!parse_date(text), text);
    }

    TEST_CASE("RFC 5256 2.2: without a valid time it is midnight, without a valid zone UTC") {
        constexpr std::int64_t day = 946684800;  // 1 Jan 2000
        const mail::date_time midnight{day - 3600, 60}, one_utc{day + 3600, 0},
            west{day + 3600, -60};
        for (const std::string time : {"", "24:00", "00:60", "00:00:61", "25:99:00", "0000", "12"})
            CHECK_MESSAGE(parse_date("1 Jan 2000 " + time + " +0100") == midnight, time);
        CHECK(parse_date("1 Jan 2000") == mail::date_time{day, 0});
        CHECK(parse_date("1 Jan 2000 -0100") == west);
        for (const std::string zone : {"+00", "+02:00", "+2", "+0060", "+01000", "Z", "CEST", "?",
                                       "Pacific Daylight Time", "(CEST)"})
            CHECK_MESSAGE(parse_date("1 Jan 2000 01:00:00 " + zone) == one_utc, zone);
    }

    TEST_CASE("dates are understood as programs have written them") {
        constexpr mail::date_time wanted{868543200, 0};
        for (const auto* text :
             {", 10 Jul 1997 14:00:00 +0000 (CEST)", "Thu, 10  Jul   1997 14:00:00",
              "Thursday, 10-Jul-97 14:00:00 GMT", "Thu 10 July 1997 14:00",
              "10. Jul 1997, 14.00.00", "Thu Jul 10 14:00:00 1997", "Jul 10, 1997 2:00:00 PM",
              "Thu Jul 10 14:00:00 UTC 1997", "10 Jul 1997 14:0:0.000 +0000",
              "Thu,10 Jul 1997 14:00:00 +0000"})
            CHECK_MESSAGE(parse_date(text) == wanted, text);
        CHECK(parse_date("Thu Jul 10 14:00:00 EDT 1997") ==
              mail::date_time{868543200 + 4 * 3600, -240});
        CHECK(parse_date("10 Jul 1997 12:00 AM")->unix_seconds == 868492800);
    }

    TEST_CASE("D05: comments in a date may nest to any depth") {
        const auto deep = repeated("(", 100'000) + repeated(")", 100'000);
        CHECK(parse_date(deep + "1 Jan 2000" + deep + "00:00 +0000") ==
              mail::date_time{946684800, 0});
    }

    TEST_CASE("a date is written as Received and Date want it and reads back") {
        CHECK(write_date({1795426010, 60}) == "Mon, 23 Nov 2026 10:26:50 +0100");
        CHECK(write_date({-27723480, -210}) == "Thu, 13 Feb 1969 23:32:00 -0330");
        for (const std::int64_t at : {std::int64_t{0}, std::int64_t{951782400}, std::int64_t{-1}})
            for (const auto zone : std::initializer_list<std::int16_t>{0, 345, -720, 5999, -5999})
                CHECK(parse_date(write_date({at, zone})) == mail::date_time{at, zone});
    }

    TEST_CASE("a time that no calendar holds is moved to the nearest one that can be written") {
        const auto high = std::numeric_limits<std::int64_t>::max();
        const auto low = std::numeric_limits<std::int64_t>::min();
        CHECK(write_date({high, 0}) == "Fri, 31 Dec 9999 23:59:59 +0000");
        CHECK(write_date({low, 0}) == "Mon, 1 Jan 0001 00:00:00 +0000");
        CHECK(write_date({high, std::numeric_limits<std::int16_t>::max()}) ==
              "Fri, 31 Dec 9999 23:59:59 +9959");
        CHECK(write_date({low, std::numeric_limits<std::int16_t>::min()}) ==
              "Mon, 1 Jan 0001 00:00:00 -9959");
    }

    TEST_CASE("an INTERNALDATE is read as clients give it") {
        CHECK(parse_internal_date("17-Jul-1996 02:44:25 -0700") ==
              mail::date_time{837596665, -420});
        CHECK(parse_internal_date(" 1-jan-2000 00:00:00 +0000") == mail::date_time{946684800, 0});
        for (const auto* text :
             {"", "17-Jul-1996", "17-Jul-1996 02:44:25", "17-Jul-1996 02:44 -0700",
              "17-Jul-1996 02:44:25 0700", "17-Jul-96 02:44:25 -0700", "31-Jun-1996 02:44:25 -0700",
              "17-Jul-1996 02:44:25 -0700 ", "17-Jul-1996  02:44:25 -0700",
              "x-Jul-1996 02:44:25 -0700"})
            CHECK_MESSAGE(!parse_internal_date(text), text);
    }

    TEST_CASE("a SEARCH date is a day") {
        CHECK(parse_search_date("1-Feb-1994") == 8797);
        CHECK(parse_search_date("01-Feb-1994") == 8797);
        CHECK(!parse_search_date("1-Feb-94"));
        CHECK(!parse_search_date("30-Feb-1994"));
        CHECK(!parse_search_date("1-Feb-1994 "));
    }
}
