#include "server/client_setup/setup_paths.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace hauspost;
using namespace hauspost::client_setup;

namespace {

http::request_head asked(const std::string& path, std::vector<http::query_parameter> query = {}) {
    http::request_head head;
    head.path = path;
    head.query = std::move(query);
    return head;
}

}  // namespace

TEST_CASE("set-up paths: those of Thunderbird and Outlook, in any case") {
    CHECK(find_document("/mail/config-v1.1.xml") == document::autoconfig);
    CHECK(find_document("/.well-known/autoconfig/mail/config-v1.1.xml") == document::autoconfig);
    for (const auto* path : {"/autodiscover/autodiscover.xml", "/Autodiscover/Autodiscover.xml",
                             "/AutoDiscover/AutoDiscover.xml", "/AUTODISCOVER/AUTODISCOVER.XML"})
        CHECK(find_document(path) == document::autodiscover);
    CHECK(find_document("/autodiscover/autodiscover.json") == document::autodiscover_json);
    CHECK(find_document("/Autodiscover/Autodiscover.json/v1.0/a@b") == document::autodiscover_json);
    for (const auto* path :
         {"/", "", "/mail/", "/mail/config-v1.1.xml/", "/.well-known/autoconfig",
          "/.well-known/mta-sts.txt", "/autodiscover/", "/autodiscover/autodiscover.svc",
          "/autodiscover/autodiscover.xml/x", "/autodiscover/autodiscover.json/v2.0/a@b"})
        CHECK_MESSAGE(find_document(path) == document::none, path);
}

TEST_CASE("set-up paths: where the address is that somebody asks for") {
    CHECK(asked_address(asked("/mail/config-v1.1.xml", {{"emailaddress", "a@b"}})) == "a@b");
    CHECK(asked_address(asked("/autodiscover/autodiscover.json",
                              {{"Protocol", "x"}, {"Email", "a@b"}})) == "a@b");
    CHECK(asked_address(asked("/Autodiscover/autodiscover.json/V1.0/A@b", {{"Email", "c@d"}})) ==
          "A@b");
    CHECK(asked_address(asked("/autodiscover/autodiscover.json/v1.0/")) == "");
    CHECK_FALSE(asked_address(asked("/mail/config-v1.1.xml", {{"address", "a@b"}})));
}

TEST_CASE("set-up paths: a target is encoded again, so that no octet of it is more than an octet") {
    CHECK(encoded_target(asked("/")) == "/");
    CHECK(encoded_target(asked("/a b/\xc3\xbc?#%\r\n\"<", {{"q&=", "1+1 x"}, {"e", "a@b"}})) ==
          "/a%20b/%C3%BC%3F%23%25%0D%0A%22%3C?q%26%3D=1%2B1%20x&e=a@b");
}

TEST_CASE("set-up paths: the usual port is not named") {
    CHECK(https_origin("mail.a.example", 443) == "https://mail.a.example");
    CHECK(https_origin("mail.a.example", 2444) == "https://mail.a.example:2444");
}
