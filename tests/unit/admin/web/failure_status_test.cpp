#include "admin/web/failure_status.hpp"

#include "admin/api/sentences.hpp"

#include <boost/json/parse.hpp>
#include <doctest/doctest.h>

#include <string>

using namespace hauspost;
using namespace hauspost::admin;

TEST_CASE("admin web: a refusal is a problem with its code, its words and what it is about") {
    auto why = api::failed("no_such_account", "There is no account x.");
    why.facts["subject"] = "x@a.example";
    const auto made = web::to_response(why);
    CHECK(made.status == 404);
    CHECK(made.fields.value_of("Content-Type") == "application/problem+json");
    CHECK(made.fields.value_of("Cache-Control") == "no-store");
    const auto said = boost::json::parse(made.body).as_object();
    CHECK(said.at("code").as_string() == "no_such_account");
    CHECK(said.at("detail").as_string() == "There is no account x.");
    CHECK(said.at("subject").as_string() == "x@a.example");
    CHECK(said.at("status").to_number<int>() == 404);
}

TEST_CASE("admin web: who has to wait is told how long") {
    auto why = api::failed("owner_wait", "Wait.");
    why.facts["number"] = 52;
    const auto made = web::to_response(why);
    CHECK(made.status == 429);
    CHECK(made.fields.value_of("Retry-After") == "52");
}

TEST_CASE("admin web: no refusal is told as a success or as a redirection") {
    for (int n = 0; n <= static_cast<int>(refusal_code::not_a_language); ++n) {
        const auto code = api::name_of(static_cast<refusal_code>(n));
        const auto status = web::to_response(api::failed(std::string(code), "x.")).status;
        CHECK_MESSAGE((status >= 400 && status < 600), code);
    }
}
