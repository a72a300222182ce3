#include "protocols/message/header.hpp"

#include "read_message.hpp"

#include <doctest/doctest.h>

#include <vector>

using namespace hauspost::message;

namespace {

using pairs = std::vector<std::pair<std::string, std::string>>;

pairs fields_of(std::string_view octets) {
    pairs fields;
    for (header_reader reader(octets); reader.next();)
        fields.emplace_back(reader.field().name, reader.field().value);
    return fields;
}

}  // namespace

TEST_SUITE("message header") {
    TEST_CASE("fields come in order with folded values and the body is not read") {
        CHECK(fields_of("A: 1\r\nB:2\r\n\tx\r\n  y\r\nC:\r\n\r\nD: 4\r\n") ==
              pairs{{"A", " 1"}, {"B", "2\r\n\tx\r\n  y"}, {"C", ""}});
        CHECK(fields_of("A: 1\nB: 2\n\nC: 3\n") == pairs{{"A", " 1"}, {"B", " 2"}});
        CHECK(fields_of("A: 1") == pairs{{"A", " 1"}});
        CHECK(fields_of("\r\nA: 1\r\n").empty());
        CHECK(fields_of("").empty());
    }

    TEST_CASE("the raw octets of all fields are the header") {
        const std::string_view header = "A: 1\r\n x\r\nno colon\r\nB: 2\r\n";
        std::string raw;
        for (header_reader reader(header); reader.next();)
            raw += reader.field().raw;
        CHECK(raw == header);
    }

    TEST_CASE("where the header ends is exact") {
        const auto end = [](std::string_view octets) {
            const auto span = find_header_end(octets);
            return std::pair(span.fields_end, span.body);
        };
        CHECK(end("A: 1\r\n\r\nbody") == std::pair<std::size_t, std::size_t>(6, 8));
        CHECK(end("A: 1\n\nbody") == std::pair<std::size_t, std::size_t>(5, 6));
        CHECK(end("\r\nbody") == std::pair<std::size_t, std::size_t>(0, 2));
        CHECK(end("A: 1\r\n") == std::pair<std::size_t, std::size_t>(6, 6));
        CHECK(end("A: 1\r") == std::pair<std::size_t, std::size_t>(5, 5));
        CHECK(end("A: 1\r\n \r\nB: 2\r\n\r\n") == std::pair<std::size_t, std::size_t>(15, 17));
        CHECK(end("") == std::pair<std::size_t, std::size_t>(0, 0));
    }

    TEST_CASE("a field is found without case and the first one counts") {
        CHECK(find_field("subject: a\r\nSubject: b\r\n", "Subject") == " a");
        CHECK(find_field("A: 1\r\n", "B").data() == nullptr);
        CHECK(find_field("B:\r\n", "B").data() != nullptr);
    }

    TEST_CASE("unfolding takes line ends out and leaves nothing that could end a line") {
        CHECK(unfolded(" a\r\n b\r\n\tc ") == "a b c");
        CHECK(unfolded("a\n b") == "a b");
        CHECK(unfolded("a\rb\nc") == "a b c");
        CHECK(unfolded(std::string_view("a\0b", 3)) == "a b");
        CHECK(unfolded("a\tb") == "a\tb");
        CHECK(unfolded("\r\n \r\n ") == "");
    }

    TEST_CASE("a decoded field is what people read") {
        CHECK(decoded_field("Subject: =?utf-8?Q?Gr=C3=BC=C3=9Fe?=\r\n aus K\xf6ln\r\n",
                            "subject") == "Grüße aus Köln");
        CHECK(decoded_field("A: b\r\n", "Subject") == "");
    }

    TEST_CASE("D02: lines that are no fields have no name and stop nothing") {
        CHECK(fields_of("From ann Mon Nov 23 10:26:50 2026\r\nno colon\r\n: x\r\nA: 1\r\n") ==
              pairs{{"", "From ann Mon Nov 23 10:26:50 2026"},
                    {"", "no colon"},
                    {"", ": x"},
                    {"A", " 1"}});
        CHECK(fields_of(" starts folded\r\nA: 1\r\n") ==
              pairs{{"", " starts folded"}, {"A", " 1"}});
        CHECK(fields_of("Gr\xfc\xdf: 1\r\n")[0].first == "");
    }

    TEST_CASE("D11: white space before the colon is no other name and NUL is no name") {
        CHECK(find_field("From : ann@a.example\r\n", "From") == " ann@a.example");
        CHECK(find_field("From\t: ann@a.example\r\n", "From") == " ann@a.example");
        CHECK(find_field(std::string_view("Fr\0om: x\r\nFrom\0: y\r\n", 20), "From").empty());
    }

    TEST_CASE("D02: fields up to the limit of 2000 are read, one more is not") {
        const auto at_limit = repeated("A: b\r\n", header_limits::max_fields);
        CHECK(fields_of(at_limit).size() == 2000);
        CHECK(fields_of(at_limit + "C: d\r\n").size() == 2000);
        CHECK(find_header_end(at_limit + "C: d\r\n\r\n").body == 2000 * 6 + 6 + 2);
    }

    TEST_CASE("D02: a value is cut at 256 KiB but its field is whole") {
        const auto at_limit = std::string(header_limits::max_field_octets, 'x');
        CHECK(find_field("A:" + at_limit + "\r\n", "A").size() == at_limit.size());
        CHECK(find_field("A:" + at_limit + "y\r\n", "A").size() == at_limit.size());
        const auto message = "A:" + at_limit + "y\r\nB: 1\r\n";
        header_reader reader(message);
        REQUIRE(reader.next());
        CHECK(reader.field().raw.size() == at_limit.size() + 5);
        CHECK(find_field(message, "B") == " 1");
    }

    TEST_CASE("D02: no field begins behind 2 MiB of header") {
        const auto field = "A:" + std::string(1020, 'x') + "\r\n";  // one kilooctet
        CHECK(fields_of(repeated(field, 1999) + "B: 1\r\n").size() == 2000);
        const auto big = "A:" + std::string(64 * 1024 - 4, 'x') + "\r\n";
        CHECK(fields_of(repeated(big, 31) + "B: 1\r\n").size() == 32);
        CHECK(fields_of(repeated(big, 32) + "B: 1\r\n").size() == 32);
    }

    TEST_CASE("D02: a million continuation lines are one field") {
        const auto message = "A: b\r\n" + repeated(" c\r\n", 1'000'000) + "D: e\r\n\r\n";
        CHECK(fields_of(message).size() == 1);  // beyond 2 MiB nothing begins
        CHECK(find_header_end(message).body == message.size());
    }
}
