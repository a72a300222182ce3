#include "tests/session/jmap/fixture.hpp"

using namespace hauspost;
using test::contains;
using test::jmap_fixture;
namespace json = boost::json;

namespace {

const std::string json_type = "Content-Type: application/json\r\n";
const std::string echo =
    R"({"using":["urn:ietf:params:jmap:core"],"methodCalls":[["Core/echo",{"a":[1,null]},"c"]]})";

}  // namespace

TEST_CASE_FIXTURE(jmap_fixture, "jmap 8620 2: the session object says who, where and how much") {
    const auto said = session();
    CHECK(said.at("username") == "ann@a.example");
    CHECK(said.at("apiUrl") == "https://mail.a.example/jmap/api");
    const auto& accounts = said.at("accounts").as_object();
    REQUIRE(accounts.size() == 1);
    CHECK(accounts.begin()->value().at("name") == "ann@a.example");
    CHECK(accounts.begin()->value().at("isPersonal") == true);
    CHECK(said.at("primaryAccounts").at("urn:ietf:params:jmap:mail") ==
          json::string(accounts.begin()->key()));
    CHECK_FALSE(said.at("primaryAccounts").as_object().contains("urn:ietf:params:jmap:core"));
    const auto& core = said.at("capabilities").at("urn:ietf:params:jmap:core").as_object();
    CHECK(core.at("maxSizeRequest") == 10'000'000);
    CHECK(core.at("maxCallsInRequest") == 32);
    CHECK(core.at("maxConcurrentRequests") == 16);
    for (const auto* name : {"downloadUrl", "uploadUrl", "eventSourceUrl", "state"})
        CHECK(said.contains(name));
    CHECK(contains(ask("GET /.well-known/jmap", authorization("ann@a.example")),
                   "Cache-Control: no-store\r\n"));
}

TEST_CASE_FIXTURE(jmap_fixture, "jmap 8620 4: Core/echo gives what it got") {
    const auto said = post(echo);
    CHECK(said.starts_with("HTTP/1.1 200 OK\r\n"));
    CHECK(contains(said, "Content-Type: application/json\r\n"));
    const auto object = json::parse(content_of(said)).as_object();
    CHECK(json::serialize(object.at("methodResponses")) == R"([["Core/echo",{"a":[1,null]},"c"]])");
    CHECK(object.at("sessionState") == session().at("state"));
    CHECK_FALSE(object.contains("createdIds"));
}

TEST_CASE_FIXTURE(jmap_fixture, "jmap 8620 3.3: createdIds come back where they were sent") {
    const auto said =
        post(R"({"using":["urn:ietf:params:jmap:core"],"methodCalls":[],"createdIds":{"k":"M1"}})");
    CHECK(contains(said, R"("createdIds":{"k":"M1"})"));
}

TEST_CASE_FIXTURE(jmap_fixture,
                  "jmap 8620 3.6.2: unknown methods and those whose capability is not used") {
    const auto answers = calls(R"(["Email/frobnicate",{},"1"],["Core/echo",{},"2"])");
    CHECK(answers.at(0).at(0) == "error");
    CHECK(answers.at(0).at(1).at("type") == "unknownMethod");
    CHECK(answers.at(0).at(2) == "1");
    CHECK(answers.at(1).at(0) == "Core/echo");
    CHECK(contains(
        post(R"({"using":["urn:ietf:params:jmap:core"],"methodCalls":[["Mailbox/get",{},"c"]]})"),
        "unknownMethod"));
}

TEST_CASE_FIXTURE(jmap_fixture,
                  "jmap 8620 3.7: a call takes what an earlier one said, errors stay its own") {
    const auto answers = calls(
        R"(["Core/echo",{"n":{"m":[{"v":1},{"v":2}]}},"a"],
           ["Core/echo",{"#x":{"resultOf":"a","name":"Core/echo","path":"/n/m/*/v"}},"b"],
           ["Core/echo",{"#x":{"resultOf":"z","name":"Core/echo","path":"/n"}},"c"],
           ["Core/echo",{},"d"])");
    CHECK(json::serialize(answers.at(1)) == R"(["Core/echo",{"x":[1,2]},"b"])");
    CHECK(answers.at(2).at(1).at("type") == "invalidResultReference");
    CHECK(answers.at(3).at(0) == "Core/echo");
}

