#include "protocols/http/file_set.hpp"

#include <doctest/doctest.h>

#include <array>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

using namespace hauspost::http;
using namespace std::chrono;

namespace {

const sys_seconds now = sys_days(year(2026) / 1 / 2);

constexpr std::array<static_file, 3> files = {{
    {"/index.html", "text/html; charset=utf-8", "11aa", "<p>page</p>", "BR", "GZIP", false},
    {"/assets/app-22bb.js", "text/javascript", "22bb", "0123456789", "br", "gzip", true},
    {"/icon.png", "image/png", "33cc", "PNG", "", "", false},
}};

using fields = std::vector<std::pair<std::string, std::string>>;

request_head asked(std::string path, const fields& all = {}, method verb = method::get) {
    request_head head;
    head.verb = verb;
    head.path = std::move(path);
    for (const auto& [name, value] : all)
        head.fields.add(name, value);
    return head;
}

response got(std::size_t file, const fields& all = {}, method verb = method::get) {
    return to_response(asked("/", all, verb), files[file], now);
}

std::string octets(const response& from) {
    return std::string(from.content());
}

}  // namespace

TEST_CASE("http files: found by their paths, the page by those of its routes too") {
    const file_set set(files);
    CHECK(set.find("/icon.png") == &files[2]);
    CHECK(set.find("/") == &files[0]);
    CHECK(set.find("/index.html") == &files[0]);
    for (const auto* path : {"/icon", "/icon.png/", "/ICON.PNG", "", "/zzz", "/assets/"})
        CHECK(set.find(path) == nullptr);
    CHECK(set.find_route(asked("/accounts/7")) == &files[0]);
    CHECK(set.find_route(asked("/a.b/c")) == &files[0]);
    CHECK(set.find_route(asked("/icon.png")) == &files[2]);
    CHECK(set.find_route(asked("/accounts", {{"Accept", "text/html,*/*;q=0.8"}})) == &files[0]);
    CHECK(set.find_route(asked("/accounts", {{"Accept", "application/json"}})) == nullptr);
    CHECK(set.find_route(asked("/assets/app-old.js")) == nullptr);
    const auto page = [&set](const char* path) {
        return set.find_route(
            asked(path, {{"Accept", "text/html,application/xml;q=0.9,*/*;q=0.8"}}));
    };
    CHECK(page("/accounts/ann@a.example") == &files[0]);
    CHECK(page("/domains/a.example") == &files[0]);
    CHECK(page("/assets/app-old.js") == nullptr);
    CHECK(set.find_route(asked("/domains/a.example")) == nullptr);
    CHECK(set.find_route(asked("/favicon.ico", {{"Accept", "image/*,*/*;q=0.8"}})) == nullptr);
    CHECK(set.find_route(asked("/accounts", {}, method::post)) == nullptr);
    const file_set bare(files, "");
    CHECK(bare.find("/") == nullptr);
    CHECK(bare.find_route(asked("/accounts")) == nullptr);
}

TEST_CASE("http files: a table that cannot be right is found at the start") {
    const auto made = [](static_file file) {
        const std::array<static_file, 1> one = {file};
        return file_set(one, "").size();
    };
    const static_file good{"/a", "text/plain", "1", "x", "", "", false};
    CHECK(made(good) == 1);
    for (const auto* path : {"", "/", "a", "/a/", "//a", "/a//b", "/./a", "/a/..", "/a?b", "/a%20",
                             "/a b", "/a\\b", "/\xc3\xa4"}) {
        auto bad = good;
        bad.path = path;
        CHECK_THROWS_AS(made(bad), std::logic_error);
    }
    for (const auto* tag : {"", "\"a\"", "a b"}) {
        auto bad = good;
        bad.etag = tag;
        CHECK_THROWS_AS(made(bad), std::logic_error);
    }
    auto bad = good;
    bad.content_type = "";
    CHECK_THROWS_AS(made(bad), std::logic_error);
    const std::array<static_file, 2> twice = {good, good};
    CHECK_THROWS_AS(file_set(twice, ""), std::logic_error);
    CHECK_THROWS_AS(file_set(files, "/none.html"), std::logic_error);
}

