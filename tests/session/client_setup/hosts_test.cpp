// Which hosts and paths there are, and where HTTP leads. G06, G07, G10.
#include "tests/session/client_setup/fixture.hpp"

#include <string>

using namespace hauspost;
using test::contains;
using test::setup_fixture;

TEST_CASE_FIXTURE(setup_fixture, "set-up: a name that is not ours reaches nothing (G06)") {
    for (const auto* host : {"b.example", "autoconfig.b.example", "mail.b.example", "192.0.2.1",
                             "[2001:db8::1]", "autoconfig.autoconfig.a.example", "x.a.example",
                             "autoconfig.", "autoconfig", "a.example.b.example"})
        for (const auto* path :
             {"GET /mail/config-v1.1.xml", "GET /", "POST /autodiscover/autodiscover.xml"})
            CHECK_MESSAGE(ask(path, host).starts_with("HTTP/1.1 421 "), host);
    for (const auto* host : {"mail.a.example", "MAIL.a.example.", "a.example:8443",
                             "autodiscover.a.example", "autoconfig.xn--mller-kva.example"})
        CHECK_MESSAGE(ask("GET /", host).starts_with("HTTP/1.1 404 "), host);
}

TEST_CASE_FIXTURE(setup_fixture, "set-up: no other path is there") {
    for (const auto* path : {"/", "/favicon.ico", "/.well-known/", "/.well-known/autoconfig/",
                             "/.well-known/mta-sts.txt", "/.well-known/acme-challenge/x", "/admin",
                             "/mail/", "/autodiscover/autodiscover.svc"}) {
        const auto said = ask(std::string("GET ") + path, "a.example");
        CHECK_MESSAGE(said.starts_with("HTTP/1.1 404 "), path);
        CHECK_FALSE(contains(said, "Location"));
    }
    CHECK(ask("DELETE /", "a.example").starts_with("HTTP/1.1 404 "));
}

TEST_CASE_FIXTURE(
    setup_fixture,
    "set-up: HTTP leads to HTTPS at the server's own name, whatever the host (G06, G10)") {
    for (const auto* host :
         {"mail.a.example", "autoconfig.a.example", "b.example", "192.0.2.1:80"}) {
        const auto said = ask_plain("GET /a%20b?c=d%0D%0AX:%20y", host);
        CHECK(said.starts_with("HTTP/1.1 301 "));
        CHECK(contains(said, "\r\nLocation: https://mail.a.example/a%20b?c=d%0D%0AX%3A%20y\r\n"));
        CHECK_FALSE(contains(said, host == std::string("b.example") ? "b.example" : "\nX:"));
    }
    CHECK(contains(ask_plain("HEAD /", "a.example"), "Location: https://mail.a.example/\r\n"));
    CHECK(talk("GET http://b.example//b.example HTTP/1.1\r\nHost: b.example\r\n\r\n", false)
              .starts_with("HTTP/1.1 400 "));
    for (const auto* verb : {"POST", "PUT", "DELETE", "OPTIONS"})
        CHECK_MESSAGE(ask_plain(std::string(verb) + " /", "a.example").starts_with("HTTP/1.1 405 "),
                      verb);
    CHECK(ask_plain("GET /.well-known/acme-challenge/x", "a.example").starts_with("HTTP/1.1 404 "));
    config.https_port = 2444;
    CHECK(contains(ask_plain("GET /", "a.example"), "Location: https://mail.a.example:2444/\r\n"));
}

TEST_CASE_FIXTURE(setup_fixture,
                  "set-up: Outlook's first question without TLS leads to its settings") {
    const auto said = ask_plain("GET /autodiscover/autodiscover.xml", "autodiscover.a.example");
    CHECK(said.starts_with("HTTP/1.1 302 "));
    CHECK(contains(said, "Location: https://mail.a.example/autodiscover/autodiscover.xml\r\n"));
    CHECK(
        ask_plain("POST /autodiscover/autodiscover.xml", "a.example").starts_with("HTTP/1.1 405 "));
}

TEST_CASE_FIXTURE(setup_fixture, "set-up: without HTTPS there is nowhere to lead to") {
    config.https_port = 0;
    CHECK(ask_plain("GET /", "a.example").starts_with("HTTP/1.1 404 "));
    CHECK(
        ask_plain("GET /autodiscover/autodiscover.xml", "a.example").starts_with("HTTP/1.1 404 "));
    CHECK(ask_plain("GET /mail/config-v1.1.xml", "a.example").starts_with("HTTP/1.1 200 "));
}
