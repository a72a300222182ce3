// Writes a delivery report, for other people's readers.
//
//   write_report german|english [full] < MESSAGE
//
// Two recipients: one that another server refused with odd words, one that is tried on. The envelope
// is UTF-8 where it may be.

#include "protocols/message/header.hpp"
#include "server/outbound/delivery_report.hpp"

#include <cstdio>
#include <cstring>
#include <exception>
#include <string>
#include <vector>

namespace {

using namespace hauspost;

std::string all_of_stdin() {
    std::string all;
    char piece[4096];
    for (std::size_t got = 0; (got = std::fread(piece, 1, sizeof(piece), stdin)) > 0;)
        all.append(piece, got);
    return all;
}

std::vector<outbound::reported_recipient> two_recipients() {
    outbound::reported_recipient refused;
    refused.address = "bj\xc3\xb6rn@elsewhere.test";
    refused.original = "utf-8;bj\\x{F6}rn@elsewhere.test";
    refused.status = refused.enhanced = "5.1.1";
    refused.remote_host = "mx.elsewhere.test";
    refused.code = 550;
    refused.remote_reply =
        "User unknown\r\n\r\nBcc: eve@evil.test\r\n\x1b[2J Gr\xfc\xdf"
        "e " +
        std::string(2000, 'x');
    refused.last_attempt = 1'795'425'960;
    outbound::reported_recipient waiting;
    waiting.address = "carl@far.test";
    waiting.original = "rfc822;Carl+2Bnews@far.test";
    waiting.action = outbound::recipient_action::delayed;
    waiting.status = "4.4.1";
    waiting.own_words = "connection timed out";
    waiting.tried_until = 1'795'598'800;
    return {refused, waiting};
}

void write(int argc, char** argv) {
    const auto octets = all_of_stdin();
    outbound::reported_message message;
    message.sender = "ann@example.test";
    message.envelope_id = "A+3DB";
    message.octets = octets;
    message.header = message.octets.substr(0, message::find_header_end(octets).fields_end);
    message.arrived_at = 1'795'425'900;
    outbound::report_terms terms;
    const bool is_german = argc > 1 && std::strcmp(argv[1], "german") == 0;
    terms.speech = is_german ? outbound::language::german : outbound::language::english;
    terms.is_full_wanted = argc > 2;
    terms.hostname = "mail.example.test";
    terms.from = "postmaster@example.test";
    terms.unique = "u7";
    terms.now.unix_seconds = 1'795'426'000;
    terms.now.zone_minutes = 60;
    const auto report = outbound::write_report(message, two_recipients(), terms);
    std::fwrite(report.octets.data(), 1, report.octets.size(), stdout);
}

}  // namespace

int main(int argc, char** argv) {
    try {
        write(argc, argv);
        return 0;
    } catch (const std::exception& fault) {
        std::fprintf(stderr, "%s\n", fault.what());
        return 2;
    }
}