TEST_CASE("http files: the form that the client takes best, each with a tag of its own") {
    const auto br = got(1, {{"Accept-Encoding", "gzip, br"}});
    CHECK(br.status == 200);
    CHECK(octets(br) == "br");
    CHECK(br.content().data() == files[1].br.data());  // no copy
    CHECK(br.fields.value_of("Content-Encoding") == "br");
    CHECK(br.fields.value_of("ETag") == "\"22bb-br\"");
    CHECK(br.fields.value_of("Vary") == "Accept-Encoding");
    const auto gzip = got(1, {{"Accept-Encoding", "gzip"}});
    CHECK(octets(gzip) == "gzip");
    CHECK(gzip.fields.value_of("ETag") == "\"22bb-gzip\"");
    const auto plain = got(1);
    CHECK(octets(plain) == "0123456789");
    CHECK(plain.fields.value_of("ETag") == "\"22bb\"");
    CHECK_FALSE(plain.fields.has("Content-Encoding"));
    CHECK(plain.fields.has("Vary"));
    const auto picture = got(2, {{"Accept-Encoding", "gzip, br"}});
    CHECK(octets(picture) == "PNG");
    CHECK_FALSE(picture.fields.has("Vary"));
    CHECK(got(2, {{"Accept-Encoding", "*;q=0"}}).status == 406);
}

TEST_CASE("http files: what has a hash in its name is kept for ever, all else is asked for again") {
    CHECK(got(1).fields.value_of("Cache-Control") == "public, max-age=31536000, immutable");
    CHECK(got(0).fields.value_of("Cache-Control") == "no-cache");
    CHECK(got(0).fields.value_of("Content-Type") == "text/html; charset=utf-8");
    const auto same = got(0, {{"If-None-Match", "\"11aa-br\""}, {"Accept-Encoding", "br"}});
    CHECK(same.status == 304);
    CHECK(same.content().empty());
    CHECK(same.fields.value_of("ETag") == "\"11aa-br\"");
    CHECK(same.fields.value_of("Cache-Control") == "no-cache");
    CHECK(same.fields.has("Vary"));
    CHECK(got(0, {{"If-None-Match", "\"11aa-br\""}}).status == 200);  // another form
    CHECK(got(0, {{"If-Match", "\"x\""}}).status == 412);
    CHECK(got(0, {{"If-Modified-Since", "Fri, 02 Jan 2026 00:00:00 GMT"}}).status == 200);
}

TEST_CASE("http files: a piece, of the form that is sent") {
    const auto piece = got(1, {{"Range", "bytes=2-4"}});
    CHECK(piece.status == 206);
    CHECK(octets(piece) == "234");
    CHECK(piece.fields.value_of("Content-Range") == "bytes 2-4/10");
    const auto packed = got(1, {{"Range", "bytes=1-"}, {"Accept-Encoding", "gzip"}});
    CHECK(octets(packed) == "zip");
    CHECK(packed.fields.value_of("Content-Range") == "bytes 1-3/4");
    const auto beyond = got(1, {{"Range", "bytes=10-"}});
    CHECK(beyond.status == 416);
    CHECK(beyond.fields.value_of("Content-Range") == "bytes */10");
    CHECK(got(1, {{"Range", "bytes=0-1"}, {"If-Range", "\"old\""}}).status == 200);
    CHECK(octets(got(1, {{"Range", "bytes=0-1,3-4"}})) == "0123456789");
    CHECK(got(1, {{"Range", "bytes=0-1"}}, method::head).status == 200);
}

TEST_CASE("http files: nobody changes them") {
    const auto no = got(0, {}, method::post);
    CHECK(no.status == 405);
    CHECK(no.fields.value_of("Allow") == "GET, HEAD");
}
