#include "protocols/client_setup/autodiscover.hpp"

#include "tests/unit/protocols/client_setup/read_xml.hpp"
#include "tests/unit/protocols/client_setup/some_served.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace hauspost;
using namespace hauspost::client_setup;
using namespace std::chrono_literals;
using lines = std::vector<std::string>;

namespace {

const std::string schema = "http://schemas.microsoft.com/exchange/autodiscover/";
const std::string root = "Autodiscover[xmlns=" + schema + "responseschema/2006]/Response";
const std::string response = root + "[xmlns=" + schema + "outlook/responseschema/2006a]/";

lines begin(const std::string& name) {
    return {response + "User/DisplayName=" + name, response + "Account/AccountType=email",
            response + "Account/Action=settings"};
}

void add_protocol(lines& to, const std::string& type, const std::string& port, bool is_tls) {
    const auto at = response + "Account/Protocol/";
    to.insert(to.end(), {at + "Type=" + type, at + "Server=mail.a.example", at + "Port=" + port,
                         at + "DomainRequired=off", at + "LoginName=anna@a.example", at + "SPA=off",
                         at + "SSL=on"});
    if (!is_tls) to.push_back(at + "Encryption=TLS");
    to.push_back(at + "AuthRequired=on");
    if (type == "SMTP") to.insert(to.end(), {at + "UsePOPAuth=off", at + "SMTPLast=off"});
}

std::string error_line(const std::string& rest) {
    return root + "/Error[Time=16:56:02][Id=1]/" + rest;
}

}  // namespace

TEST_CASE("autodiscover: each service once, with TLS and without the word that means STARTTLS") {
    auto wanted = begin("anna@a.example");
    add_protocol(wanted, "IMAP", "993", true);
    add_protocol(wanted, "POP3", "995", true);
    add_protocol(wanted, "SMTP", "465", true);
    const auto said = write_autodiscover(test::all_served());
    CHECK(test::xml_lines::of(said) == wanted);
    CHECK(said.find("Encryption") == std::string::npos);
}

TEST_CASE("autodiscover: STARTTLS where nothing better is offered, and nothing that is not") {
    auto some = test::all_served();
    some.imaps = some.pop3s = some.pop3 = some.submissions = 0;
    some.display_name = "Anna & Co";
    auto wanted = begin("Anna & Co");
    add_protocol(wanted, "IMAP", "143", false);
    add_protocol(wanted, "SMTP", "587", false);
    CHECK(test::xml_lines::of(write_autodiscover(some)) == wanted);
}

TEST_CASE("autodiscover: a hostile address stays a text") {
    auto some = test::all_served();
    some.address = "</LoginName><SSL>off</SSL>&x;@a.example";
    const auto told = test::xml_lines::of(write_autodiscover(some));
    CHECK(told.size() == 3 + 8 + 8 + 10);
    CHECK(told[7] == response + "Account/Protocol/LoginName=" + some.address);
}

TEST_CASE("autodiscover: errors have a code, words, and the time") {
    const std::chrono::sys_seconds now(std::chrono::sys_days(2026y / 1 / 31) + 16h + 56min + 2s);
    CHECK(test::xml_lines::of(write_autodiscover_error(autodiscover_error::invalid_request, now)) ==
          lines{error_line("ErrorCode=600"), error_line("Message=Invalid Request"),
                error_line("DebugData=")});
    CHECK(test::xml_lines::of(write_autodiscover_error(autodiscover_error::unknown_address,
                                                       now))[0] == error_line("ErrorCode=500"));
    CHECK(test::xml_lines::of(write_autodiscover_error(autodiscover_error::no_such_schema,
                                                       now))[0] == error_line("ErrorCode=601"));
    CHECK(
        write_autodiscover_error(autodiscover_error::invalid_request, std::chrono::sys_seconds(-1s))
            .find("Time=\"23:59:59\"") != std::string::npos);
}

TEST_CASE("autodiscover: the second form leads to the first, in any case") {
    const std::string url = "https://mail.a.example/autodiscover/autodiscover.xml";
    for (const auto* asked : {"AutodiscoverV1", "Autodiscoverv1", "AUTODISCOVERV1"}) {
        const auto said = write_autodiscover_json("anna@a.example", asked, url);
        CHECK(said.status == 200);
        CHECK(said.body == "{\"Protocol\":\"AutodiscoverV1\",\"Url\":\"" + url + "\"}");
    }
}

TEST_CASE("autodiscover: the second form says what is wrong in a code") {
    const auto ask = [](const std::optional<std::string>& address,
                        const std::optional<std::string>& protocol) {
        const auto said = write_autodiscover_json(address, protocol, "https://x/");
        CHECK(said.status == 400);
        return said.body;
    };
    CHECK(ask("a@b", "ActiveSync") ==
          R"({"ErrorCode":"InvalidProtocol","ErrorMessage":"The given protocol value 'ActiveSync')"
          R"( is invalid. Supported values are 'AutodiscoverV1'"})");
    for (const auto& none : {std::optional<std::string>(), std::optional<std::string>("")}) {
        CHECK(ask("a@b", none) ==
              R"({"ErrorCode":"MandatoryParameterMissing","ErrorMessage":"A valid value must be)"
              R"( provided for the query parameter 'Protocol'"})");
        CHECK(ask(none, "Ews").find("'Email'") != std::string::npos);
    }
}

TEST_CASE("autodiscover: a hostile protocol is shown as a text, and not all of it") {
    const auto said = write_autodiscover_json("a@b", "\",\"Url\":\"x\n\xff", "https://x/");
    CHECK(said.body.find(R"('\",\"Url\":\"x\n)") != std::string::npos);
    CHECK(said.body.find('\xff') == std::string::npos);
    CHECK(write_autodiscover_json("a@b", std::string(5000, 'x'), "https://x/").body.size() < 250);
}
