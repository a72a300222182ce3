#include "protocols/pop3/command_parser.hpp"

#include "protocols/pop3/limits.hpp"

#include <doctest/doctest.h>

#include <array>
#include <limits>
#include <string>
#include <string_view>
#include <variant>

using namespace hauspost::pop3;

namespace {

// In the order of the variant.
constexpr std::array<std::string_view, std::variant_size_v<command>> names{
    "none", "USER", "PASS", "AUTH", "STLS", "CAPA", "UTF8", "LANG", "QUIT",
    "STAT", "LIST", "UIDL", "RETR", "TOP",  "DELE", "NOOP", "RSET"};

/// A command as text, so that a whole table can be compared.
std::string show(const command& parsed) {
    std::string text(names[parsed.index()]);
    const auto number = [&text](const auto& one) {
        if (one.number) text += ' ' + std::to_string(*one.number);
    };
    if (const auto* user = std::get_if<cmd::user>(&parsed)) text += " <" + user->name + '>';
    if (const auto* pass = std::get_if<cmd::pass>(&parsed))
        text += " <" + std::string(pass->password.reveal()) + '>';
    if (const auto* auth = std::get_if<cmd::auth>(&parsed))
        text += " <" + auth->mechanism + '>' +
                (auth->initial_response ? " <" + *auth->initial_response + '>' : "");
    if (const auto* lang = std::get_if<cmd::lang>(&parsed)) text += " <" + lang->tag + '>';
    if (const auto* list = std::get_if<cmd::list>(&parsed)) number(*list);
    if (const auto* uidl = std::get_if<cmd::uidl>(&parsed)) number(*uidl);
    if (const auto* retr = std::get_if<cmd::retr>(&parsed))
        text += ' ' + std::to_string(retr->number);
    if (const auto* dele = std::get_if<cmd::dele>(&parsed))
        text += ' ' + std::to_string(dele->number);
    if (const auto* top = std::get_if<cmd::top>(&parsed))
        text += ' ' + std::to_string(top->number) + ' ' + std::to_string(top->lines);
    if (const auto* wrong = std::get_if<malformed>(&parsed)) {
        if (wrong->why == syntax_fault::unknown_command) return "unknown";
        return wrong->why == syntax_fault::bad_arguments ? "arguments" : "number";
    }
    return text;
}

std::string parsed(std::string_view line) {
    return show(parse_command(line));
}

}  // namespace

TEST_CASE("pop3 parser: every command, in any case") {
    CHECK(parsed("STAT") == "STAT");
    CHECK(parsed("stat") == "STAT");
    CHECK(parsed("NoOp") == "NOOP");
    CHECK(parsed("RSET") == "RSET");
    CHECK(parsed("QUIT") == "QUIT");
    CHECK(parsed("CAPA") == "CAPA");
    CHECK(parsed("STLS") == "STLS");
    CHECK(parsed("UTF8") == "UTF8");
    CHECK(parsed("LIST") == "LIST");
    CHECK(parsed("LIST 12") == "LIST 12");
    CHECK(parsed("UIDL") == "UIDL");
    CHECK(parsed("UIDL 3") == "UIDL 3");
    CHECK(parsed("RETR 1") == "RETR 1");
    CHECK(parsed("DELE 007") == "DELE 7");
    CHECK(parsed("TOP 1 0") == "TOP 1 0");
    CHECK(parsed("LANG") == "LANG <>");
    CHECK(parsed("LANG *") == "LANG <*>");
    CHECK(parsed("LANG en-GB") == "LANG <en-GB>");
}

TEST_CASE("pop3 parser: blanks behind a command and between numbers do no harm") {
    CHECK(parsed("STAT ") == "STAT");
    CHECK(parsed("LIST  ") == "LIST");
    CHECK(parsed("LIST 1 ") == "LIST 1");
    CHECK(parsed("TOP 1   2 ") == "TOP 1 2");
    CHECK(parsed("USER ann@a.example ") == "USER <ann@a.example>");
}

