#include "protocols/imap/response/text_writer.hpp"

#include "tests/unit/protocols/imap/response/imap_syntax.hpp"

#include <doctest/doctest.h>

using namespace hauspost::imap;

namespace {

template <class Write>
std::string written(Write write, std::size_t budget = 100'000) {
    text_writer out(budget);
    write(out);
    return out.take();
}
std::string string_of(std::string_view text) {
    return written([&](text_writer& out) { out.string(text); });
}
std::string header_text_of(std::string_view text) {
    return written([&](text_writer& out) { out.header_text(text); });
}

}  // namespace

TEST_SUITE("IMAP text writer") {
    TEST_CASE("B19: text with quotes, backslashes, line ends or NUL stays inside its string") {
        CHECK(string_of("a b") == "\"a b\"");
        CHECK(string_of("") == "\"\"");
        CHECK(string_of("a\"b\\c") == R"("a\"b\\c")");
        CHECK(string_of("a\r\n* 1 EXISTS") == "{13}\r\na\r\n* 1 EXISTS");
        CHECK(string_of(std::string_view("a\0b\xff", 4)) == "\"ab\"");
        CHECK(string_of("\"\\\r") == "{3}\r\n\"\\\r");
    }

    TEST_CASE("a text of 1000 octets is quoted and a longer one a literal") {
        CHECK(string_of(std::string(1000, 'x')).starts_with("\"x"));
        CHECK(string_of(std::string(1001, 'x')).starts_with("{1001}\r\nx"));
    }

    TEST_CASE("header text is unfolded, 8-bit text is encoded") {
        CHECK(header_text_of(" a\r\n b ") == "\"a b\"");
        CHECK(header_text_of("Gr\xc3\xbc\xc3\x9f"
                             "e") == "\"=?utf-8?B?R3LDvMOfZQ==?=\"");
        CHECK(header_text_of("Gr\xfc\xdf"
                             "e") == "\"=?utf-8?B?R3LDvMOfZQ==?=\"");
        CHECK(header_text_of("=?utf-8?Q?a?= \xfc") == "\"=?utf-8?Q?a_=C3=BC?=\"");
        CHECK(header_text_of("=?x?y?") == "\"=?x?y?\"");
        CHECK(header_text_of(std::string_view("a\0b\rc", 5)) == "\"a b c\"");
    }

    TEST_CASE("a missing field is NIL and an empty one an empty string") {
        CHECK(header_text_of({}) == "NIL");
        CHECK(header_text_of("") == "\"\"");
        CHECK(header_text_of(" \r\n ") == "\"\"");
    }

    TEST_CASE("without budget further texts are NIL") {
        const auto text = written(
            [](text_writer& out) {
                out.nstring("abcd");
                CHECK(out.has_budget());
                out.nstring("e");
                CHECK(!out.has_budget());
                out.nstring("f");
            },
            7);
        CHECK(text == "\"abcd\"\"e\"NIL");
    }

    TEST_CASE("every octet in every kind of text gives valid syntax") {
        for (int octet = 0; octet < 256; ++octet) {
            const std::string text{'a', static_cast<char>(octet), 'b'};
            CHECK(imap_syntax::read(string_of(text)));
            CHECK(imap_syntax::read(header_text_of(text)));
        }
    }
}
