#include "protocols/pop3/session/command_table.hpp"

#include "protocols/pop3/command_parser.hpp"

#include <doctest/doctest.h>

#include <string>
#include <string_view>

using namespace hauspost::pop3;

TEST_CASE("pop3 commands: each is in the table by its own name") {
    for (const auto* line :
         {"USER a", "PASS a", "AUTH PLAIN", "STLS", "CAPA", "UTF8", "LANG", "QUIT", "STAT", "LIST",
          "UIDL", "RETR 1", "TOP 1 1", "DELE 1", "NOOP", "RSET"}) {
        const std::string_view text(line);
        CHECK(rule_of(parse_command(text)).name == text.substr(0, text.find(' ')));
    }
    CHECK(rule_of(parse_command("APOP ann 1")).name == "none");
}

TEST_CASE("pop3 commands: which stand in which state") {
    const auto states = [](std::string_view line) {
        const auto& rule = rule_of(parse_command(line));
        return std::string(is_allowed(rule, phase::authorization) ? "A" : "") +
               (is_allowed(rule, phase::transaction) ? "T" : "");
    };
    for (const auto* line : {"USER a", "PASS a", "AUTH PLAIN", "STLS", "UTF8"})
        CHECK(states(line) == "A");
    for (const auto* line : {"CAPA", "LANG", "QUIT"})
        CHECK(states(line) == "AT");
    for (const auto* line : {"STAT", "LIST", "UIDL", "RETR 1", "TOP 1 1", "DELE 1", "NOOP", "RSET"})
        CHECK(states(line) == "T");
}
