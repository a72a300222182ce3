#include "protocols/http/conditions.hpp"

#include "protocols/http/http_date.hpp"

#include <doctest/doctest.h>

#include <string>
#include <utility>
#include <vector>

using namespace hauspost::http;
using namespace std::chrono;

namespace {

const sys_seconds now = sys_days(year(2026) / 1 / 2) + hours(3);
const std::string earlier = "Thu, 01 Jan 2026 00:00:00 GMT";
const std::string later = "Fri, 02 Jan 2026 00:00:00 GMT";

using fields = std::vector<std::pair<std::string, std::string>>;

request_head head_with(const fields& all, method verb = method::get) {
    request_head head;
    head.verb = verb;
    for (const auto& [name, value] : all)
        head.fields.add(name, value);
    return head;
}

representation tagged(const std::string& modified = {}) {
    return {"\"a\"", parse_http_date(modified, now), true};
}

condition checked(const fields& all, method verb = method::get, const std::string& date = {}) {
    return check_conditions(head_with(all, verb), tagged(date), now);
}

range_wish range_of(const std::string& range, std::uint64_t size = 100) {
    return wanted_range(head_with({{"Range", range}}), tagged(), size, now);
}

bool is_part(const range_wish& got, std::uint64_t first, std::uint64_t octets) {
    return got.kind == range_kind::part && got.range == octet_range{first, octets};
}

}  // namespace

TEST_CASE("http conditions: what a client has already is not sent again") {
    CHECK(checked({}) == condition::holds);
    CHECK(checked({{"If-None-Match", "\"a\""}}) == condition::not_modified);
    CHECK(checked({{"If-None-Match", "\"b\", W/\"a\""}}) == condition::not_modified);
    CHECK(checked({{"If-None-Match", "\"b\""}, {"If-None-Match", "\"a\""}}) ==
          condition::not_modified);
    CHECK(checked({{"If-None-Match", "*"}}) == condition::not_modified);
    CHECK(checked({{"If-None-Match", "\"b\""}}) == condition::holds);
    CHECK(checked({{"If-None-Match", "\"a,b\", \"a\""}}) == condition::not_modified);
    CHECK(checked({{"If-None-Match", "\"b,\"a\""}}) == condition::holds);
    for (const auto* broken : {"a", "\"a", "", ",", "W/", "W/a", "x\"a\""})
        CHECK(checked({{"If-None-Match", broken}}) == condition::holds);
}

TEST_CASE("http conditions: dates count where the representation has one, and no tag is given") {
    const fields since = {{"If-Modified-Since", later}};
    CHECK(checked(since, method::get, earlier) == condition::not_modified);
    CHECK(checked(since, method::get, later) == condition::not_modified);
    CHECK(checked({{"If-Modified-Since", earlier}}, method::get, later) == condition::holds);
    CHECK(checked(since) == condition::holds);
    CHECK(checked(since, method::post, earlier) == condition::holds);
    CHECK(checked({{"If-Modified-Since", "yesterday"}}, method::get, earlier) == condition::holds);
    CHECK(checked({{"If-None-Match", "\"b\""}, {"If-Modified-Since", later}}, method::get,
                  earlier) == condition::holds);
    CHECK(checked({{"If-Unmodified-Since", earlier}}, method::put, later) == condition::failed);
    CHECK(checked({{"If-Unmodified-Since", later}}, method::put, earlier) == condition::holds);
}

TEST_CASE("http conditions: nobody changes what has changed meanwhile") {
    CHECK(checked({{"If-Match", "\"a\""}}, method::put) == condition::holds);
    CHECK(checked({{"If-Match", "\"b\", \"a\""}}, method::put) == condition::holds);
    CHECK(checked({{"If-Match", "*"}}, method::put) == condition::holds);
    CHECK(checked({{"If-Match", "\"b\""}}, method::put) == condition::failed);
    CHECK(checked({{"If-Match", "W/\"a\""}}, method::put) == condition::failed);
    CHECK(checked({{"If-None-Match", "*"}}, method::put) == condition::failed);
    const representation none{"", std::nullopt, false};
    CHECK(check_conditions(head_with({{"If-Match", "*"}}, method::put), none, now) ==
          condition::failed);
    CHECK(check_conditions(head_with({{"If-None-Match", "*"}}, method::put), none, now) ==
          condition::holds);
}

