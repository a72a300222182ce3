#include "protocols/smtp/capabilities.hpp"

#include "protocols/smtp/extensions.hpp"

#include <doctest/doctest.h>

#include <string>
#include <utility>
#include <vector>

using namespace hauspost::smtp;

namespace {

capabilities read(std::vector<std::string> lines) {
    remote_reply ehlo;
    ehlo.code = 250;
    ehlo.lines = std::move(lines);
    ehlo.lines.insert(ehlo.lines.begin(), "mx.example.test greets you");
    return parse_capabilities(ehlo);
}

}  // namespace

TEST_CASE("capabilities: what our own server offers is understood") {
    extensions ours;
    ours.max_message_octets = 52'428'800;
    ours.start_tls = ours.binary_mime = ours.dsn = true;
    ours.auth = "PLAIN LOGIN";
    ours.max_messages = 100;
    ours.max_recipients = 1000;
    const auto offered = read(to_lines(ours));
    CHECK(offered.domain == "mx.example.test");
    CHECK(offered.size);
    CHECK(offered.max_message_octets == 52'428'800);
    CHECK(offered.pipelining);
    CHECK(offered.eight_bit_mime);
    CHECK(offered.smtputf8);
    CHECK(offered.enhanced_status_codes);
    CHECK(offered.start_tls);
    CHECK(offered.chunking);
    CHECK(offered.binary_mime);
    CHECK(offered.dsn);
    CHECK_FALSE(offered.require_tls);
    CHECK(offered.auth == std::vector<std::string>{"PLAIN", "LOGIN"});
    CHECK(offered.max_messages == 100);
    CHECK(offered.max_recipients == 1000);
    CHECK(offered.max_recipient_domains == 0);
}

TEST_CASE("capabilities: keywords are known in any case, others are passed over") {
    const auto offered =
        read({"pipeLining", "requiretls", "XFOO bar", "", " 8BITMIME ", "STARTTLSX", "HELP"});
    CHECK(offered.pipelining);
    CHECK(offered.require_tls);
    CHECK(offered.eight_bit_mime);
    CHECK_FALSE(offered.start_tls);
    CHECK_FALSE(offered.size);
}

TEST_CASE("capabilities: the first line is a name, not an extension") {
    remote_reply ehlo;
    CHECK(parse_capabilities(ehlo).domain.empty());
    ehlo.lines = {"STARTTLS"};
    CHECK_FALSE(parse_capabilities(ehlo).start_tls);
    CHECK(parse_capabilities(ehlo).domain == "STARTTLS");
}

TEST_CASE("capabilities: SIZE without a number that can be read sets no limit") {
    for (const auto* line :
         {"SIZE", "SIZE 0", "SIZE x", "SIZE -1", "SIZE 99999999999999999999999"}) {
        const auto offered = read({line});
        CHECK_MESSAGE(offered.size, line);
        CHECK_MESSAGE(offered.max_message_octets == 0, line);
    }
    CHECK(read({"SIZE 18446744073709551615"}).max_message_octets == UINT64_MAX);
}

TEST_CASE("capabilities: AUTH in the old spelling as well, each mechanism once, not without end") {
    const auto offered = read({"AUTH plain Login b@d", "AUTH=LOGIN CRAM-MD5", "AUTH"});
    CHECK(offered.auth == std::vector<std::string>{"PLAIN", "LOGIN", "CRAM-MD5"});
    CHECK(offered.has_auth("PLAIN"));
    CHECK_FALSE(offered.has_auth("PLAI"));
    std::string many = "AUTH";
    for (int i = 0; i < 1000; ++i)
        many += " M" + std::to_string(i);
    CHECK(read({many}).auth.size() == 32);
}

TEST_CASE("capabilities: LIMITS of RFC 9422, wrong numbers are not said") {
    const auto offered = read({"LIMITS MAILMAX=5 rcptmax=100 RCPTDOMAINMAX=1 OTHER=7 X"});
    CHECK(offered.max_messages == 5);
    CHECK(offered.max_recipients == 100);
    CHECK(offered.max_recipient_domains == 1);
    for (const auto* line : {"LIMITS RCPTMAX=0", "LIMITS RCPTMAX=", "LIMITS RCPTMAX=-1",
                             "LIMITS RCPTMAX=1000000", "LIMITS RCPTMAX=1x", "LIMITS", "LIMITS ="})
        CHECK_MESSAGE(read({line}).max_recipients == 0, line);
    CHECK(read({"LIMITS RCPTMAX=999999"}).max_recipients == 999'999);
}

TEST_CASE("capabilities: BINARYMIME counts only beside CHUNKING") {
    CHECK_FALSE(read({"BINARYMIME"}).binary_mime);
    CHECK(read({"BINARYMIME", "CHUNKING"}).binary_mime);
}
