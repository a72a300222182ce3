#include "protocols/smtp/command_parser.hpp"

#include "protocols/smtp/path.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace hauspost::smtp;
using namespace std::string_literals;

namespace {

template <class Command>
Command as(const std::string& line) {
    CAPTURE(line);
    const auto parsed = parse_command(line);
    REQUIRE(std::holds_alternative<Command>(parsed));
    return std::get<Command>(parsed);
}

syntax_fault fault_of(const std::string& line) {
    return as<malformed>(line).fault;
}

}  // namespace

TEST_CASE("command parser: each verb is known in any case") {
    CHECK(as<cmd::helo>("helo c.example").domain == "c.example");
    CHECK(as<cmd::ehlo>("EhLo [IPv6:::1]").domain == "[IPv6:::1]");
    CHECK(to_text(as<cmd::mail>("mail from:<bob@b.example>").reverse_path) == "bob@b.example");
    CHECK(as<cmd::mail>("MAIL FROM:<>").reverse_path.is_null());
    CHECK(to_text(as<cmd::rcpt>("Rcpt To:<ann@a.example>").forward_path) == "ann@a.example");
    as<cmd::data>("DATA");
    as<cmd::rset>("RSET");
    as<cmd::quit>("QUIT ");
    as<cmd::vrfy>("VRFY ann");
    as<cmd::expn>("EXPN list");
    as<cmd::help>("HELP");
    as<cmd::help>("HELP MAIL");
    as<cmd::noop>("NOOP");
    as<cmd::noop>("NOOP anything at all");
    as<cmd::start_tls>("STARTTLS");
}

TEST_CASE("command parser: AUTH comes with its mechanism and response") {
    const auto plain = as<cmd::auth>("AUTH plain AGEAYg==");
    CHECK(plain.mechanism == "PLAIN");
    CHECK(plain.initial_response == "AGEAYg==");
    CHECK_FALSE(as<cmd::auth>("AUTH LOGIN").initial_response);
    CHECK(as<cmd::auth>("AUTH PLAIN =").initial_response == "=");
    CHECK(fault_of("AUTH") == syntax_fault::bad_arguments);
    CHECK(fault_of("AUTH PLAIN a b") == syntax_fault::bad_arguments);
    CHECK(fault_of("AUTH PL@IN") == syntax_fault::bad_arguments);
    as<cmd::auth>("AUTH " + std::string(20, 'A'));
    CHECK(fault_of("AUTH " + std::string(21, 'A')) == syntax_fault::bad_arguments);
}

TEST_CASE("command parser: A09 BDAT takes plain digits and LAST, all else cannot be skipped") {
    CHECK(as<cmd::bdat>("BDAT 42").octets == 42);
    CHECK_FALSE(as<cmd::bdat>("BDAT 42").is_last);
    CHECK(as<cmd::bdat>("bdat 0 last").is_last);
    CHECK(as<cmd::bdat>("BDAT 18446744073709551615").octets == UINT64_MAX);
    for (const auto* bad :
         {"BDAT", "BDAT LAST", "BDAT -1", "BDAT +5", "BDAT 0x10", "BDAT 5 FIRST",
          "BDAT 5 LAST LAST", "BDAT 18446744073709551616", "BDAT 5LAST", "BDAT\t5"})
        CHECK_MESSAGE(!std::holds_alternative<cmd::bdat>(parse_command(bad)), bad);
    CHECK(fault_of("BDAT 5 x") == syntax_fault::bad_chunk_size);
}

