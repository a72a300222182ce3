#include "tests/session/client_setup/fixture.hpp"

using namespace hauspost;
using test::contains;
using test::setup_fixture;

namespace {

const std::string schema = "http://schemas.microsoft.com/exchange/autodiscover/";

std::string outlook(const std::string& address,
                    const std::string& kind = "outlook/responseschema/2006a") {
    return "<?xml version=\"1.0\" encoding=\"utf-8\"?>\r\n<Autodiscover xmlns=\"" + schema +
           "outlook/requestschema/2006\"><Request><EMailAddress>" + address +
           "</EMailAddress><AcceptableResponseSchema>" + schema + kind +
           "</AcceptableResponseSchema></Request></Autodiscover>";
}

bool is_error(const std::string& response, const std::string& code) {
    return response.starts_with("HTTP/1.1 200 OK\r\n") &&
           contains(response, "<ErrorCode>" + code + "</ErrorCode>") &&
           !contains(response, "LoginName");
}

}  // namespace

TEST_CASE_FIXTURE(setup_fixture,
                  "autodiscover: Outlook's POST gets settings, at any spelling of the path") {
    for (const auto* path : {"/autodiscover/autodiscover.xml", "/Autodiscover/Autodiscover.xml",
                             "/AutoDiscover/AutoDiscover.xml"}) {
        const auto said = post(outlook("Anna@A.example"), path);
        CHECK(said.starts_with("HTTP/1.1 200 OK\r\n"));
        CHECK(contains(said, "Content-Type: text/xml; charset=utf-8\r\n"));
        CHECK(contains(said, "<LoginName>anna@a.example</LoginName>"));
        CHECK(contains(said, "<Port>993</Port>"));
        CHECK_FALSE(contains(said, "Encryption"));
    }
}

TEST_CASE_FIXTURE(setup_fixture,
                  "autodiscover: the answer is the same whether there is an account or not (G13)") {
    auto ours = post(outlook("anna@a.example"));
    auto nobodys = post(outlook("abba@a.example"));
    CHECK(ours.size() == nobodys.size());
    for (auto at = nobodys.find("abba"); at != std::string::npos; at = nobodys.find("abba"))
        nobodys.replace(at, 4, "anna");
    CHECK(ours == nobodys);
}

TEST_CASE_FIXTURE(setup_fixture,
                  "autodiscover: a domain that is not ours, and what is no address") {
    for (const auto* address :
         {"anna@b.example", "anna", "a.example", "@a.example", "a@b@a.example",
          "&quot;a b&quot;@a.example", "anna@[192.0.2.1]", "anna@a.example."})
        CHECK_MESSAGE(is_error(post(outlook(address)), "500"), address);
    const auto said = post(outlook("&lt;x&gt;@b.example"));
    CHECK_FALSE(contains(said, "b.example"));
}

TEST_CASE_FIXTURE(setup_fixture, "autodiscover: a domain in its own letters is found") {
    CHECK(contains(post(outlook("j\xc3\xbcrg@m\xc3\xbcller.example")),
                   "<LoginName>j\xc3\xbcrg@xn--mller-kva.example</LoginName>"));
}

TEST_CASE_FIXTURE(setup_fixture, "autodiscover: what cannot be read is an invalid request") {
    for (const auto& body :
         {std::string(), std::string("x"), outlook(""),
          "<!DOCTYPE a [<!ENTITY x SYSTEM \"file:///etc/passwd\">]>" + outlook("&x;").substr(40)})
        CHECK(is_error(post(body), "600"));
    CHECK(is_error(post(outlook("anna@a.example", "mobilesync/responseschema/2006")), "601"));
}

TEST_CASE_FIXTURE(setup_fixture, "autodiscover: a body over the limit is not read") {
    auto body = outlook("anna@a.example");
    body.append(8192 - body.size(), '\n');
    CHECK(contains(post(body), "<LoginName>"));
    CHECK(post(body + "\n").starts_with("HTTP/1.1 413 "));
}

TEST_CASE_FIXTURE(setup_fixture, "autodiscover: GET has an answer, too") {
    const std::string get = "GET /autodiscover/autodiscover.xml";
    CHECK(is_error(ask(get, "autodiscover.a.example"), "600"));
    CHECK(contains(ask(get + "?Email=anna@a.example", "autodiscover.a.example"),
                   "<LoginName>anna@a.example</LoginName>"));
    const auto put = ask("PUT /autodiscover/autodiscover.xml", "a.example");
    CHECK(put.starts_with("HTTP/1.1 405 "));
    CHECK(contains(put, "Allow: GET, HEAD, POST\r\n"));
}

TEST_CASE_FIXTURE(setup_fixture,
                  "autodiscover: the second form, with the address in either place") {
    const std::string told =
        R"({"Protocol":"AutodiscoverV1","Url":"https://mail.a.example/autodiscover/autodiscover.xml"})";
    for (const std::string path :
         {"/autodiscover/"
          "autodiscover.json?Email=anna@a.example&Protocol=AutodiscoverV1&RedirectCount=1",
          "/Autodiscover/Autodiscover.json/v1.0/anna%40a.example?Protocol=Autodiscoverv1"}) {
        const auto said = ask("GET " + path, "autodiscover.a.example");
        CHECK(said.starts_with("HTTP/1.1 200 OK\r\n"));
        CHECK(contains(said, "Content-Type: application/json; charset=utf-8\r\n"));
        CHECK(test::content_of(said) == told);
    }
    config.https_port = 2444;
    CHECK(
        contains(ask("GET /autodiscover/autodiscover.json/v1.0/x@a.example?Protocol=AutodiscoverV1",
                     "a.example"),
                 "https://mail.a.example:2444/"));
}

TEST_CASE_FIXTURE(setup_fixture,
                  "autodiscover: the second form refuses in codes, and knows no other domain") {
    const auto get = [this](const std::string& rest) {
        return ask("GET /autodiscover/autodiscover.json" + rest, "mail.a.example");
    };
    CHECK(get("/v1.0/anna@a.example?Protocol=ActiveSync").starts_with("HTTP/1.1 400 "));
    CHECK(contains(get("?Email=anna@a.example&Protocol=EWS"), "InvalidProtocol"));
    CHECK(contains(get("?Email=anna@a.example"), "MandatoryParameterMissing"));
    CHECK(contains(get("?Protocol=AutodiscoverV1"), "MandatoryParameterMissing"));
    CHECK(get("?Email=anna@b.example&Protocol=AutodiscoverV1").starts_with("HTTP/1.1 404 "));
    CHECK(ask("POST /autodiscover/autodiscover.json", "a.example").starts_with("HTTP/1.1 405 "));
}
