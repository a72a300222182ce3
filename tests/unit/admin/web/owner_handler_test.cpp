// The owner's page over whole HTTP sessions and a real store.
#include "admin/web/owner_handler.hpp"

#include "protocols/http/session/session.hpp"
#include "storage/store_keeper.hpp"
#include "tests/support/memory_stream.hpp"
#include "tests/unit/admin/fixture.hpp"

#include <doctest/doctest.h>

#include <array>
#include <memory>
#include <string>

using namespace hauspost;
using namespace hauspost::admin;
using hauspost::test::contains;
using hauspost::test::memory_stream;

namespace {

constexpr std::array files{http::static_file{"/index.html", "text/html; charset=utf-8", "a1",
                                             "<h1>page</h1>", "", "", false}};
const std::string host = "mail.a.example:8443";

struct page_fixture : test::admin_fixture {
    page_fixture() { ports.page.is_on = true; }
    ~page_fixture() { store->keeper.stop(); }  // before the io_context goes to which it posts

    /// All that is said to one connection.
    std::string talk(const std::string& input) {
        memory_stream peer(input);
        peer.use(time);
        peer.set_encrypted(true);
        const http::session_ports at{page, time.wall(), time};
        http::session session(peer, at, std::make_shared<const http::session_config>());
        test::run(io, session.run());
        return peer.output();
    }
    std::string get(const std::string& path, const std::string& from = host) {
        return talk("GET " + path + " HTTP/1.1\r\nHost: " + from + "\r\n\r\n");
    }
    /// What the page itself sends. fields: others beside those.
    std::string ask_page(const std::string& path,
                         const std::string& body,
                         std::string fields = {}) {
        if (!cookie.empty()) fields += "Cookie: " + cookie + "\r\n";
        return talk("POST /api/" + path + " HTTP/1.1\r\nHost: " + host + "\r\nOrigin: https://" +
                    host + "\r\nX-Hauspost: 1\r\nContent-Type: application/json\r\n" + fields +
                    "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body);
    }
    void keep_cookie(const std::string& said) {
        const auto at = said.find("__Host-");
        REQUIRE(at != std::string::npos);
        cookie = said.substr(at, said.find(';', at) - at);
    }
    /// Makes somebody the owner, who is signed in then.
    void become_owner() {
        const auto link = admin_fixture::get(make_setup_link(ports));
        REQUIRE(link.has_value());
        const std::string url(link->url.reveal());
        keep_cookie(
            ask_page("setup/open", R"({"secret":")" + url.substr(url.find('#') + 1) + "\"}"));
        keep_cookie(ask_page("owner/password", R"({"password":"words of the owner"})"));
    }

    std::string cookie;
    asio::io_context pages{1};
    web::page_news news{store->changes, time, pages.get_executor()};
    web::owner_handler page{
        {ports,
         [this](api::json::object request, caller who, std::optional<opened_session>* into) {
             return api::run(ports, test::test_places, std::move(request), std::move(who), into);
         },
         news, "Mail.A.example", "1"},
        {files, "default-src 'none'"}};
};

/// A JSON object of so many octets.
std::string object_of(std::size_t octets) {
    const std::string begin = R"({"x":")";
    return begin + std::string(octets - begin.size() - 2, 'x') + "\"}";
}

}  // namespace

TEST_CASE_FIXTURE(page_fixture, "owner page: G06 only its own names and addresses reach it") {
    for (const auto* name : {"mail.a.example", "MAIL.a.example:8443", "localhost:8443", "127.0.0.1",
                             "[::1]:8443", "192.0.2.7"})
        CHECK_MESSAGE(get("/", name).starts_with("HTTP/1.1 200 "), name);
    for (const auto* name : {"evil.example", "mail.a.example.evil.example",
                             "127.0.0.1.evil.example", "localhost.evil.example", "a.example"}) {
        const auto said = talk("GET / HTTP/1.1\r\nHost: " + std::string(name) +
                               "\r\nX-Forwarded-Host: mail.a.example\r\n\r\n");
        CHECK_MESSAGE(said.starts_with("HTTP/1.1 421 "), name);
        CHECK_FALSE(contains(said, name));
    }
    CHECK(talk("GET / HTTP/1.0\r\n\r\n").starts_with("HTTP/1.1 421 "));
}

TEST_CASE_FIXTURE(page_fixture,
                  "owner page: its addresses give the page, what is no file gives none") {
    for (const auto* path : {"/", "/accounts", "/accounts/anna%40a.example", "/domains/a.example"})
        CHECK_MESSAGE(contains(talk("GET " + std::string(path) + " HTTP/1.1\r\nHost: " + host +
                                    "\r\nAccept: text/html\r\n\r\n"),
                               "<h1>page</h1>"),
                      path);
    CHECK(get("/no.js").starts_with("HTTP/1.1 404 "));
    CHECK(contains(get("/"), "Content-Security-Policy: default-src 'none'\r\n"));
    CHECK(contains(get("/no.js"), "X-Frame-Options: DENY\r\n"));
}

TEST_CASE_FIXTURE(
    page_fixture,
    "owner page: a stranger's call holds little, one of the owner what a command may") {
    constexpr auto most = web::owner_handler::max_stranger_octets;
    CHECK(ask_page("session/state", object_of(most)).starts_with("HTTP/1.1 200 "));
    CHECK(ask_page("session/state", object_of(most + 1)).starts_with("HTTP/1.1 413 "));
    cookie = "__Host-hauspost-owner=" + std::string(64, 'a');
    CHECK(ask_page("session/state", object_of(most + 1)).starts_with("HTTP/1.1 413 "));
    cookie.clear();
    become_owner();
    CHECK(ask_page("session/state", object_of(most + 1)).starts_with("HTTP/1.1 200 "));
    CHECK(
        ask_page("session/state", object_of(api::max_request_octets)).starts_with("HTTP/1.1 200 "));
    CHECK(ask_page("session/state", object_of(api::max_request_octets + 1))
              .starts_with("HTTP/1.1 413 "));
}

