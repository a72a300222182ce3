#include "protocols/imap/response/body_structure.hpp"
#include "protocols/imap/response/summarize.hpp"
#include "tests/unit/protocols/imap/response/imap_syntax.hpp"
#include "tests/unit/protocols/message/read_message.hpp"

#include <doctest/doctest.h>

using namespace hauspost::imap;
using hauspost::message::read_message;
using hauspost::message::repeated;

TEST_SUITE("IMAP body without extensions") {
    TEST_CASE("literals with parentheses and quotes are passed over whole") {
        CHECK(without_extensions(
                  "(\"a\" \"b\" (\"n\" {4}\r\n(\"\r\n) NIL {1}\r\n) \"7bit\" 1 NIL NIL "
                  "(\"de\" \"en\") \"\\\")\")") ==
              "(\"a\" \"b\" (\"n\" {4}\r\n(\"\r\n) NIL {1}\r\n) \"7bit\" 1)");
    }

    TEST_CASE("a structure cut at any place or with any octet changed gives a valid body") {
        const auto message = read_message("rfc2049_appendix_a.eml");
        const auto whole = summarize(message).body_structure;
        const auto must_be_body = [](const std::string& text) {
            const auto value = imap_syntax::read(text);
            REQUIRE_MESSAGE(value, text);
            CHECK_MESSAGE(is_body(*value, false), text);
        };
        must_be_body(without_extensions(whole));
        for (std::size_t cut = 0; cut < whole.size(); ++cut)
            must_be_body(without_extensions(whole.substr(0, cut)));
    }

    TEST_CASE("damaged structures never crash") {
        for (const auto* text : {"", "(", ")", "()", "((", "NIL", "(\"", "(\"\\", "({", "({9}\r\n",
                                 "({99999999999999999999}\r\n", "(\"a\" \"b\"", "(((((((((("})
            CHECK(without_extensions(text) ==
                  "(\"text\" \"plain\" (\"charset\" \"us-ascii\") NIL NIL \"7bit\" 0 0)");
        CHECK(without_extensions(repeated("(", 1'000'000)).size() < 100);
    }
}
