#include "protocols/imap/response/response_writer.hpp"

#include <doctest/doctest.h>

#include <array>
#include <string>

using namespace hauspost;
using namespace hauspost::imap;
using namespace std::string_literals;

namespace {

template <class Write>
std::string written(Write write) {
    std::string out;
    response_writer writer(out);
    write(writer);
    return out;
}

std::string as_string(std::string_view text) {
    return written([text](response_writer& writer) { writer.string(text); });
}
std::string as_mailbox(std::string_view text) {
    return written([text](response_writer& writer) { writer.mailbox(text); });
}
std::string as_date(std::int64_t seconds, std::int32_t zone) {
    return written([=](response_writer& writer) { writer.internal_date(seconds, zone); });
}

}  // namespace

TEST_CASE("response writer: printable ASCII is quoted, anything else is a counted literal (B19)") {
    CHECK(as_string("") == "\"\"");
    CHECK(as_string("hello world") == "\"hello world\"");
    CHECK(as_string("a\"b\\c") == "\"a\\\"b\\\\c\"");
    CHECK(as_string("a\r\n* BYE forged") == "{15}\r\na\r\n* BYE forged");
    CHECK(as_string("caf\xc3\xa9") == "{5}\r\ncaf\xc3\xa9");
    CHECK(as_string("a\0b"s) == "{3}\r\na?b");
    CHECK(as_string("\x7f") == "{1}\r\n\x7f");
}

TEST_CASE("response writer: 1024 octets are quoted, one more is a literal") {
    CHECK(as_string(std::string(1024, 'a')) == "\"" + std::string(1024, 'a') + "\"");
    CHECK(as_string(std::string(1025, 'a')) == "{1025}\r\n" + std::string(1025, 'a'));
}

TEST_CASE("response writer: astring is an atom where it can be one") {
    const auto as_astring = [](std::string_view text) {
        return written([text](response_writer& writer) { writer.astring(text); });
    };
    CHECK(as_astring("INBOX") == "INBOX");
    CHECK(as_astring("a b") == "\"a b\"");
    CHECK(as_astring("") == "\"\"");
    CHECK(as_astring("nil") == "\"nil\"");
    CHECK(as_astring("a*") == "\"a*\"");
    CHECK(as_astring("a]") == "\"a]\"");
}

TEST_CASE("response writer: nstring of nothing is NIL") {
    CHECK(written([](response_writer& writer) { writer.nstring(std::nullopt); }) == "NIL");
    CHECK(written([](response_writer& writer) { writer.nstring("NIL"); }) == "\"NIL\"");
}

TEST_CASE("response writer: mailbox names go out in modified UTF-7 (B07, B19)") {
    CHECK(as_mailbox("INBOX") == "INBOX");
    CHECK(as_mailbox("Entwürfe") == "Entw&APw-rfe");
    CHECK(as_mailbox("a&b") == "a&-b");
    CHECK(as_mailbox("my mail") == "\"my mail\"");
    CHECK(as_mailbox("a\r\nb") == "a&AA0ACg-b");
    CHECK(as_mailbox("a\xff") == "a&,,0-");
}

TEST_CASE("response writer: flags are words between spaces, what is no atom is left out (B19)") {
    const auto as_flags = [](std::uint32_t bits, std::vector<std::string> words) {
        return written([&](response_writer& writer) { writer.flags(bits, words); });
    };
    CHECK(as_flags(0, {}) == "");
    CHECK(as_flags(mail::flags::seen | mail::flags::draft, {}) == "\\Seen \\Draft");
    CHECK(as_flags(mail::flags::system, {}) == "\\Seen \\Answered \\Flagged \\Deleted \\Draft");
    CHECK(as_flags(0, {"$Junk", "bad word", "x\r\ny", "ok"}) == "$Junk ok");
    CHECK(written([](response_writer& writer) {
              writer.flags(mail::flags::seen).flag("\\Recent", false).flag("\\Re cent", false);
          }) == "\\Seen \\Recent");
}

