// The profile that an iPhone, iPad or Mac sets an account up by.
#include "tests/session/client_setup/fixture.hpp"

using namespace hauspost;
using test::contains;
using test::content_of;

TEST_CASE_FIXTURE(test::setup_fixture, "profile: of an address of ours, by HTTPS") {
    const auto told = ask("GET /profile.mobileconfig?email=Anna%40A.example", "mail.a.example");
    CHECK(contains(told, "HTTP/1.1 200"));
    CHECK(contains(told, "Content-Type: application/x-apple-aspen-config"));
    CHECK(contains(told, "Content-Disposition: attachment"));
    CHECK(contains(told, "Cache-Control: no-store"));
    CHECK(contains(content_of(told), "<string>anna@a.example</string>"));
    CHECK(contains(content_of(told), "<string>mail.a.example</string>"));
}

TEST_CASE_FIXTURE(test::setup_fixture, "profile: says nothing of who has an account") {
    const auto profile = [this](const std::string& who) {
        auto told = ask("GET /profile.mobileconfig?email=" + who, "mail.a.example");
        for (auto at = told.find(who); at != std::string::npos; at = told.find(who))
            told.erase(at, who.size());
        return told.substr(0, told.find("<dict>"));
    };
    CHECK(contains(profile("anna@a.example"), "HTTP/1.1 200"));
    CHECK(contains(profile("nobody@a.example"), "HTTP/1.1 200"));
}

TEST_CASE_FIXTURE(test::setup_fixture, "profile: signed where the server's signature is trusted") {
    static std::string seen;  // a coroutine's lambda must not hold it
    sign = [](std::string document) -> awaitable<std::optional<std::string>> {
        seen = std::move(document);
        co_return "DER";
    };
    const auto told = ask("GET /profile.mobileconfig?email=anna@a.example", "mail.a.example");
    CHECK(content_of(told) == "DER");
    CHECK(contains(seen, "<plist"));
}

TEST_CASE_FIXTURE(test::setup_fixture,
                  "profile: of others' addresses and without one there is none") {
    CHECK(contains(ask("GET /profile.mobileconfig?email=x@b.example", "mail.a.example"), " 404 "));
    CHECK(contains(ask("GET /profile.mobileconfig", "mail.a.example"), " 404 "));
    CHECK(contains(ask("GET /profile.mobileconfig?email=%00", "mail.a.example"), " 400 "));
    CHECK(contains(ask("POST /profile.mobileconfig?email=anna@a.example", "mail.a.example"),
                   " 405 "));
    config.services.imaps = 0;
    CHECK(
        contains(ask("GET /profile.mobileconfig?email=anna@a.example", "mail.a.example"), " 404 "));
}

TEST_CASE_FIXTURE(test::setup_fixture, "profile: by HTTP the device is led to HTTPS") {
    const auto told =
        ask_plain("GET /profile.mobileconfig?email=anna%40a.example", "mail.a.example");
    CHECK(contains(told, " 301 "));
    CHECK(contains(told,
                   "Location: https://mail.a.example/profile.mobileconfig?email=anna@a.example"));
}

TEST_CASE_FIXTURE(test::setup_fixture, "profile: too much work is said, and when to come again") {
    sign = [](std::string) -> awaitable<std::optional<std::string>> { co_return std::nullopt; };
    const auto told = ask("GET /profile.mobileconfig?email=anna@a.example", "mail.a.example");
    CHECK(contains(told, " 503 "));
    CHECK(contains(told, "Retry-After: 5"));
}