TEST_CASE_FIXTURE(jmap_fixture,
                  "jmap 8620 3.6.1: a request that is none is told by a problem document") {
    const auto fields = authorization("ann@a.example") + json_type;
    auto said = ask("POST /jmap/api", fields, "{");
    CHECK(said.starts_with("HTTP/1.1 400 "));
    CHECK(contains(said, "Content-Type: application/problem+json\r\n"));
    CHECK(contains(said, "urn:ietf:params:jmap:error:notJSON"));
    CHECK(contains(ask("POST /jmap/api", fields, "[]"), "urn:ietf:params:jmap:error:notRequest"));
    CHECK(contains(ask("POST /jmap/api", authorization("ann@a.example"), echo),
                   "urn:ietf:params:jmap:error:notJSON"));
    CHECK(contains(ask("POST /jmap/api",
                       authorization("ann@a.example") + "Content-Type: text/plain\r\n", echo),
                   "urn:ietf:params:jmap:error:notJSON"));
    said = ask("POST /jmap/api", fields + "Content-Length: 10000001\r\n");
    CHECK(contains(said, "urn:ietf:params:jmap:error:limit"));
    CHECK(contains(said, R"("limit":"maxSizeRequest")"));
}

TEST_CASE_FIXTURE(jmap_fixture,
                  "jmap: without a password, with a wrong one, and with another form (E02)") {
    std::string log;
    {
        const test::log_capture captured(log);
        auto said = ask("GET /.well-known/jmap");
        CHECK(said.starts_with("HTTP/1.1 401 "));
        CHECK(contains(said, "WWW-Authenticate: Basic realm=\"Hauspost\", charset=\"UTF-8\"\r\n"));
        said = ask("GET /.well-known/jmap", authorization("ann@a.example", "no"));
        CHECK(said.starts_with("HTTP/1.1 401 "));
        CHECK(contains(said, "only the owner sets passwords"));
        said = ask("GET /.well-known/jmap", authorization("nobody@a.example"));
        CHECK(said.starts_with("HTTP/1.1 401 "));
        for (const auto* field : {"Bearer x", "Basic", "Basic !", "Basic YW5u", "Basic OnB3"})
            CHECK(ask("GET /.well-known/jmap", "Authorization: " + std::string(field) + "\r\n")
                      .starts_with("HTTP/1.1 401 "));
    }
    CHECK(contains(log, "login_failed"));
    CHECK(contains(log, "reason=wrong_password"));
    CHECK_FALSE(contains(log, "no\""));
}

TEST_CASE_FIXTURE(jmap_fixture, "jmap: a page's own request gets no box of the browser") {
    const auto said = ask("GET /.well-known/jmap", "Sec-Fetch-Mode: cors\r\n");
    CHECK(said.starts_with("HTTP/1.1 401 "));
    CHECK_FALSE(contains(said, "WWW-Authenticate"));
}

TEST_CASE_FIXTURE(jmap_fixture, "jmap: who is locked, banned, or comes while all hash is told so") {
    CHECK(
        ask("GET /.well-known/jmap", authorization("off@a.example")).starts_with("HTTP/1.1 403 "));
    auto said = ask("GET /.well-known/jmap", authorization("throttled@a.example"));
    CHECK(said.starts_with("HTTP/1.1 429 "));
    CHECK(contains(said, "Retry-After: 600\r\n"));
    said = ask("GET /.well-known/jmap", authorization("busy@a.example"));
    CHECK(said.starts_with("HTTP/1.1 503 "));
    CHECK(contains(said, "Retry-After: 3\r\n"));
}

TEST_CASE_FIXTURE(jmap_fixture, "jmap: a body is not read of who has no password (G08)") {
    const auto said = ask("POST /jmap/api", json_type, std::string(1'000'000, ' '));
    CHECK(said.starts_with("HTTP/1.1 401 "));
    CHECK(contains(said, "Connection: close\r\n"));
}

