#include "protocols/http/cookie.hpp"

#include "protocols/http/origin.hpp"

#include <doctest/doctest.h>

#include <stdexcept>
#include <string>
#include <vector>

using namespace hauspost::http;

namespace {

std::string cookie_in(const std::vector<std::string>& lines, std::string_view name) {
    field_list fields;
    for (const auto& line : lines)
        fields.add("cookie", line);
    return std::string(find_cookie(fields, name).value_or("none"));
}

std::string written(const cookie& made) {
    header_block fields;
    set_cookie(fields, made);
    return std::string(fields.value_of("set-cookie"));
}

cookie named(std::string name, std::string value) {
    cookie made;
    made.name = std::move(name);
    made.value = std::move(value);
    return made;
}

request_head sent_with(const std::vector<std::pair<std::string, std::string>>& fields) {
    request_head head;
    head.verb = method::post;
    head.host = {"mail.a.example", std::nullopt};
    for (const auto& [name, value] : fields)
        head.fields.add(name, value);
    return head;
}

}  // namespace

TEST_CASE("http cookies: found by their names") {
    CHECK(cookie_in({"a=1; b=2;c=3"}, "a") == "1");
    CHECK(cookie_in({"a=1; b=2;c=3"}, "b") == "2");
    CHECK(cookie_in({"a=1; b=2;c=3"}, "c") == "3");
    CHECK(cookie_in({"a=1", "b=2"}, "b") == "2");
    CHECK(cookie_in({"a=x=y"}, "a") == "x=y");
    CHECK(cookie_in({"a="}, "a") == "");
    CHECK(cookie_in({"A=1; ab=2; =3; a"}, "a") == "none");
    CHECK(cookie_in({"x=\"a=1\"; y=2"}, "a") == "none");
    CHECK(cookie_in({}, "a") == "none");
}

TEST_CASE("http cookies: one that is there twice is nobody's") {
    CHECK(cookie_in({"a=1; a=2"}, "a") == "none");
    CHECK(cookie_in({"a=1", "a=1"}, "a") == "none");
}

TEST_CASE("http cookies: written with what keeps them") {
    CHECK(written(named("__Host-hauspost", "abc")) ==
          "__Host-hauspost=abc; Path=/; SameSite=Strict; Secure; HttpOnly");
    auto lax = named("a", "");
    lax.path = "/admin";
    lax.max_age = std::chrono::hours(1);
    lax.sent = same_site::lax;
    lax.is_secure = lax.is_http_only = false;
    CHECK(written(lax) == "a=; Path=/admin; Max-Age=3600; SameSite=Lax");
    header_block fields;
    clear_cookie(fields, "__Host-hauspost");
    CHECK(fields.value_of("Set-Cookie") ==
          "__Host-hauspost=; Path=/; Max-Age=0; SameSite=Strict; Secure; HttpOnly");
}

TEST_CASE("http cookies: what none may hold is never written") {
    for (const auto* value : {"a;b", "a b", "a,b", "\"a\"", "a\r\nb", "\xc3\xa4", "a\\b"})
        CHECK_THROWS_AS(written(named("a", value)), std::logic_error);
    for (const auto* name : {"", "a b", "a=b", "a\n"})
        CHECK_THROWS_AS(written(named(name, "x")), std::logic_error);
    auto open = named("__host-a", "x");
    open.path = "/a";
    CHECK_THROWS_AS(written(open), std::logic_error);
    open.path = "/; Domain=example";
    open.name = "a";
    CHECK_THROWS_AS(written(open), std::logic_error);
    auto plain = named("__Secure-a", "x");
    plain.is_secure = false;
    CHECK_THROWS_AS(written(plain), std::logic_error);
}

TEST_CASE("http origin: a request of our own page, as the browser says") {
    using fields = std::vector<std::pair<std::string, std::string>>;
    const auto is_own = [](const fields& sent) { return is_from_own_page(sent_with(sent), true); };
    CHECK(is_own({{"Sec-Fetch-Site", "same-origin"}}));
    CHECK(is_own({{"Origin", "https://mail.a.example"}}));
    CHECK(is_own({{"Origin", "https://mail.a.example:443"}}));
    CHECK(is_own({{"Origin", "https://mail.a.example"}, {"Sec-Fetch-Site", "same-origin"}}));
    CHECK_FALSE(is_own({}));
    for (const auto* site : {"cross-site", "same-site", "none", "", "same-origin, none"})
        CHECK_FALSE(is_own({{"Sec-Fetch-Site", site}}));
    for (const auto* origin : {"null", "http://mail.a.example", "https://a.example", "",
                               "https://mail.a.example:8443", "https://mail.a.example/",
                               "https://mail.a.example.b.example", "https://x@mail.a.example"}) {
        CHECK_FALSE(is_own({{"Origin", origin}}));
        CHECK_FALSE(is_own({{"Origin", origin}, {"Sec-Fetch-Site", "same-origin"}}));
    }
    CHECK_FALSE(is_own({{"Origin", "https://mail.a.example"}, {"Sec-Fetch-Site", "cross-site"}}));
    CHECK_FALSE(is_own({{"Sec-Fetch-Site", "same-origin"}, {"Sec-Fetch-Site", "cross-site"}}));
    CHECK(is_from_own_page(sent_with({{"Origin", "http://mail.a.example"}}), false));
}

TEST_CASE("http origin: G06 a request for somebody else's name is not ours") {
    const std::vector<std::string> names = {"mail.a.example", "[::1]"};
    auto head = sent_with({});
    CHECK(is_meant_for(head, names));
    head.host.port = 8443;
    CHECK(is_meant_for(head, names));
    head.host.name = "[::1]";
    CHECK(is_meant_for(head, names));
    for (const auto* name : {"", "a.example", "mail.a.example.", "127.0.0.1", "evil.example"}) {
        head.host.name = name;
        CHECK_FALSE(is_meant_for(head, names));
        CHECK(is_meant_for(head, {}));
    }
}