TEST_CASE("command parser: wrong arguments are told apart by what is wrong") {
    CHECK(fault_of("") == syntax_fault::unknown_command);
    CHECK(fault_of("XYZZY") == syntax_fault::unknown_command);
    CHECK(fault_of("TURN") == syntax_fault::unknown_command);
    CHECK(fault_of("MAILFROM:<a@b>") == syntax_fault::unknown_command);
    CHECK(fault_of("MAIL") == syntax_fault::bad_arguments);
    CHECK(fault_of("MAIL TO:<a@b>") == syntax_fault::bad_arguments);
    CHECK(fault_of("MAIL FROM :<a@b>") == syntax_fault::bad_arguments);
    CHECK(fault_of("MAIL FROM:a@b") == syntax_fault::bad_sender);
    CHECK(fault_of("MAIL FROM:<a@b") == syntax_fault::bad_sender);
    CHECK(fault_of("MAIL FROM:<;sh;>") == syntax_fault::bad_sender);
    CHECK(fault_of("MAIL FROM:<a@b>SIZE=1") == syntax_fault::bad_arguments);
    CHECK(fault_of("MAIL FROM:<a@b> FOO=1") == syntax_fault::unknown_parameter);
    CHECK(fault_of("MAIL FROM:<\xc3\xa4@b>") == syntax_fault::utf8_without_smtputf8);
    CHECK(fault_of("RCPT TO:<>") == syntax_fault::bad_recipient);
    CHECK(fault_of("RCPT TO:<@a>") == syntax_fault::bad_recipient);
    CHECK(fault_of("RCPT TO:<a@b> NOTIFY=X") == syntax_fault::bad_arguments);
    CHECK(fault_of("RCPT TO:<a@b> X") == syntax_fault::unknown_parameter);
    CHECK(fault_of("DATA now") == syntax_fault::bad_arguments);
    CHECK(fault_of("STARTTLS x") == syntax_fault::bad_arguments);
    CHECK(fault_of("QUIT now") == syntax_fault::bad_arguments);
    CHECK(fault_of("VRFY") == syntax_fault::bad_arguments);
    CHECK(fault_of("EHLO") == syntax_fault::bad_arguments);
    CHECK(fault_of("EHLO a\x01") == syntax_fault::bad_arguments);
    CHECK(fault_of("EHLO a b\x7f") == syntax_fault::bad_arguments);
}

TEST_CASE("command parser: A10 of a client's name the first word counts, 255 octets of it") {
    CHECK(as<cmd::ehlo>("EHLO " + std::string(255, 'x')).domain.size() == 255);
    CHECK(as<cmd::ehlo>("EHLO " + std::string(256, 'x')).domain.size() == 255);
    CHECK(as<cmd::ehlo>("EHLO [192.0.2.7] old-printer.example").domain == "[192.0.2.7]");
    CHECK(as<cmd::helo>("HELO my\tcomputer at home").domain == "my");
    CHECK(as<cmd::ehlo>("EHLO b\xfcro").domain == "b\xef\xbf\xbdro");
    CHECK(as<cmd::ehlo>("EHLO " + std::string(254, 'x') + "\xc3\xa4").domain.size() == 254);
}

TEST_CASE("command parser: what stood in a wrong MAIL or RCPT is kept for the log") {
    CHECK(as<malformed>("RCPT TO:<ann a.example>").arguments == "TO:<ann a.example>");
    CHECK(as<malformed>("MAIL FROM:<a@b> FOO").arguments == "FROM:<a@b> FOO");
    CHECK(as<malformed>("XYZZY secret").arguments.empty());
    CHECK(as<malformed>("AUTH PLAIN a b").arguments.empty());
}

TEST_CASE("command parser: spaces that are common and harmless are taken") {
    as<cmd::mail>("MAIL FROM: <a@b> ");
    as<cmd::rcpt>("RCPT TO:  <a@b>");
    as<cmd::mail>("MAIL  FROM:<a@b>  SIZE=1");
    as<cmd::data>("DATA \t");
}

TEST_CASE("command parser: the postmaster needs no domain") {
    const auto bare = as<cmd::rcpt>("RCPT TO:<PostMaster> NOTIFY=NEVER");
    CHECK(bare.forward_path.local_part == "postmaster");
    CHECK(bare.forward_path.domain.empty());
    CHECK(bare.params.notify == "NEVER");
    CHECK(as<cmd::rcpt>("RCPT TO:<Postmaster@a.example>").forward_path.domain == "a.example");
}

TEST_CASE("command parser: A18 what is no mail client at all is told apart") {
    for (const auto& line : {"GET / HTTP/1.1"s, "post /x"s, "CONNECT a:25"s, "\x16\x03\x01"s, "\0"s,
                             " NOOP"s, "{}"s, "."s, "1"s})
        CHECK_MESSAGE(fault_of(line) == syntax_fault::not_smtp, line);
}

TEST_CASE("command parser: a line cut anywhere is a command or a fault, never more") {
    const std::string line =
        "RCPT TO:<@a.example:\"x y\"@[IPv6:2001:db8::1]> NOTIFY=SUCCESS,DELAY ORCPT=rfc822;a+2Bb";
    as<cmd::rcpt>(line);
    for (std::size_t cut = 0; cut < line.size(); ++cut) {
        const std::string part = line.substr(0, cut);
        const auto parsed = parse_command(part);
        CHECK((std::holds_alternative<malformed>(parsed) ||
               std::holds_alternative<cmd::rcpt>(parsed)));
    }
}