TEST_CASE("http ranges: one piece, from either end") {
    CHECK(is_part(range_of("bytes=0-9"), 0, 10));
    CHECK(is_part(range_of("bytes=90-"), 90, 10));
    CHECK(is_part(range_of("Bytes = 90-1000"), 90, 10));
    CHECK(is_part(range_of("bytes=-10"), 90, 10));
    CHECK(is_part(range_of("bytes=-1000"), 0, 100));
    CHECK(is_part(range_of("bytes=99-99"), 99, 1));
    CHECK(range_of("bytes=100-").kind == range_kind::unsatisfiable);
    CHECK(range_of("bytes=-0").kind == range_kind::unsatisfiable);
    CHECK(range_of("bytes=0-", 0).kind == range_kind::unsatisfiable);
    CHECK(content_range({90, 10}, 100) == "bytes 90-99/100");
}

TEST_CASE("http ranges: G07 several of them, and what is none, get the whole") {
    for (const auto* range : {"bytes=0-0,2-2", "bytes=0-,0-,0-,0-", "bytes=9-0", "bytes=",
                              "bytes=-", "bytes=a-b", "lines=0-9", "bytes", "bytes=0", "bytes=0-9x",
                              "bytes=-9-", "bytes=+1-2", "bytes=0-99999999999999999999", ""})
        CHECK_MESSAGE(range_of(range).kind == range_kind::whole, range);
    const auto head = head_with({{"Range", "bytes=0-9"}}, method::head);
    CHECK(wanted_range(head, tagged(), 100, now).kind == range_kind::whole);
}

TEST_CASE("http ranges: If-Range gives a piece of the same representation alone") {
    const auto kind = [](const std::string& same) {
        const auto head = head_with({{"Range", "bytes=0-9"}, {"If-Range", same}});
        return wanted_range(head, tagged(earlier), 100, now).kind;
    };
    CHECK(kind("\"a\"") == range_kind::part);
    CHECK(kind("\"b\"") == range_kind::whole);
    CHECK(kind("W/\"a\"") == range_kind::whole);
    CHECK(kind(earlier) == range_kind::part);
    CHECK(kind(later) == range_kind::whole);
    CHECK(kind("x") == range_kind::whole);
}

TEST_CASE("http dates: written in one form, read in three") {
    const sys_seconds time = sys_days(year(1994) / 11 / 6) + hours(8) + minutes(49) + seconds(37);
    CHECK(to_http_date(time) == "Sun, 06 Nov 1994 08:49:37 GMT");
    CHECK(to_http_date(sys_days(year(2024) / 2 / 29)) == "Thu, 29 Feb 2024 00:00:00 GMT");
    CHECK(parse_http_date("Sun, 06 Nov 1994 08:49:37 GMT", now) == time);
    CHECK(parse_http_date("Sunday, 06-Nov-94 08:49:37 GMT", now) == time);
    CHECK(parse_http_date("Sun Nov  6 08:49:37 1994", now) == time);
    CHECK(parse_http_date("Sun Nov 16 08:49:37 1994", now) == time + days(10));
    CHECK(parse_http_date("Friday, 02-Jan-76 00:00:00 GMT", now) == sys_days(year(2076) / 1 / 2));
    CHECK(parse_http_date("Friday, 02-Jan-77 00:00:00 GMT", now) == sys_days(year(1977) / 1 / 2));
    for (const auto* text :
         {"", "Sun", "Sun, 31 Feb 1994 08:49:37 GMT", "Sun, 06 Nov 1994 24:00:00 GMT",
          "Sun, 06 Nov 1994 08:49:37 CET", "Sun, 06 Nov 1994 08:49:37 GMT x",
          "sun, 06 Nov 1994 08:49:37 GMT", "Sun, 6 Nov 1994 08:49:37 GMT",
          "Sun, 06 Now 1994 08:49:37 GMT", "Sun, 06 Nov 199", "Sun Nov  x 08:49:37 1994"})
        CHECK_MESSAGE(!parse_http_date(text, now), text);
}
