#include "protocols/imap/response/body_structure.hpp"

#include "tests/unit/protocols/imap/response/imap_syntax.hpp"
#include "tests/unit/protocols/message/read_message.hpp"

#include <doctest/doctest.h>

using namespace hauspost::imap;
using hauspost::message::parse_mime_tree;
using hauspost::message::read_message;
using hauspost::message::repeated;

namespace {

std::string structure(std::string_view octets) {
    return write_body_structure(octets, parse_mime_tree(octets));
}

void check_syntax(std::string_view octets) {
    const auto text = structure(octets);
    const auto value = imap_syntax::read(text);
    REQUIRE_MESSAGE(value, text);
    CHECK_MESSAGE(is_body(*value, true), text);
    const auto short_text = without_extensions(text);
    const auto short_value = imap_syntax::read(short_text);
    REQUIRE_MESSAGE(short_value, short_text);
    CHECK_MESSAGE(is_body(*short_value, false), short_text);
}

std::string with_field(const std::string& field) {
    return field + "\r\n\r\nbody\r\n";
}

}  // namespace

TEST_SUITE("IMAP body structure") {
    TEST_CASE("a text of RFC 9051 7.5.2 has its lines") {
        const auto message =
            "Content-Type: TEXT/PLAIN; CHARSET=US-ASCII\r\n\r\n" + repeated("line\r\n", 23);
        CHECK(structure(message) ==
              "(\"text\" \"plain\" (\"charset\" \"US-ASCII\") NIL NIL \"7bit\" 138 23 NIL NIL NIL "
              "NIL)");
        CHECK(without_extensions(structure(message)) ==
              "(\"text\" \"plain\" (\"charset\" \"US-ASCII\") NIL NIL \"7bit\" 138 23)");
    }

    TEST_CASE("the two-part example of RFC 9051 7.5.2 is written") {
        const std::string message =
            "Content-Type: multipart/mixed; boundary=b\r\n\r\n"
            "--b\r\nContent-Type: text/plain; charset=us-ascii\r\n\r\nx\r\n"
            "--b\r\nContent-Type: text/plain; charset=us-ascii; name=cc.diff\r\n"
            "Content-ID: <960723163407.20117h@cac.washington.edu>\r\n"
            "Content-Description: Compiler diff\r\n"
            "Content-Transfer-Encoding: BASE64\r\n\r\nYQ==\r\n--b--\r\n";
        CHECK(without_extensions(structure(message)) ==
              "((\"text\" \"plain\" (\"charset\" \"us-ascii\") NIL NIL \"7bit\" 1 0)"
              "(\"text\" \"plain\" (\"charset\" \"us-ascii\" \"name\" \"cc.diff\") "
              "\"<960723163407.20117h@cac.washington.edu>\" \"Compiler diff\" \"base64\" 4 0) "
              "\"mixed\")");
        check_syntax(message);
    }

    TEST_CASE("extension data comes in its order") {
        CHECK(structure(with_field("Content-Type: image/png\r\nContent-MD5: Q2hlY2s=\r\n"
                                   "Content-Disposition: attachment; filename=\"a b.png\"\r\n"
                                   "Content-Language: de, en\r\nContent-Location: http://a/")) ==
              "(\"image\" \"png\" NIL NIL NIL \"7bit\" 6 \"Q2hlY2s=\" "
              "(\"attachment\" (\"filename\" \"a b.png\")) (\"de\" \"en\") \"http://a/\")");
        CHECK(structure(with_field("Content-Language: de\r\nContent-Disposition: inline")) ==
              "(\"text\" \"plain\" (\"charset\" \"us-ascii\") NIL NIL \"7bit\" 6 1 NIL (\"inline\" "
              "NIL) \"de\" NIL)");
    }

    TEST_CASE("text that names no charset is us-ascii, wherever it stands (RFC 2045 5.2)") {
        const std::string ascii = "(\"charset\" \"us-ascii\")";
        for (const std::string type :
             {"", "Content-Type: text/html\r\n", "Content-Type: nonsense\r\n",
              "Content-Type: text/plain; charset=\"\"\r\n", "Content-Type: multipart/mixed\r\n"}) {
            CHECK_MESSAGE(structure(type + "\r\nx").find(ascii) != std::string::npos, type);
            const auto nested = structure("Content-Type: message/rfc822\r\n\r\n" + type + "\r\nx");
            CHECK_MESSAGE(nested.find(ascii) != std::string::npos, type);
        }
        CHECK(structure("Content-Type: text/plain; format=flowed\r\n\r\nx")
                  .starts_with(
                      "(\"text\" \"plain\" (\"format\" \"flowed\" \"charset\" \"us-ascii\")"));
        CHECK(structure("Content-Type: image/png\r\n\r\nx").find(ascii) == std::string::npos);
        CHECK(structure("Content-Type: text/plain; charset=x\r\n\r\nx").find(ascii) ==
              std::string::npos);
    }

    TEST_CASE("comments are no part of any field of a part") {
        const std::string commented =
            "MIME-Version: (a) 1.0\r\n"
            "Content-Type: (a(b)c) image (d) / (e) png (f); (g) name (h) = (i) \"x(y).png\" (j)\r\n"
            "Content-ID: (a) <1@b.example> (c)\r\n"
            "Content-MD5: Q2hlY2s= (d)\r\n"
            "Content-Language: de (Deutsch), (English, of Britain) en-GB\r\n"
            "Content-Location: (a) http://a/(b).png (c)\r\n"
            "Content-Disposition: (a) attachment (b); filename (c) = (d) z.png (e)\r\n"
            "Content-Transfer-Encoding: (a (b)\r\n c) base64 (d)\r\n\r\neA==";
        CHECK(structure(commented) ==
              "(\"image\" \"png\" (\"name\" \"x(y).png\") \"<1@b.example>\" NIL \"base64\" 4 "
              "\"Q2hlY2s=\" (\"attachment\" (\"filename\" \"z.png\")) (\"de\" \"en-gb\") "
              "\"http://a/(b).png\")");
        check_syntax(commented);
    }

    TEST_CASE("a message inside has its envelope, its body and its lines") {
        CHECK(structure("Content-Type: message/rfc822\r\n\r\nSubject: in\r\n\r\nx\r\n") ==
              "(\"message\" \"rfc822\" NIL NIL NIL \"7bit\" 18 "
              "(NIL \"in\" NIL NIL NIL NIL NIL NIL NIL NIL) "
              "(\"text\" \"plain\" (\"charset\" \"us-ascii\") NIL NIL \"7bit\" 3 1 NIL NIL NIL "
              "NIL) 3 NIL NIL NIL NIL)");
    }

    TEST_CASE("the message of RFC 2049 appendix A is written whole") {
        const auto message = read_message("rfc2049_appendix_a.eml");
        check_syntax(message);
        CHECK(without_extensions(structure(message)) ==
              "((\"text\" \"plain\" (\"charset\" \"us-ascii\") NIL NIL \"7bit\" 271 7)"
              "(\"text\" \"plain\" (\"charset\" \"US-ASCII\") NIL NIL \"7bit\" 114 3)"
              "((\"audio\" \"basic\" NIL NIL NIL \"base64\" 91)"
              "(\"image\" \"jpeg\" NIL NIL NIL \"base64\" 47) \"parallel\")"
              "(\"text\" \"enriched\" (\"charset\" \"us-ascii\") NIL NIL \"7bit\" 145 5)"
              "(\"message\" \"rfc822\" NIL NIL NIL \"7bit\" 232 "
              "(NIL \"(subject in US-ASCII)\" NIL NIL NIL NIL NIL NIL NIL NIL) "
              "(\"text\" \"plain\" (\"charset\" \"ISO-8859-1\") NIL NIL \"quoted-printable\" 51 1) "
              "7) "
              "\"mixed\")");
    }

    TEST_CASE("parameters that are not ASCII are written as RFC 2231 has them") {
        CHECK(structure(with_field("Content-Type: a/b; name=Gr\xfc\xdf"
                                   "e.txt")) ==
              "(\"a\" \"b\" (\"name*\" \"utf-8''Gr%C3%BC%C3%9Fe.txt\") NIL NIL \"7bit\" 6 NIL NIL "
              "NIL "
              "NIL)");
        CHECK(structure(with_field("Content-Type: a/b; name*0*=utf-8''%e2%82; name*1*=%ac; x=y")) ==
              "(\"a\" \"b\" (\"name*\" \"utf-8''%E2%82%AC\" \"x\" \"y\") NIL NIL \"7bit\" 6 NIL "
              "NIL NIL "
              "NIL)");
    }

    TEST_CASE("B18 B19 D08: hostile fields give valid syntax") {
        using namespace std::string_literals;
        const std::string values[] = {"a/b; name=\"x\\\"\r\n* 1 EXISTS\r\n \\"s,
                                      "\"\\"s,
                                      "(\\"s,
                                      "a/b; n\"a=\x01\x7f"s,
                                      "text/plain; \xff=\xfe; \"=\""s,
                                      "message/rfc822"s,
                                      "multipart/mixed; boundary=b"s,
                                      "attachment; filename*=utf-8''%00%0D%0A%22\xe4"s,
                                      "x\0y"s,
                                      "multipart/\xe4"s,
                                      "a/b; name*0=\"a\0b\""s,
                                      std::string(300'000, '"'),
                                      "a/b;n=" + std::string(2000, 'y'),
                                      "../../x"s,
                                      "\xe2\x80\xae"s,
                                      ",,\xff,de\r\n\t,\"x\""s};
        for (const auto& value : values)
            for (const auto* name : {"Type", "ID", "Description", "Transfer-Encoding", "MD5",
                                     "Disposition", "Language", "Location"})
                check_syntax(with_field("Content-" + (name + (": " + value))));
    }

    TEST_CASE("D01: a thousand parts with long names stay within the budget") {
        const auto part = "--b\r\nContent-Type: a/b; name=\"" + std::string(1500, 'n') +
                          "\"\r\nContent-Description: " + std::string(1500, 'd') + "\r\n\r\nx\r\n";
        const auto message =
            "Content-Type: multipart/mixed; boundary=b\r\n\r\n" + repeated(part, 1000);
        CHECK(structure(message).size() < max_body_structure_octets + 100 * 1024);
        check_syntax(message);
    }

    TEST_CASE("D01: the deepest tree is written and read back") {
        std::string deep = repeated("Content-Type: message/rfc822\r\n\r\n", 70);
        for (int i = 0; i < 70; ++i)
            deep += "Content-Type: multipart/mixed; boundary=b" + std::to_string(i) +
                    "\r\n\r\n--b" + std::to_string(i) + "\r\n";
        check_syntax(deep);
    }
}