TEST_CASE("response writer: internal dates in their zone, whatever the numbers are") {
    CHECK(as_date(837'596'665, -420) == "\"17-Jul-1996 02:44:25 -0700\"");  // RFC 3501 6.4.5
    CHECK(as_date(0, 0) == "\"01-Jan-1970 00:00:00 +0000\"");
    CHECK(as_date(951'782'400, 90) == "\"29-Feb-2000 01:30:00 +0130\"");
    CHECK(as_date(-1, 0) == "\"31-Dec-1969 23:59:59 +0000\"");
    CHECK(as_date(1'735'689'599, 0) == "\"31-Dec-2024 23:59:59 +0000\"");
    CHECK(as_date(INT64_MAX, INT32_MAX).size() == 28);
    CHECK(as_date(INT64_MIN, INT32_MIN).size() == 28);
    CHECK(as_date(INT64_MIN, 0).substr(4, 9) == "Jan-0001 ");
    CHECK(as_date(INT64_MAX, 0).substr(4, 9) == "Dec-9999 ");
}

TEST_CASE("response writer: UIDs are joined to a sequence-set") {
    const auto set = [](std::vector<std::uint32_t> numbers) {
        std::vector<uid> ids;
        for (const auto number : numbers)
            ids.emplace_back(number);
        return written([&](response_writer& writer) { writer.uid_set(ids); });
    };
    CHECK(set({}) == "");
    CHECK(set({7}) == "7");
    CHECK(set({1, 2, 3, 5, 7, 8}) == "1:3,5,7:8");
    CHECK(set({4294967294, 4294967295}) == "4294967294:4294967295");
}

TEST_CASE("response writer: status lines have tag, word, code and text") {
    CHECK(written([](response_writer& writer) {
              writer.tagged("A1", status::ok, code::read_write, "SELECT completed");
          }) == "A1 OK [READ-WRITE] SELECT completed\r\n");
    CHECK(written([](response_writer& writer) { writer.untagged(status::bye, "", "bye"); }) ==
          "* BYE bye\r\n");
    CHECK(written([](response_writer& writer) {
              writer.refuse({"B2", status::no, "LIMIT", "too much"});
          }) == "B2 NO [LIMIT] too much\r\n");
    CHECK(written([](response_writer& writer) { writer.numbered(23, "EXISTS"); }) ==
          "* 23 EXISTS\r\n");
    CHECK(written([](response_writer& writer) { writer.continuation("idling"); }) ==
          "+ idling\r\n");
}

TEST_CASE("response writer: no status line can be made two (B19)") {
    for (const auto& out :
         {written([](response_writer& writer) {
              writer.tagged("A\r\n", status::no, "X\r\nY", "a\r\n* OK forged\0"s);
          }),
          written([](response_writer& writer) { writer.continuation("x\n* BYE\r"); })}) {
        CHECK(out.find('\n') == out.size() - 1);
        CHECK(out.find('\r') == out.size() - 2);
        CHECK(out.find('\0') == std::string::npos);
    }
}

TEST_CASE("response writer: every octet gives a string of the announced length (B19)") {
    for (int octet = 0; octet < 256; ++octet) {
        const auto out = as_string(std::string(3, static_cast<char>(octet)));
        if (out.front() == '"') {
            CHECK(out.find('\r') == std::string::npos);
            CHECK(out.find('\n') == std::string::npos);
        } else {
            CHECK(out.starts_with("{3}\r\n"));
            CHECK(out.size() == 8);
        }
        CHECK(out.find('\0') == std::string::npos);
    }
}

TEST_CASE("response writer: UTF-8 in quotes and in names for who has enabled it (RFC 9755)") {
    const auto written = [](std::string_view text, bool utf8) {
        std::string out;
        response_writer(out, utf8).mailbox(text).raw(' ').string(text);
        return out;
    };
    CHECK(written("Entw\xc3\xbcrfe", true) == "\"Entw\xc3\xbcrfe\" \"Entw\xc3\xbcrfe\"");
    CHECK(written("Entw\xc3\xbcrfe", false) == "Entw&APw-rfe {9}\r\nEntw\xc3\xbcrfe");
    CHECK(written("A&B", true) == "A&B \"A&B\"");
    CHECK(written("A&B", false) == "A&-B \"A&B\"");
    // B19: broken UTF-8 and control characters stay in counted octets.
    std::string out;
    response_writer(out, true).string("a\xff").string("a\r\n\xc3\xbc");
    CHECK(out == "{2}\r\na\xff{5}\r\na\r\n\xc3\xbc");
}
