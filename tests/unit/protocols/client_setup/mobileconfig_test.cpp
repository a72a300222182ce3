#include "protocols/client_setup/mobileconfig.hpp"

#include "tests/unit/protocols/client_setup/read_xml.hpp"
#include "tests/unit/protocols/client_setup/some_served.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <stdexcept>
#include <string>

using namespace hauspost;
using namespace hauspost::client_setup;

namespace {

using values = std::map<std::string, std::string>;

/// The keys of the profile, and those of its one payload ("mail." in front).
values read(const std::string& document) {
    values all;
    std::string key;
    for (const auto& line : test::xml_lines::of(document)) {
        const bool is_inner = line.find("/array/dict/") != std::string::npos;
        const auto element = line.substr(line.find(is_inner ? "/array/dict/" : "/dict/"));
        const auto name = element.substr(element.find("dict/") + 5);
        if (name.starts_with("key="))
            key = (is_inner ? "mail." : "") + name.substr(4);
        else
            CHECK(all.emplace(key, name).second);
    }
    return all;
}

}  // namespace

TEST_CASE("mobileconfig: an account by IMAP and submission, both with TLS") {
    auto some = test::all_served();
    some.display_name = "Anna Schmidt";
    auto told = read(write_mobileconfig(some));
    const values wanted{
        {"mail.EmailAccountDescription", "string=anna@a.example"},
        {"mail.EmailAccountName", "string=Anna Schmidt"},
        {"mail.EmailAccountType", "string=EmailTypeIMAP"},
        {"mail.EmailAddress", "string=anna@a.example"},
        {"mail.IncomingMailServerAuthentication", "string=EmailAuthPassword"},
        {"mail.IncomingMailServerHostName", "string=mail.a.example"},
        {"mail.IncomingMailServerPortNumber", "integer=993"},
        {"mail.IncomingMailServerUseSSL", "true="},
        {"mail.IncomingMailServerUsername", "string=anna@a.example"},
        {"mail.OutgoingMailServerAuthentication", "string=EmailAuthPassword"},
        {"mail.OutgoingMailServerHostName", "string=mail.a.example"},
        {"mail.OutgoingMailServerPortNumber", "integer=465"},
        {"mail.OutgoingMailServerUseSSL", "true="},
        {"mail.OutgoingMailServerUsername", "string=anna@a.example"},
        {"mail.OutgoingPasswordSameAsIncomingPassword", "true="},
        {"mail.PayloadDisplayName", "string=anna@a.example"},
        {"mail.PayloadType", "string=com.apple.mail.managed"},
        {"mail.PayloadVersion", "integer=1"},
        {"PayloadDisplayName", "string=anna@a.example"},
        {"PayloadOrganization", "string=a.example"},
        {"PayloadRemovalDisallowed", "false="},
        {"PayloadType", "string=Configuration"},
        {"PayloadVersion", "integer=1"},
    };
    for (const auto* key : {"PayloadUUID", "PayloadIdentifier"})
        for (const std::string in : {"", "mail."})
            CHECK(told.erase(in + key) == 1);
    CHECK(told == wanted);
}

TEST_CASE("mobileconfig: POP3 where that is all there is, STARTTLS where nothing better is") {
    auto some = test::all_served();
    some.imaps = some.imap = some.submissions = 0;
    auto told = read(write_mobileconfig(some));
    CHECK(told["mail.EmailAccountType"] == "string=EmailTypePOP");
    CHECK(told["mail.IncomingMailServerPortNumber"] == "integer=995");
    CHECK(told["mail.OutgoingMailServerPortNumber"] == "integer=587");
    CHECK(told["mail.OutgoingMailServerUseSSL"] == "true=");
    CHECK(told.count("mail.EmailAccountName") == 0);
    some.submission = 0;
    CHECK_THROWS_AS((void)write_mobileconfig(some), std::logic_error);
}

TEST_CASE(
    "mobileconfig: a second profile of an account replaces the first, another account's does not") {
    const auto ids = [](const served& of) {
        auto told = read(write_mobileconfig(of));
        return std::vector{told["PayloadUUID"], told["PayloadIdentifier"], told["mail.PayloadUUID"],
                           told["mail.PayloadIdentifier"]};
    };
    const auto first = ids(test::all_served());
    auto other = test::all_served();
    other.imaps = 1993;
    other.display_name = "Anna";
    CHECK(ids(other) == first);
    other.address = "bob@a.example";
    auto all = first;
    for (const auto& one : ids(other))
        all.push_back(one);
    other.address = "anna@a.example";
    other.hostname = "mail.b.example";
    for (const auto& one : ids(other))
        all.push_back(one);
    std::sort(all.begin(), all.end());
    CHECK(std::adjacent_find(all.begin(), all.end()) == all.end());
}

TEST_CASE("mobileconfig: UUIDs are those of RFC 9562, version 5") {
    // As other programs make them in the same namespace.
    CHECK(name_uuid("a") == "33f3b586-22ec-52d1-b741-9afda9be9659");
}

TEST_CASE("mobileconfig: hostile names stay texts, and there is no password") {
    auto some = test::all_served();
    some.display_name = "</string><key>IncomingPassword</key><string>x";
    const auto document = write_mobileconfig(some);
    CHECK(read(document)["mail.EmailAccountName"] == "string=" + some.display_name);
    CHECK(document.find("<key>IncomingPassword") == std::string::npos);
    CHECK(document.find("<key>OutgoingPassword<") == std::string::npos);
}