TEST_CASE_FIXTURE(page_fixture, "owner page: what it asks by itself keeps no session alive") {
    become_owner();
    const auto is_in = [this](const std::string& fields) {
        return contains(ask_page("session/state", "{}", fields), R"("state":"signed_in")");
    };
    const auto idle = ports.page.session_idle;
    for (int n = 0; n < 3; ++n) {
        time.move_wall(idle / 2);
        CHECK(is_in({}));
    }
    time.move_wall(idle / 2);
    CHECK(is_in("X-Hauspost-Idle: 1\r\n"));
    time.move_wall(idle / 2 + std::chrono::seconds(60));
    CHECK_FALSE(is_in("X-Hauspost-Idle: 1\r\n"));
    CHECK(contains(ask_page("account/list", "{}"), R"("code":"not_signed_in")"));
}

TEST_CASE_FIXTURE(
    page_fixture,
    "owner page: with the link nothing but the password, and no command of the console") {
    const auto link = admin_fixture::get(make_setup_link(ports));
    const std::string url(link->url.reveal());
    keep_cookie(ask_page("setup/open", R"({"secret":")" + url.substr(url.find('#') + 1) + "\"}"));
    CHECK(contains(ask_page("session/state", "{}"), R"("state":"setup")"));
    CHECK(contains(ask_page("account/list", "{}"), R"("code":"not_signed_in")"));
    keep_cookie(ask_page("owner/password", R"({"password":"words of the owner"})"));
    CHECK(ask_page("account/list", "{}").starts_with("HTTP/1.1 200 "));
    CHECK(contains(ask_page("owner/reset", "{}"), R"("code":"console_only")"));
}

TEST_CASE_FIXTURE(page_fixture, "owner page: a sign-in that lacks something is no try") {
    become_owner();
    cookie.clear();
    for (const auto* body : {"{}", R"({"password":5})", R"({"password":null})",
                             R"({"password":"words of the owner","code":123456})"}) {
        const auto said = ask_page("session/open", body);
        CHECK_MESSAGE(said.starts_with("HTTP/1.1 400 "), body);
        CHECK_MESSAGE(contains(said, R"("code":"bad_argument")"), body);
        CHECK_FALSE(contains(said, "Set-Cookie"));
    }
    for (const auto* body : {"{}", R"({"secret":[]})"})
        CHECK_MESSAGE(ask_page("setup/open", body).starts_with("HTTP/1.1 400 "), body);
    CHECK(door.signed_in == 0);
    CHECK(ask_page("session/open", R"({"password":"words of the owner"})")
              .starts_with("HTTP/1.1 200 "));
    CHECK(door.signed_in == 1);
}

TEST_CASE_FIXTURE(page_fixture,
                  "owner page: a call is a POST with each name once, and is told so") {
    const auto said = talk("GET /api/session/state HTTP/1.1\r\nHost: " + host + "\r\n\r\n");
    CHECK(said.starts_with("HTTP/1.1 405 "));
    CHECK(contains(said, "Allow: POST\r\n"));
    CHECK(contains(said, R"("detail":"A call of the API is a POST.")"));
    CHECK(contains(ask_page("session/state", R"({"a":1,"a":1})"), R"("code":"name_twice")"));
    CHECK(contains(ask_page("session/state", std::string(9'000, ' ')),
                   R"("detail":"The body is longer)"));
}

TEST_CASE_FIXTURE(page_fixture,
                  "owner page: G05 G09 events are for its own pages, and for who has signed in") {
    const auto listen = [this](std::string fields) {
        if (!cookie.empty()) fields += "Cookie: " + cookie + "\r\n";
        return talk("GET /api/events HTTP/1.1\r\nHost: " + host + "\r\n" + fields + "\r\n");
    };
    const std::string own = "X-Hauspost: 1\r\n";
    CHECK(contains(listen(own), R"("code":"not_signed_in")"));
    const auto link = admin_fixture::get(make_setup_link(ports));
    const std::string url(link->url.reveal());
    keep_cookie(ask_page("setup/open", R"({"secret":")" + url.substr(url.find('#') + 1) + "\"}"));
    CHECK(listen(own).starts_with("HTTP/1.1 401 "));
    keep_cookie(ask_page("owner/password", R"({"password":"words of the owner"})"));
    CHECK(contains(listen(""), R"("code":"no_own_field")"));
    CHECK(contains(listen(own + "Sec-Fetch-Site: cross-site\r\n"), R"("code":"not_own_page")"));
    CHECK(contains(listen(own + "Origin: https://evil.example\r\n"), R"("code":"not_own_page")"));
    for (const auto* from : {"", "Sec-Fetch-Site: same-origin\r\n"}) {
        const auto said = listen(own + from);
        CHECK(said.starts_with("HTTP/1.1 200 "));
        CHECK(contains(said, "Content-Type: text/event-stream\r\n"));
        CHECK(contains(said, "Content-Security-Policy: default-src 'none'\r\n"));
    }
    // It does not keep the session alive.
    time.move_wall(ports.page.session_idle / 2);
    listen(own);
    time.move_wall(ports.page.session_idle / 2 + std::chrono::seconds(1));
    CHECK(listen(own).starts_with("HTTP/1.1 401 "));
    CHECK(contains(ask_page("events", "{}"), R"("code":"not_signed_in")"));
}
