#include "protocols/client_setup/autoconfig.hpp"

#include "tests/unit/protocols/client_setup/read_xml.hpp"
#include "tests/unit/protocols/client_setup/some_served.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>

using namespace hauspost;
using namespace hauspost::client_setup;
using lines = std::vector<std::string>;

namespace {

const std::string at = "clientConfig[version=1.1]/emailProvider[id=a.example]/";

void add_server(lines& to, const std::string& element, const std::string& port, const char* tls) {
    to.push_back(at + element + "/hostname=mail.a.example");
    to.push_back(at + element + "/port=" + port);
    to.push_back(at + element + "/socketType=" + tls);
    to.push_back(at + element + "/authentication=password-cleartext");
    to.push_back(at + element + "/username=%EMAILADDRESS%");
}

lines begin() {
    return {at + "domain=a.example", at + "displayName=a.example",
            at + "displayShortName=a.example"};
}

}  // namespace

TEST_CASE("autoconfig: all that is offered, the best of each kind first") {
    auto wanted = begin();
    add_server(wanted, "incomingServer[type=imap]", "993", "SSL");
    add_server(wanted, "incomingServer[type=imap]", "143", "STARTTLS");
    add_server(wanted, "incomingServer[type=pop3]", "995", "SSL");
    add_server(wanted, "incomingServer[type=pop3]", "110", "STARTTLS");
    add_server(wanted, "outgoingServer[type=smtp]", "465", "SSL");
    add_server(wanted, "outgoingServer[type=smtp]", "587", "STARTTLS");
    CHECK(test::xml_lines::of(write_autoconfig(test::all_served())) == wanted);
}

TEST_CASE("autoconfig: only what is offered") {
    auto some = test::all_served();
    some.imap = some.pop3s = some.pop3 = some.submissions = 0;
    auto wanted = begin();
    add_server(wanted, "incomingServer[type=imap]", "993", "SSL");
    add_server(wanted, "outgoingServer[type=smtp]", "587", "STARTTLS");
    CHECK(test::xml_lines::of(write_autoconfig(some)) == wanted);
}

TEST_CASE("autoconfig: whoever asks, the document of a domain is the same") {
    auto other = test::all_served();
    other.address = "bob@a.example";
    other.display_name = "Bob";
    CHECK(write_autoconfig(other) == write_autoconfig(test::all_served()));
}

TEST_CASE(
    "autoconfig: a domain with letters beyond ASCII is compared in A-labels and shown in its own") {
    auto some = test::all_served();
    some.domain = "xn--mller-kva.example";
    const auto told = test::xml_lines::of(write_autoconfig(some));
    const std::string in = "clientConfig[version=1.1]/emailProvider[id=xn--mller-kva.example]/";
    CHECK(told[0] == in + "domain=xn--mller-kva.example");
    CHECK(told[1] == in + "displayName=m\xc3\xbcller.example");
}

TEST_CASE("autoconfig: hostile names stay texts") {
    auto some = test::all_served();
    some.hostname = "\"><x>&";
    some.domain = "</domain><script a='\"'>";
    const auto told = test::xml_lines::of(write_autoconfig(some));
    CHECK(told.size() == 3 + 6 * 5);
    CHECK(std::count_if(told.begin(), told.end(),
                        [](const auto& one) { return one.ends_with("/hostname=\"><x>&"); }) == 6);
}
