#include "protocols/imap/response/utf8_envelope.hpp"

#include "protocols/imap/response/summarize.hpp"

#include <doctest/doctest.h>

using namespace hauspost;
using namespace hauspost::imap;

TEST_CASE("ENVELOPE in UTF-8: names of mailboxes and hosts, nothing else (RFC 9755)") {
    const auto kept = summarize(
        "Subject: Gr\xc3\xbc\xc3\x9f"
        "e\r\nFrom: J\xc3\xbcrgen <j\xc3\xbcrgen@m\xc3\xbcller.example>\r\n"
        "To: ann@a.example\r\n\r\nx\r\n");
    CHECK(needs_utf8_envelope(kept.envelope));
    const auto shown = utf8_envelope(kept.envelope);
    CHECK(shown.find("\"j\xc3\xbcrgen\" \"m\xc3\xbcller.example\"") != std::string::npos);
    CHECK(shown.find("\"ann\" \"a.example\"") != std::string::npos);
    // Subject and display name stay encoded.
    CHECK(shown.find("(NIL \"=?") == 0);
    CHECK(shown.find("((\"=?") != std::string::npos);
}

TEST_CASE("ENVELOPE in UTF-8: what has nothing to be changed, or is no envelope, stays") {
    for (const std::string text :
         {"(NIL \"=?utf-8?q?x?=\" NIL NIL NIL NIL NIL NIL NIL \"<a@b>\")", "", "(\"", "({5}\r\nab",
          "(((NIL NIL \"a\\\"b=?\" \"c\")))", "({99999999999999999999}\r\n", "\"\\"})
        CHECK(utf8_envelope(text) == text);
    // Within a literal nothing counts.
    const std::string literal = "(NIL {9}\r\n((( \"=?x\" NIL)";
    CHECK(utf8_envelope(literal) == literal);
}
