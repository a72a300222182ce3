#include "protocols/imap/response/string_reader.hpp"

#include "protocols/imap/response/text_writer.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace hauspost::imap;

TEST_CASE("kept strings are read as they were written, whatever follows") {
    for (const std::string value :
         {"", "a", "a \"b\" \\c\\", "\\", "\"", "two\r\nlines", "){", "{3}"}) {
        text_writer out(1000);
        out.string(value);
        const auto text = out.take();
        CHECK_MESSAGE(string_at(text) == text, text);
        CHECK_MESSAGE(string_at(text + " \"x\"") == text, text);
        CHECK_MESSAGE(value_of_string(text) == value, text);
    }
    CHECK(value_of_string("{4}\r\n\"a\\\"") == "\"a\\\"");  // nothing is escaped in a literal
}

TEST_CASE("kept strings that do not end, or are none, are not read") {
    for (const std::string text : {"",
                                   "a",
                                   "NIL",
                                   "(\"a\")",
                                   "\"",
                                   "\"a",
                                   "\"a\\\"",
                                   "\"\\",
                                   "{",
                                   "{}",
                                   "{}\r\n",
                                   "{1}\r\n",
                                   "{2}\r\na",
                                   "{1}a",
                                   "{1}\n\na",
                                   "{1",
                                   "{-1}\r\na",
                                   "{+1}\r\na",
                                   "{99999999999999999999}\r\na",
                                   "{18446744073709551615}\r\na"})
        CHECK_MESSAGE(string_at(text).empty(), text);
}
