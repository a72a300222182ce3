#include "protocols/pop3/reply.hpp"

#include "protocols/pop3/capability.hpp"
#include "protocols/pop3/language.hpp"

#include <doctest/doctest.h>

#include <limits>

using namespace hauspost::pop3;

TEST_CASE("pop3 reply: +OK and -ERR, with and without a response code") {
    std::string out;
    replies::bye.append_to(out);
    replies::no_such_message.append_to(out);
    replies::in_use.append_to(out);
    append_ok(out, "3 640");
    CHECK(out ==
          "+OK until next time\r\n"
          "-ERR no such message\r\n"
          "-ERR [IN-USE] maildrop is in use by another POP3 session\r\n"
          "+OK 3 640\r\n");
}

TEST_CASE("pop3 reply: numbers to the largest") {
    std::string out;
    append_number(out, 0);
    out += ' ';
    append_number(out, std::numeric_limits<std::uint64_t>::max());
    CHECK(out == "0 18446744073709551615");
}

TEST_CASE("pop3 capabilities: per state, and no login offered in the clear") {
    const std::string always =
        "TOP\r\nUIDL\r\nRESP-CODES\r\nAUTH-RESP-CODE\r\nPIPELINING\r\nUTF8 USER\r\nLANG\r\n"
        "EXPIRE NEVER\r\nLOGIN-DELAY 0\r\n";
    const std::string login = "USER\r\nSASL PLAIN LOGIN\r\n";
    const std::string end = "IMPLEMENTATION Hauspost\r\n";
    capability_state now;
    CHECK(capabilities(now) == always + end);
    now.can_start_tls = true;
    CHECK(capabilities(now) == always + "STLS\r\n" + end);
    now.may_login_in_the_clear = true;
    CHECK(capabilities(now) == always + "STLS\r\n" + login + end);
    now.is_logged_in = true;
    CHECK(capabilities(now) == always + login + end);
    capability_state encrypted;
    encrypted.is_encrypted = true;
    CHECK(capabilities(encrypted) == always + login + end);
}

TEST_CASE("pop3 languages: English under its tags, and the server's own") {
    CHECK(find_language("en") == "en");
    CHECK(find_language("EN") == "en");
    CHECK(find_language("en-GB") == "en");
    CHECK(find_language("i-default") == "i-default");
    CHECK(find_language("*") == "i-default");
    CHECK(!find_language("de"));
    CHECK(!find_language("enx"));
    CHECK(!find_language(""));
}
