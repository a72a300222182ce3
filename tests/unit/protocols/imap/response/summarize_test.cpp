#include "protocols/imap/response/summarize.hpp"

#include "tests/unit/protocols/imap/response/imap_syntax.hpp"
#include "tests/unit/protocols/message/read_message.hpp"

#include <doctest/doctest.h>

#include <utility>

using namespace hauspost::imap;
using hauspost::message::read_message;
using hauspost::message::repeated;

namespace {

const std::string typical =
    "From: =?utf-8?Q?J=C3=BCrgen?= <Juergen@example.org>\r\n"
    "To: Bob <bob@example.com>, c@example.com\r\n"
    "Cc: (nobody) dora@example.com\r\n"
    "Subject: Re: [list] =?utf-8?B?R3LDvMOfZSBhdXMgS8O2bG4=?=\r\n"
    "Date: Mon, 23 Nov 2026 10:26:50 +0100\r\n"
    "Message-ID: <\"abc\"@example.org>\r\n"
    "In-Reply-To: <2@example.com>\r\n"
    "References: <1@example.com>\r\n <2@example.com>\r\n"
    "MIME-Version: 1.0\r\n"
    "Content-Type: multipart/alternative; boundary=\"----=_Part_1\"\r\n"
    "\r\n"
    "------=_Part_1\r\n"
    "Content-Type: text/plain; charset=UTF-8\r\n"
    "\r\n"
    "Hallo!\r\n"
    "------=_Part_1\r\n"
    "Content-Type: text/html; charset=UTF-8\r\n"
    "\r\n"
    "<p>Hallo!</p>\r\n"
    "------=_Part_1--\r\n";

void check_invariants(std::string_view octets) {
    const auto value = summarize(octets);
    const auto envelope = imap_syntax::read(value.envelope);
    const auto structure = imap_syntax::read(value.body_structure);
    REQUIRE(envelope);
    REQUIRE(structure);
    CHECK(is_envelope(*envelope));
    CHECK(is_body(*structure, true));
    for (const auto& part : value.parts) {
        CHECK(part.header <= part.body);
        CHECK(part.body <= part.end);
        CHECK(part.end <= octets.size());
    }
    CHECK(hauspost::message::decode(hauspost::message::encode(value)) == value);
}

}  // namespace

TEST_SUITE("IMAP summary") {
    TEST_CASE("it is the message's summary, with ENVELOPE and BODYSTRUCTURE") {
        auto value = summarize(typical);
        CHECK(value.envelope.starts_with("(\"Mon, 23 Nov 2026 10:26:50 +0100\" "));
        CHECK(value.body_structure.ends_with("(\"boundary\" \"----=_Part_1\") NIL NIL NIL)"));
        value.envelope.clear();
        value.body_structure.clear();
        CHECK(value == hauspost::message::summarize(typical));
    }

    TEST_CASE("a typical message's encoded summary is below 1200 octets") {
        CHECK(hauspost::message::encode(summarize(typical)).size() < 1200);
    }

    TEST_CASE("an empty message has texts without anything in them") {
        const auto value = summarize("");
        CHECK(value.envelope == "(NIL NIL NIL NIL NIL NIL NIL NIL NIL NIL)");
        CHECK(
            value.body_structure ==
            "(\"text\" \"plain\" (\"charset\" \"us-ascii\") NIL NIL \"7bit\" 0 0 NIL NIL NIL NIL)");
    }

    TEST_CASE("B18: a message cut at any place has a valid summary") {
        const auto appendix = read_message("rfc2049_appendix_a.eml");
        for (const auto& message : {typical, appendix})
            for (std::size_t cut = 0; cut <= message.size(); ++cut)
                check_invariants(std::string_view(message).substr(0, cut));
    }

    TEST_CASE("D12: a message with NUL at any place has a valid summary") {
        auto message = typical;
        for (std::size_t at = 0; at < message.size(); ++at) {
            const char before = std::exchange(message[at], '\0');
            check_invariants(message);
            message[at] = before;
        }
    }

    TEST_CASE("D01 D02 D06: megabytes of hostile structure are linear") {
        for (const auto* unit : {"From ", "Received: a\r\n b\r\n", "A:\r\n", ":", "\r\n", "--", "(",
                                 "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n",
                                 "Subject: =?utf-8?Q?\r\n ", "To: a:b;,<\"(\r\n "})
            check_invariants(repeated(unit, 2'000'000 / std::string_view(unit).size()));
    }
}
