#include "protocols/client_setup/xml_writer.hpp"

#include "tests/unit/protocols/client_setup/read_xml.hpp"

#include <doctest/doctest.h>

#include <stdexcept>
#include <string>

using namespace hauspost;
using namespace hauspost::client_setup;
using lines = std::vector<std::string>;

TEST_CASE("xml: markup in a text is escaped, in elements and in attributes") {
    const std::string hostile = R"(</a><b c="d" e='f'>&lt;]]>)";
    CHECK(xml_escaped(hostile) ==
          "&lt;/a&gt;&lt;b c=&quot;d&quot; e=&apos;f&apos;&gt;&amp;lt;]]&gt;");
    xml_writer out;
    out.open("r", "x=\"" + xml_escaped(hostile) + '"');
    out.leaf("t", hostile);
    out.close();
    CHECK(test::xml_lines::of(out.take()) == lines{"r[x=" + hostile + "]/t=" + hostile});
}

TEST_CASE("xml: white space comes back as it was, in an attribute too") {
    const std::string text = " a\r\n\tb\rc\n ";
    xml_writer out;
    out.open("r", "x=\"" + xml_escaped(text) + '"');
    out.leaf("t", text);
    out.close();
    CHECK(test::xml_lines::of(out.take()) == lines{"r[x=" + text + "]/t=" + text});
}

TEST_CASE("xml: what no document can hold becomes U+FFFD") {
    const std::string fffd = "\xef\xbf\xbd";
    CHECK(xml_escaped(std::string_view("a\0b", 3)) == "a" + fffd + "b");
    CHECK(xml_escaped("\x01\x1f\x0b") == fffd + fffd + fffd);
    CHECK(xml_escaped("\xef\xbf\xbe\xef\xbf\xbf") == fffd + fffd);
    CHECK(xml_escaped("\xff\xc3") == fffd + fffd);
    CHECK(xml_escaped("\xed\xa0\x80") == fffd + fffd + fffd);  // a surrogate
    CHECK(xml_escaped("gr\xc3\xbc\xc3\x9f\xf0\x9f\x93\xae") ==
          "gr\xc3\xbc\xc3\x9f\xf0\x9f\x93\xae");
    for (int octet = 0; octet < 256; ++octet) {
        xml_writer out;
        out.leaf("t", std::string(3, static_cast<char>(octet)));
        CHECK_NOTHROW(test::xml_lines::of(out.take()));
    }
}

TEST_CASE("xml: a document is told with its lines indented, and only when it is whole") {
    xml_writer out("<!DOCTYPE x>");
    out.open("x");
    out.empty("y");
    out.leaf("n", 65535);
    CHECK_THROWS_AS((void)out.take(), std::logic_error);
    out.close();
    CHECK_THROWS_AS(out.close(), std::logic_error);
    CHECK(out.take() ==
          "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!DOCTYPE x>\n"
          "<x>\n  <y/>\n  <n>65535</n>\n</x>\n");
}
