#include "protocols/dns/name.hpp"

#include "tests/support/fake_resolver.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace hauspost;
using namespace hauspost::dns;

namespace {

std::string labels(std::size_t count, std::size_t octets) {
    std::string name;
    for (std::size_t i = 0; i < count; ++i)
        name += (i == 0 ? "" : ".") + std::string(octets, 'a');
    return name;
}

std::optional<std::string> taken(std::string wire) {
    std::string_view rest = wire;
    return take_host_name(rest);
}

}  // namespace

TEST_CASE("dns name: a question is in lower case, without the dot at its end") {
    CHECK(to_question_name("Mx.Example.TEST.") == "mx.example.test");
    CHECK(to_question_name("sel._domainkey.example.test") == "sel._domainkey.example.test");
    CHECK(to_question_name("ann+x@example.test._spf.example") == "ann+x@example.test._spf.example");
}

TEST_CASE("dns name: what cannot be a name is not asked for") {
    for (const char* text :
         {"", ".", "..", "a..b", ".a", "a..", "a b", "a\\046b", "m\xc3\xbcller", "a\nb", "a\x7f"})
        CHECK_MESSAGE(!to_question_name(text), text);
    CHECK_FALSE(to_question_name(std::string_view("a\0b", 3)));
}

TEST_CASE("dns name: labels of 63 octets and names of 253 are the longest") {
    CHECK(to_question_name(labels(1, 63)));
    CHECK_FALSE(to_question_name(labels(1, 64)));
    CHECK(to_question_name(labels(3, 63) + '.' + labels(1, 61)));
    CHECK(to_question_name(labels(3, 63) + '.' + labels(1, 61) + '.'));
    CHECK_FALSE(to_question_name(labels(3, 63) + '.' + labels(1, 62)));
}

TEST_CASE("dns name: a host has letters, digits, hyphens and underscores") {
    CHECK(to_host_name("Mx-1_a.example") == "mx-1_a.example");
    for (const char* text : {"a@b.example", "0/25.2.0.192.in-addr.arpa", "*.example", "a\"b", ""})
        CHECK_MESSAGE(!to_host_name(text), text);
}

TEST_CASE("dns name: the wire form is taken off up to its end") {
    const auto wire = test::wire_name("Mx.Example.test") + "rest";
    std::string_view rest = wire;
    CHECK(take_host_name(rest) == "mx.example.test");
    CHECK(rest == "rest");
    CHECK(taken(std::string(1, '\0')) == "");
}

TEST_CASE("dns name: F04 wire forms that end too early, point elsewhere or are too long") {
    const auto whole = test::wire_name("mx.example.test");
    for (std::size_t end = 0; end < whole.size(); ++end)
        CHECK_FALSE(taken(whole.substr(0, end)));
    CHECK_FALSE(taken("\xc0\x0c"));
    CHECK_FALSE(taken(std::string("\x02mx\xc0\x00", 5)));
    CHECK_FALSE(taken("\x40" + std::string(64, 'a') + '\0'));
    CHECK(taken(test::wire_name(labels(3, 63) + '.' + labels(1, 61))));
    CHECK_FALSE(taken(test::wire_name(labels(3, 63) + '.' + labels(1, 62))));
    CHECK_FALSE(taken(test::wire_name(labels(100, 63))));
}

TEST_CASE("dns name: A15 a name that would break a line or a log is no host") {
    for (const std::string label : {"a\r\nb", "a b", "a.b", "a\"b", "a\x80", "a\\b"})
        CHECK_FALSE(taken(static_cast<char>(label.size()) + label + '\0'));
    CHECK_FALSE(taken(std::string("\x02\0a\0", 4)));
}

TEST_CASE("dns name: where the names of an address stand") {
    const auto of = [](const char* text) { return reverse_name(asio::ip::make_address(text)); };
    CHECK(of("192.0.2.25") == "25.2.0.192.in-addr.arpa");
    CHECK(of("::ffff:192.0.2.25") == "25.2.0.192.in-addr.arpa");
    CHECK(of("2001:db8::567:89ab") ==
          "b.a.9.8.7.6.5.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa");
}
