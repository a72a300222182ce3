#include "tests/session/client_setup/fixture.hpp"

using namespace hauspost;
using test::contains;
using test::setup_fixture;

namespace {

const std::string path = "GET /mail/config-v1.1.xml";
const std::string well_known = "GET /.well-known/autoconfig/mail/config-v1.1.xml";

bool is_of(const std::string& response, const std::string& domain) {
    return response.starts_with("HTTP/1.1 200 OK\r\n") &&
           contains(response, "Content-Type: text/xml; charset=utf-8\r\n") &&
           contains(response, "<domain>" + domain + "</domain>") &&
           contains(response, "<hostname>mail.a.example</hostname>");
}

}  // namespace

TEST_CASE_FIXTURE(setup_fixture,
                  "autoconfig: at both paths, by HTTPS and by HTTP, with an address") {
    for (const auto& at : {path, well_known}) {
        const auto asked = at + "?emailaddress=anna%40a.example";
        CHECK(is_of(ask(asked, "autoconfig.a.example"), "a.example"));
        CHECK(is_of(ask_plain(asked, "autoconfig.a.example"), "a.example"));
        CHECK(is_of(ask(asked, "mail.a.example"), "a.example"));
    }
    CHECK(is_of(ask("GET /Mail/Config-v1.1.xml", "a.example"), "a.example"));
}

TEST_CASE_FIXTURE(setup_fixture,
                  "autoconfig: without an address the name of the host says the domain") {
    for (const auto* host : {"autoconfig.a.example", "a.example", "AutoConfig.A.Example:443",
                             "autoconfig.a.example.", "mail.a.example", "autodiscover.a.example"})
        CHECK_MESSAGE(is_of(ask(path, host), "a.example"), host);
    CHECK(is_of(ask(path, "autoconfig.xn--mller-kva.example"), "xn--mller-kva.example"));
    // With nothing that is an address, too.
    for (const auto* query : {"?emailaddress=", "?emailaddress", "?emailaddress=anna",
                              "?emailaddress=%25EMAILADDRESS%25", "?emailaddress=a@b%20c", "?x=y"})
        CHECK_MESSAGE(is_of(ask(path + query, "autoconfig.a.example"), "a.example"), query);
    // An HTTP/1.0 client may say nothing at all.
    CHECK(talk(path + "?emailaddress=x@a.example HTTP/1.0\r\n\r\n", true)
              .starts_with("HTTP/1.1 200 "));
    CHECK(talk(path + " HTTP/1.0\r\n\r\n", true).starts_with("HTTP/1.1 404 "));
}

TEST_CASE_FIXTURE(setup_fixture,
                  "autoconfig: the address decides before the host, in either spelling") {
    const std::string host = "autoconfig.a.example";
    CHECK(
        is_of(ask(path + "?emailaddress=x@xn--mller-kva.example", host), "xn--mller-kva.example"));
    CHECK(
        is_of(ask(path + "?emailaddress=%20x@M%C3%BCller.EXAMPLE", host), "xn--mller-kva.example"));
    CHECK(ask(path + "?emailaddress=x@b.example", host).starts_with("HTTP/1.1 404 "));
    CHECK(ask(path + "?emailaddress=x@a.example.b.example", host).starts_with("HTTP/1.1 404 "));
}

TEST_CASE_FIXTURE(setup_fixture, "autoconfig: nobody learns whether there is an account (G13)") {
    const auto ours = ask(path + "?emailaddress=anna@a.example", "a.example");
    CHECK(is_of(ours, "a.example"));
    CHECK(ours == ask(path + "?emailaddress=nobody@a.example", "a.example"));
    CHECK_FALSE(contains(ours, "anna"));
    const auto theirs = ask(path + "?emailaddress=anna@b.example", "a.example");
    CHECK(theirs == ask(path + "?emailaddress=nobody@b.example", "a.example"));
    CHECK_FALSE(contains(theirs, "b.example"));
}

TEST_CASE_FIXTURE(setup_fixture, "autoconfig: HEAD has no content, and nothing else is taken") {
    const auto head = ask("HEAD /mail/config-v1.1.xml", "a.example");
    CHECK(head.starts_with("HTTP/1.1 200 OK\r\n"));
    CHECK(test::content_of(head).empty());
    const auto post = ask("POST /mail/config-v1.1.xml", "a.example");
    CHECK(post.starts_with("HTTP/1.1 405 "));
    CHECK(contains(post, "Allow: GET, HEAD\r\n"));
    CHECK(ask_plain("POST /mail/config-v1.1.xml", "a.example").starts_with("HTTP/1.1 405 "));
    CHECK(talk(path + " HTTP/1.1\r\nHost: a.example\r\nContent-Length: 1\r\n\r\nx", true)
              .starts_with("HTTP/1.1 413 "));
}

TEST_CASE_FIXTURE(setup_fixture,
                  "autoconfig: a server at which nothing can be set up has no document") {
    config.services.submissions = 0;
    CHECK(ask(path, "a.example").starts_with("HTTP/1.1 404 "));
}

TEST_CASE_FIXTURE(setup_fixture,
                  "autoconfig: no browser takes an answer for a page, no cache keeps it") {
    const auto said = ask(path, "a.example");
    CHECK(contains(said, "X-Content-Type-Options: nosniff\r\n"));
    CHECK(
        contains(said, "Content-Security-Policy: default-src 'none'; frame-ancestors 'none'\r\n"));
    CHECK(contains(said, "Cache-Control: no-store\r\n"));
}
