#include "protocols/imap/response/envelope.hpp"

#include "tests/unit/protocols/imap/response/imap_syntax.hpp"
#include "tests/unit/protocols/message/read_message.hpp"

#include <doctest/doctest.h>

using namespace hauspost::imap;
using hauspost::message::find_envelope_fields;
using hauspost::message::repeated;

namespace {

std::string envelope(std::string_view header) {
    text_writer out(max_envelope_octets);
    write_envelope(find_envelope_fields(header), out);
    return out.take();
}

void check_syntax(const std::string& text) {
    const auto value = imap_syntax::read(text);
    REQUIRE_MESSAGE(value, text);
    CHECK_MESSAGE(is_envelope(*value), text);
}

}  // namespace

TEST_SUITE("IMAP envelope") {
    TEST_CASE("what people see of a message is read out of it again") {
        const auto read = [](std::string_view header) { return read_heading(envelope(header)); };
        auto heading = read(
            "From: =?utf-8?Q?J=C3=BCrgen?= <j@else.example>\r\n"
            "Subject: =?utf-8?Q?Gr=C3=BC=C3=9Fe?= \"a\\b\"\r\n");
        CHECK(heading.subject ==
              "Gr\xc3\xbc\xc3\x9f"
              "e \"a\\b\"");
        CHECK(heading.from_name == "J\xc3\xbcrgen");
        CHECK(heading.from_address == "j@else.example");
        heading = read("Date: x\r\nFrom: a@b.example, c@d.example\r\n");
        CHECK(heading.subject.empty());
        CHECK(heading.from_name.empty());
        CHECK(heading.from_address == "a@b.example");
        heading = read("From: Friends: a@b.example;\r\nSubject: to all\r\n");
        CHECK(heading.from_name == "Friends");
        CHECK(heading.from_address.empty());
        CHECK(read("Subject: s\r\n").subject == "s");
        CHECK(read("Subject: s\r\n").from_address.empty());
    }
    TEST_CASE("of damaged octets nothing is read, and nothing beyond them") {
        const auto whole = envelope("From: Ann <a@b.example>\r\nSubject: s\r\n");
        for (std::size_t n = 0; n < whole.size(); ++n) {
            const std::string part = whole.substr(0, n);  // of its own, for the address sanitizer
            CHECK(read_heading(part).from_address.size() <= 11);
        }
        for (const auto* text :
             {"", "(", "()", "(\"", "({9}\r\nx", "(NIL NIL ((", "(NIL {5}\r\nab"})
            CHECK(read_heading(text).from_address.empty());
    }
    TEST_CASE("the example of RFC 9051 7.5.2 is written") {
        CHECK(envelope("Date: Wed, 17 Jul 1996 02:23:25 -0700 (PDT)\r\n"
                       "From: Terry Gray <gray@cac.washington.edu>\r\n"
                       "Subject: IMAP4rev2 WG mtg summary and minutes\r\n"
                       "To: imap@cac.washington.edu\r\n"
                       "cc: minutes@CNRI.Reston.VA.US,\r\n"
                       "   John Klensin <KLENSIN@MIT.EDU>\r\n"
                       "Message-Id: <B27397-0100000@cac.washington.ed>\r\n") ==
              "(\"Wed, 17 Jul 1996 02:23:25 -0700 (PDT)\" "
              "\"IMAP4rev2 WG mtg summary and minutes\" "
              "((\"Terry Gray\" NIL \"gray\" \"cac.washington.edu\")) "
              "((\"Terry Gray\" NIL \"gray\" \"cac.washington.edu\")) "
              "((\"Terry Gray\" NIL \"gray\" \"cac.washington.edu\")) "
              "((NIL NIL \"imap\" \"cac.washington.edu\")) "
              "((NIL NIL \"minutes\" \"CNRI.Reston.VA.US\")"
              "(\"John Klensin\" NIL \"KLENSIN\" \"MIT.EDU\")) NIL NIL "
              "\"<B27397-0100000@cac.washington.ed>\")");
    }

    TEST_CASE("nothing gives NIL ten times") {
        CHECK(envelope("") == "(NIL NIL NIL NIL NIL NIL NIL NIL NIL NIL)");
    }

    TEST_CASE("Sender and Reply-To that are empty are From, others are themselves") {
        CHECK(envelope("From: a@b.example\r\nSender:\r\nReply-To: c@d.example\r\n") ==
              "(NIL NIL ((NIL NIL \"a\" \"b.example\")) ((NIL NIL \"a\" \"b.example\")) "
              "((NIL NIL \"c\" \"d.example\")) NIL NIL NIL NIL NIL)");
        CHECK(envelope("From: a@b.example\r\nSender: ,,\r\n") ==
              "(NIL NIL ((NIL NIL \"a\" \"b.example\")) ((NIL NIL \"a\" \"b.example\")) "
              "((NIL NIL \"a\" \"b.example\")) NIL NIL NIL NIL NIL)");
    }

    TEST_CASE("groups have a begin and an end, and a mailbox that lacks something is no group") {
        CHECK(envelope("To: G: a@b.example;\r\nCc: <bob>\r\nBcc: <@r.example:a@b.example>\r\n") ==
              "(NIL NIL NIL NIL NIL ((NIL NIL \"G\" NIL)(NIL NIL \"a\" \"b.example\")"
              "(NIL NIL NIL NIL)) ((NIL NIL \"bob\" \"\")) "
              "((NIL \"@r.example\" \"a\" \"b.example\")) NIL NIL)");
    }

    TEST_CASE("8-bit names and addresses are encoded") {
        CHECK(envelope("From: J\xc3\xbcrgen <j\xc3\xbc@k.example>\r\nSubject: K\xf6ln\r\n") ==
              "(NIL \"=?utf-8?B?S8O2bG4=?=\" "
              "((\"=?utf-8?Q?J=C3=BCrgen?=\" NIL \"=?utf-8?Q?j=C3=BC?=\" \"k.example\")) "
              "((\"=?utf-8?Q?J=C3=BCrgen?=\" NIL \"=?utf-8?Q?j=C3=BC?=\" \"k.example\")) "
              "((\"=?utf-8?Q?J=C3=BCrgen?=\" NIL \"=?utf-8?Q?j=C3=BC?=\" \"k.example\")) "
              "NIL NIL NIL NIL NIL)");
    }

    TEST_CASE("D11: of two From fields the first is shown") {
        const auto text = envelope("From: a@b.example\r\nFrom : c@d.example\r\n");
        CHECK(text.find("c") == std::string::npos);
    }

    TEST_CASE("B18 B19: hostile fields give valid syntax") {
        using namespace std::string_literals;
        const std::string values[] = {"\"\\"s,
                                      "(a\\"s,
                                      "\" \\\" \r\n \\\\ \" <a@b>"s,
                                      "a\0b\" <\"c\0\"@d>"s,
                                      "=?utf-8?Q?=0D=0A*_1_EXISTS?= <a@b>"s,
                                      "{5}\r\n x"s,
                                      "\xff\xfe\x80 <\xc3@\xe4>"s,
                                      "\x01\x7f <a@[\\]>"s,
                                      "a:b:c:;;;<<<@@@>"s,
                                      std::string(5000, '"'),
                                      std::string(5000, '\xe4')};
        for (const auto& value : values)
            for (const auto* name : {"Date", "Subject", "From", "To", "Message-ID", "In-Reply-To"})
                check_syntax(envelope(name + (": " + value) + "\r\n"));
    }

    TEST_CASE("D02: many addresses stop at the budget and leave valid syntax") {
        const auto many = repeated("\"Some long name in here\" <somebody@example.org>,", 3000);
        for (const auto& list : {many, "G: " + many + ";"}) {
            const auto text = envelope("From: " + list + "\r\nTo: " + list + "\r\nCc: " + list +
                                       "\r\nSubject: " + std::string(200'000, 'x') + "\r\n");
            CHECK(text.size() < 3 * max_envelope_octets + 1000);
            check_syntax(text);
        }
    }
}

TEST_CASE("envelope: replies are told by the subject of the envelope") {
    CHECK(is_reply_or_forward("(NIL \"Re: x\" NIL)", "X"));
    CHECK(is_reply_or_forward("(\"Mon, 1 Jan\" \"x (fwd)\" NIL)", "X"));
    CHECK(is_reply_or_forward("(NIL \"=?utf-8?q?Re:_x?=\" NIL)", "X"));
    CHECK(is_reply_or_forward("(NIL {5}\r\nre: x NIL)", "X"));
    CHECK(is_reply_or_forward("({2}\r\n\"\" \"[l] Re: x\" NIL)", "X"));
    CHECK_FALSE(is_reply_or_forward("(NIL \"x\" NIL)", "X"));
    CHECK_FALSE(is_reply_or_forward("(NIL \"[l] x\" NIL)", "X"));
    CHECK_FALSE(is_reply_or_forward("(NIL \"say \\\"re: x\\\"\" NIL)", "X"));
    CHECK_FALSE(is_reply_or_forward("(NIL NIL NIL)", ""));
    for (const auto* broken : {"", "(", "(\"", "(\"\\", "({9}\r\nx", "({99999999999999999999}\r\n",
                               "(NIL \"re", "(NIL {", "({}\r\n", "(NI"})
        CHECK_FALSE(is_reply_or_forward(broken, ""));
}
