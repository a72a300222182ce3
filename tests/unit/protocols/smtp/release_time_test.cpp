#include "protocols/smtp/release_time.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace hauspost::smtp;

TEST_CASE("release time: what is written is read as the same moment") {
    for (const std::int64_t at : {std::int64_t{0}, std::int64_t{951'782'400},
                                  std::int64_t{1'795'976'400}, std::int64_t{253'402'300'799}})
        CHECK(parse_date_time(write_utc_time(at)) == at);
    CHECK(write_utc_time(1'795'976'400) == "2026-11-29T18:20:00Z");
    CHECK(write_utc_time(-1) == "1970-01-01T00:00:00Z");
    CHECK(write_utc_time(INT64_MAX) == "9999-12-31T23:59:59Z");
}

TEST_CASE("release time: zones, fractions and leap seconds are understood, in any case") {
    CHECK(parse_date_time("2026-11-29T19:20:00+01:00") == 1'795'976'400);
    CHECK(parse_date_time("2026-11-29T13:50:00-04:30") == 1'795'976'400);
    CHECK(parse_date_time("2026-11-29t18:20:00.123456789012z") == 1'795'976'400);
    CHECK(parse_date_time("2016-12-31T23:59:60Z") == parse_date_time("2016-12-31T23:59:59Z"));
    CHECK(parse_date_time("0001-01-01T00:00:00Z").has_value());
}

TEST_CASE("release time: days and times that there are not, and other texts, are none") {
    for (const std::string bad : {"",
                                  "2026-11-29",
                                  "2026-11-29T18:20Z",
                                  "2026-11-29 18:20:00Z",
                                  "2026-02-29T00:00:00Z",
                                  "2026-13-01T00:00:00Z",
                                  "2026-00-01T00:00:00Z",
                                  "2026-01-32T00:00:00Z",
                                  "2026-01-01T24:00:00Z",
                                  "2026-01-01T00:60:00Z",
                                  "2026-01-01T00:00:61Z",
                                  "2026-01-01T00:00:00",
                                  "2026-01-01T00:00:00ZZ",
                                  "2026-01-01T00:00:00+0100",
                                  "2026-01-01T00:00:00+24:00",
                                  "2026-01-01T00:00:00+01:60",
                                  "2026-01-01T00:00:00.Z",
                                  "26-01-01T00:00:00Z",
                                  "+026-01-01T00:00:00Z",
                                  "2026-1-1T0:0:0Z"})
        CHECK_MESSAGE(!parse_date_time(bad), bad);
}

TEST_CASE("release time: a text that is cut anywhere is none") {
    const std::string whole = "2026-11-29T18:20:00.5+01:00";
    for (std::size_t cut = 0; cut < whole.size(); ++cut)
        CHECK_FALSE(parse_date_time(whole.substr(0, cut)).has_value());
}
