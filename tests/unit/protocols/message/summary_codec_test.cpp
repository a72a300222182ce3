#include "protocols/message/summary.hpp"
#include "read_message.hpp"

#include <doctest/doctest.h>

#include <limits>

using namespace hauspost::message;

namespace {

summary full_of_extremes() {
    summary value;
    value.envelope = std::string("(\0)", 3);
    value.body_structure = std::string(70'000, 's');
    value.preview = "p";
    value.base_subject = "b";
    value.from_mailbox = "f";
    value.to_mailbox = "t";
    value.cc_mailbox = "c";
    value.from_display = "F";
    value.to_display = "T";
    value.sent_at = std::numeric_limits<std::int64_t>::min() + 1;
    value.sent_zone_minutes = std::numeric_limits<std::int32_t>::min();
    value.message_id = "<i>";
    value.references = {"", "<r>"};
    value.octets = std::numeric_limits<std::uint64_t>::max();
    part odd;
    odd.type = part::kind::message;
    odd.depth = odd.number = std::numeric_limits<std::uint16_t>::max();
    odd.header = 7;
    odd.body = 5;  // offsets that do not grow
    odd.end = std::numeric_limits<std::uint64_t>::max();
    odd.lines = std::numeric_limits<std::uint32_t>::max();
    odd.encoding = "base64";
    odd.type_name = "x/y";
    odd.charset = std::string(300, 'c');
    value.parts = {part{}, odd};
    return value;
}

}  // namespace

TEST_SUITE("message summary codec") {
    TEST_CASE("what was encoded is decoded, extremes too") {
        for (const auto& value :
             {summary{}, full_of_extremes(), summarize(read_message("rfc2049_appendix_a.eml"))})
            CHECK(decode(encode(value)) == value);
    }

    TEST_CASE("no date, the first second of 1970 and its neighbours are told apart") {
        summary value;
        CHECK(!sent_at_of(encode(value)));
        for (const std::int64_t at : {-1, 0, 1}) {
            value.sent_at = at;
            CHECK(sent_at_of(encode(value)) == at);
            CHECK(decode(encode(value)) == value);
        }
    }

    TEST_CASE("the growth of a message that has none takes no octet") {
        auto value = full_of_extremes();
        const auto without = encode(value);
        value.growth = 0x0102030405060708;
        const auto with = encode(value);
        CHECK(without[0] == 1);
        CHECK(growth_of(without) == 0);
        CHECK(with == "\2\x8\x7\x6\x5\x4\x3\x2\x1" + without.substr(1));
        CHECK(growth_of(with.substr(0, 9)) == value.growth);
        CHECK(growth_of(with.substr(0, 8)) == 0);
        CHECK(growth_of(with) == value.growth);
        CHECK(decode(with) == value);
        CHECK(envelope_of(with) == value.envelope);
        CHECK(sort_fields_of(with).base_subject == "b");
        CHECK(!decode("\2" + std::string(8, '\0') + without.substr(1)));
        for (std::size_t size = 0; size < 40; ++size)
            CHECK(!decode(with.substr(0, size)));
    }

    TEST_CASE("single fields are read without decoding") {
        const auto value = full_of_extremes();
        const auto octets = encode(value);
        CHECK(envelope_of(octets) == value.envelope);
        CHECK(body_structure_of(octets) == value.body_structure);
        CHECK(preview_of(octets) == "p");
        CHECK(sent_at_of(octets) == value.sent_at);
        CHECK(envelope_of(octets).data() == octets.data() + 25);
    }

    TEST_CASE("sort keys and references are read without decoding, cut ones are empty") {
        const auto octets = encode(full_of_extremes());
        const auto fields = sort_fields_of(octets);
        CHECK(fields.base_subject == "b");
        CHECK(fields.from_mailbox == "f");
        CHECK(fields.to_mailbox == "t");
        CHECK(fields.cc_mailbox == "c");
        CHECK(fields.from_display == "F");
        CHECK(fields.to_display == "T");
        CHECK(fields.message_id == "<i>");
        std::vector<std::string_view> references{"old"};
        CHECK(read_references(octets, references) == "<i>");
        CHECK(references == std::vector<std::string_view>{"", "<r>"});
        bool is_whole = false;
        for (std::size_t cut = 0; cut <= octets.size(); ++cut) {
            const auto id = read_references(std::string_view(octets).substr(0, cut), references);
            const auto subject =
                sort_fields_of(std::string_view(octets).substr(0, cut)).base_subject;
            CHECK((id.empty() || id == "<i>"));
            CHECK((subject.empty() || subject == "b"));
            CHECK((references.empty() || references.size() == 2));
            is_whole = id == "<i>" && subject == "b" && references.size() == 2;
        }
        CHECK(is_whole);
    }

    TEST_CASE("the layout is frozen") {
        summary value;
        value.envelope = "E";
        value.body_structure = "SS";
        value.preview = "P";
        value.sent_at = 1;
        value.sent_zone_minutes = 60;
        value.octets = 300;
        value.base_subject = "B";
        value.references = {"R"};
        part leaf;
        leaf.body = 2;
        leaf.end = 302;
        leaf.encoding = "base64";
        leaf.type_name = "a/b";
        leaf.charset = "utf-8";
        value.parts = {leaf};
        using namespace std::string_literals;
        CHECK(encode(value) ==
              "\x01\x01\0\0\0\x02\0\0\0\x01\0\0\0"
              "\x01\0\0\0\0\0\0\0\x3c\0\0\0"
              "ESSP\xac\x02\x01"
              "B\0\0\0\0\0\0\x01\x01R\x01"
              "\0\0\x01\0\x02\xac\x02\0\x04\x23"
              "a/b\x17"s);
    }

    TEST_CASE("octets cut at any place, or too many, are refused") {
        const auto octets = encode(summarize(read_message("rfc5322_appendix_a5.eml")));
        for (std::size_t cut = 0; cut < octets.size(); ++cut)
            CHECK(!decode(std::string_view(octets).substr(0, cut)));
        CHECK(!decode(octets + '\0'));
        CHECK(envelope_of(octets.substr(0, 24)) == "");
        CHECK(preview_of("") == "");
        CHECK(!sent_at_of(""));
    }

    TEST_CASE("octets of another version or with absurd lengths are refused") {
        auto octets = encode(summarize("Subject: x\r\n\r\ny\r\n"));
        octets[0] = 3;
        CHECK(!decode(octets));
        CHECK(envelope_of(octets) == "");
        octets[0] = 1;
        octets[4] = '\xff';
        CHECK(!decode(octets));
        CHECK(body_structure_of(octets) == "");
        summary many;
        auto counts = encode(many);
        counts.back() = '\x7f';  // 127 parts that are not there
        CHECK(!decode(counts));
    }

    TEST_CASE("any octet changed gives a refusal or some summary, never a crash") {
        const auto octets = encode(full_of_extremes());
        for (std::size_t at = 0; at < octets.size(); at += at < 40 || at > 70'000 ? 1 : 997) {
            auto damaged = octets;
            damaged[at] = static_cast<char>(damaged[at] ^ 0xff);
            if (const auto value = decode(damaged)) CHECK(*value != full_of_extremes());
        }
    }
}