TEST_CASE_FIXTURE(jmap_fixture,
                  "jmap: no other site's page may read an answer, no cookie counts (G05)") {
    const auto own = authorization("ann@a.example");
    for (const auto& said :
         {ask("GET /.well-known/jmap", own + "Origin: https://evil.example\r\n"),
          ask("POST /jmap/api", own + json_type + "Origin: https://evil.example\r\n", echo),
          ask("OPTIONS /jmap/api",
              "Origin: https://evil.example\r\n"
              "Access-Control-Request-Method: POST\r\n")}) {
        CHECK_FALSE(contains(said, "Access-Control"));
        CHECK_FALSE(contains(said, "Set-Cookie"));
    }
    CHECK(ask("OPTIONS /jmap/api").starts_with("HTTP/1.1 405 "));
    CHECK(ask("GET /.well-known/jmap", "Cookie: __Host-hauspost-mail=x\r\n")
              .starts_with("HTTP/1.1 401 "));
    // A form can send neither the type nor the field.
    CHECK(contains(ask("POST /jmap/api", own + "Content-Type: text/plain\r\n", echo), "notJSON"));
}

TEST_CASE_FIXTURE(jmap_fixture, "jmap: paths and methods that are not there") {
    const auto own = authorization("ann@a.example");
    CHECK(ask("GET /jmap/api", own).starts_with("HTTP/1.1 405 "));
    CHECK(ask("POST /.well-known/jmap", own).starts_with("HTTP/1.1 405 "));
    CHECK(ask("GET /jmap/", own).starts_with("HTTP/1.1 404 "));
    CHECK(ask("GET /jmap/upload/A1/", own).starts_with("HTTP/1.1 404 "));
}

TEST_CASE_FIXTURE(jmap_fixture, "jmap: in the clear nobody signs in but from this machine") {
    const auto request = "GET /.well-known/jmap HTTP/1.1\r\nHost: mail.a.example\r\n" +
                         authorization("ann@a.example") + "\r\n";
    CHECK(talk(request, false).starts_with("HTTP/1.1 200 "));
    test::memory_stream peer(request);
    net::peer_info far;
    far.address = "192.0.2.7";
    far.is_loopback = false;
    peer.set_peer(far);
    const http::session_ports ports{handler(), parts().time.wall(), parts().limits()};
    http::session session(peer, ports, std::make_shared<const http::session_config>());
    test::run(parts().io, session.run());
    CHECK(peer.output().starts_with("HTTP/1.1 403 "));
    CHECK(contains(peer.output(), "by https"));
}

TEST_CASE_FIXTURE(jmap_fixture, "jmap: no method, no route and no field changes a password (E07)") {
    for (const auto& one : jmap::methods()) {
        std::string name(one.name);
        for (auto& c : name)
            c = static_cast<char>(std::tolower(c));
        CHECK_FALSE(contains(name, "pass"));
        CHECK_FALSE(contains(name, "cred"));
    }
    const auto said = calls(
        R"(["Principal/set",{"update":{"A1":{"password":"new"}}},"1"],
           ["Account/set",{"update":{"A1":{"secret":"new"}}},"2"],
           ["Core/echo",{"password":"new"},"3"])");
    CHECK(said.at(0).at(1).at("type") == "unknownMethod");
    CHECK(said.at(1).at(1).at("type") == "unknownMethod");
    for (const auto* verb : {"POST", "PUT", "PATCH", "DELETE"})
        for (const auto* path :
             {"/jmap/password", "/jmap/api/password", "/.well-known/change-password"})
            CHECK_FALSE(ask(std::string(verb) + ' ' + path, authorization("ann@a.example"))
                            .starts_with("HTTP/1.1 2"));
    CHECK(contains(post(echo), "HTTP/1.1 200 OK"));
}

TEST_CASE_FIXTURE(jmap_fixture, "jmap: a fault of ours is of its call alone, and tells nothing") {
    std::string log;
    const test::log_capture captured(log);
    CHECK(ask("GET /.well-known/jmap", authorization("fault@a.example"))
              .starts_with("HTTP/1.1 500 "));
    CHECK_FALSE(contains(ask("GET /.well-known/jmap", authorization("fault@a.example")), "disk"));
}