TEST_CASE("pop3 parser: what is no command is told from what has invalid arguments") {
    CHECK(parsed("") == "unknown");
    CHECK(parsed(" STAT") == "unknown");
    CHECK(parsed("STATS") == "unknown");
    CHECK(parsed("APOP ann c4c9334bac560ecc979e58001b3e22fb") == "unknown");
    CHECK(parsed("LAST") == "unknown");
    CHECK(parsed("GET / HTTP/1.1") == "unknown");
    CHECK(parsed("STAT 1") == "arguments");
    CHECK(parsed("QUIT now") == "arguments");
    CHECK(parsed("USER") == "arguments");
    CHECK(parsed("USER ") == "arguments");
    CHECK(parsed("PASS") == "arguments");
    CHECK(parsed("PASS ") == "arguments");
    CHECK(parsed("LANG a b") == "arguments");
    CHECK(parsed("LANG e\"n") == "arguments");
}

TEST_CASE("pop3 parser: C01 numbers at the edges and what is none") {
    CHECK(parsed("RETR 0") == "RETR 0");
    CHECK(parsed("RETR -1") == "number");
    CHECK(parsed("RETR +1") == "number");
    CHECK(parsed("RETR") == "number");
    CHECK(parsed("RETR 1 2") == "number");
    CHECK(parsed("RETR 1x") == "number");
    CHECK(parsed("DELE ") == "number");
    CHECK(parsed("LIST x") == "number");
    CHECK(parsed("UIDL 1 2") == "number");
    CHECK(parsed("TOP 1") == "number");
    CHECK(parsed("TOP 1 -1") == "number");
    CHECK(parsed("TOP 1 2147483648") == "TOP 1 2147483648");
    CHECK(parsed("RETR 99999999999") == "RETR 99999999999");
    CHECK(parsed("RETR 18446744073709551615") == "RETR 18446744073709551615");
    CHECK(parsed("RETR 18446744073709551616") == "RETR 18446744073709551615");
    CHECK(parsed("RETR " + std::string(2000, '9')) == "RETR 18446744073709551615");
}

TEST_CASE("pop3 parser: C03 a password is all that follows, blanks too") {
    CHECK(parsed("PASS pass word ") == "PASS <pass word >");
    CHECK(parsed("PASS  x") == "PASS < x>");
    CHECK(parsed("pass \xc3\xa4") == "PASS <\xc3\xa4>");
    CHECK(parsed(std::string("PASS a\0b", 8)) == "arguments");
}

TEST_CASE("pop3 parser: user names are UTF-8 without control octets, up to a limit") {
    CHECK(parsed("USER j\xc3\xb6rg@a.example") == "USER <j\xc3\xb6rg@a.example>");
    CHECK(parsed("USER two words@a.example") == "USER <two words@a.example>");
    CHECK(parsed("USER a\xff") == "arguments");
    CHECK(parsed("USER a\tb") == "arguments");
    CHECK(parsed("USER " + std::string(max_user_octets, 'a')).size() == 7 + max_user_octets);
    CHECK(parsed("USER " + std::string(max_user_octets + 1, 'a')) == "arguments");
}

TEST_CASE("pop3 parser: AUTH alone, with a mechanism, with an initial response") {
    CHECK(parsed("AUTH") == "AUTH <>");
    CHECK(parsed("AUTH ") == "AUTH <>");
    CHECK(parsed("auth plain") == "AUTH <PLAIN>");
    CHECK(parsed("AUTH PLAIN =") == "AUTH <PLAIN> <=>");
    CHECK(parsed("AUTH PLAIN AGFubgBwdw==") == "AUTH <PLAIN> <AGFubgBwdw==>");
    CHECK(parsed("AUTH PLAIN a b") == "arguments");
    CHECK(parsed("AUTH PL*AIN") == "arguments");
    CHECK(parsed("AUTH " + std::string(20, 'A')) == "AUTH <" + std::string(20, 'A') + '>');
    CHECK(parsed("AUTH " + std::string(21, 'A')) == "arguments");
}

TEST_CASE("pop3 parser: a language tag has a limit") {
    CHECK(parsed("LANG " + std::string(max_language_octets, 'a')).size() ==
          7 + max_language_octets);
    CHECK(parsed("LANG " + std::string(max_language_octets + 1, 'a')) == "arguments");
}

TEST_CASE("pop3 parser: every line of one or two octets has an outcome") {
    for (int a = 0; a < 256; ++a) {
        for (int b = 0; b < 256; ++b) {
            const std::string line{static_cast<char>(a), static_cast<char>(b)};
            CHECK(parsed(line) == "unknown");
        }
    }
}
