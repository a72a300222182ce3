#include "protocols/pop3/message_encoder.hpp"

#include "protocols/message/text_growth.hpp"

#include <doctest/doctest.h>

#include <random>
#include <string>

using namespace hauspost;
using pop3::message_encoder;

namespace {

std::string encode_cut(std::string_view octets, std::size_t cut, std::uint64_t lines) {
    std::string out;
    message_encoder encoder(lines);
    encoder.encode(octets.substr(0, cut), out);
    encoder.encode(octets.substr(cut), out);
    encoder.finish(out);
    return out;
}

/// The same however the octets are cut, at every place and one by one.
std::string encode(std::string_view octets, std::uint64_t lines = message_encoder::all_lines) {
    const auto whole = encode_cut(octets, octets.size(), lines);
    for (std::size_t cut = 0; cut < octets.size(); ++cut)
        CHECK(encode_cut(octets, cut, lines) == whole);
    std::string one_by_one;
    message_encoder encoder(lines);
    for (const char octet : octets)
        encoder.encode(std::string_view(&octet, 1), one_by_one);
    encoder.finish(one_by_one);
    CHECK(one_by_one == whole);
    return whole;
}

/// As a client counts: without the last line and the stuffed dots.
std::size_t size_for_client(std::string_view sent) {
    REQUIRE(sent.ends_with(".\r\n"));
    sent.remove_suffix(3);
    std::size_t octets = sent.size();
    for (std::size_t at = 0; at < sent.size(); at = sent.find('\n', at) + 1) {
        REQUIRE(sent.find('\n', at) != std::string_view::npos);
        if (sent[at] == '.') --octets;
    }
    return octets;
}

}  // namespace

TEST_CASE("pop3 encoder: C04 lines that begin with a dot get another") {
    CHECK(encode("A: b\r\n\r\n.\r\n..\r\na.\r\n") == "A: b\r\n\r\n..\r\n...\r\na.\r\n.\r\n");
    CHECK(encode(".A: b\r\n\r\n") == "..A: b\r\n\r\n.\r\n");
}

TEST_CASE("pop3 encoder: C04 a last line without an end gets one") {
    CHECK(encode("A: b\r\n\r\nbody") == "A: b\r\n\r\nbody\r\n.\r\n");
    CHECK(encode("A: b\r\n\r\nbody\r") == "A: b\r\n\r\nbody\r\n.\r\n");
    CHECK(encode("A: b\r\n\r\n.") == "A: b\r\n\r\n..\r\n.\r\n");
}

TEST_CASE("pop3 encoder: C04 CR and LF that stand alone become CRLF") {
    CHECK(encode("A: b\n\nx\n.\ny") == "A: b\r\n\r\nx\r\n..\r\ny\r\n.\r\n");
    CHECK(encode("A: b\r\rx\r.\ry\r\r\nz") == "A: b\r\n\r\nx\r\n..\r\ny\r\n\r\nz\r\n.\r\n");
}

TEST_CASE("pop3 encoder: Outlook: NUL becomes 0x80, header and body") {
    CHECK(encode(std::string_view("A: \0\r\n\r\n\0.\0\r\n", 13)) ==
          "A: \x80\r\n\r\n\x80.\x80\r\n.\r\n");
}

TEST_CASE("pop3 encoder: Outlook Express: a header without its empty line gets it") {
    CHECK(encode("A: b\r\n") == "A: b\r\n\r\n.\r\n");
    CHECK(encode("A: b") == "A: b\r\n\r\n.\r\n");
    CHECK(encode("") == "\r\n.\r\n");
    CHECK(encode("\r\nbody\r\n") == "\r\nbody\r\n.\r\n");
}

TEST_CASE("pop3 encoder: TOP gives header, empty line and so many lines of the body") {
    const std::string message = "A: b\r\nC: d\r\n\r\none\r\n.two\r\n\r\nfour";
    CHECK(encode(message, 0) == "A: b\r\nC: d\r\n\r\n.\r\n");
    CHECK(encode(message, 1) == "A: b\r\nC: d\r\n\r\none\r\n.\r\n");
    CHECK(encode(message, 3) == "A: b\r\nC: d\r\n\r\none\r\n..two\r\n\r\n.\r\n");
    CHECK(encode(message, 4) == encode(message));
    CHECK(encode(message, 2'147'483'648) == encode(message));
    CHECK(encode("A: b", 0) == "A: b\r\n\r\n.\r\n");
}

TEST_CASE("pop3 encoder: it is complete as soon as the wanted lines are there") {
    std::string out;
    message_encoder encoder(1);
    encoder.encode("A: b\r\n\r\none", out);
    CHECK(!encoder.is_complete());
    encoder.encode("\r\n", out);
    CHECK(encoder.is_complete());
    encoder.encode("two\r\n", out);
    encoder.finish(out);
    CHECK(out == "A: b\r\n\r\none\r\n.\r\n");
}

TEST_CASE("pop3 encoder: C04 a line of a megabyte stays one line, oddities at each place of it") {
    const std::string head = "A: b\r\n\r\n";
    const std::string line(1'000'000, 'x');
    CHECK(encode_cut(head + line, 500, message_encoder::all_lines) == head + line + "\r\n.\r\n");
    for (std::size_t at = 60; at < 260; ++at) {
        auto odd = head + std::string(300, 'x');
        auto expected = odd + "\r\n.\r\n";
        odd[at] = '\0';
        expected[at] = '\x80';
        CHECK(encode_cut(odd, odd.size(), message_encoder::all_lines) == expected);
        odd[at] = '\n';
        expected.replace(at, 1, "\r\n");
        CHECK(encode_cut(odd, odd.size(), message_encoder::all_lines) == expected);
        odd[at] = '\r';
        CHECK(encode_cut(odd, odd.size(), message_encoder::all_lines) == expected);
        odd.insert(at + 1, "\n.");
        expected.insert(at + 2, "..");
        CHECK(encode_cut(odd, odd.size(), message_encoder::all_lines) == expected);
    }
}

TEST_CASE("pop3 encoder: what a client counts is the size that is kept with the message") {
    std::mt19937 random(1939);
    const std::string_view alphabet("\r\n\r\n.ab\0", 8);
    for (int round = 0; round < 20'000; ++round) {
        std::string octets(random() % (round % 10 == 0 ? 400 : 12), 'x');
        const bool is_tame = random() % 2 == 0;
        for (auto& octet : octets)
            if (!is_tame || random() % 40 == 0) octet = alphabet[random() % alphabet.size()];
        CAPTURE(octets);
        const auto sent =
            encode_cut(octets, random() % (octets.size() + 1), message_encoder::all_lines);
        CHECK(size_for_client(sent) == octets.size() + message::text_growth(octets));
        CHECK(sent.find('\0') == std::string::npos);
        CHECK(sent.find("\r\n.\r\n") == sent.size() - 5);
    }
}

TEST_CASE("pop3 encoder: octets grow to no more than twice as many") {
    for (const auto* worst : {"\n", "\r", ".\n"}) {
        std::string octets = "\r\n";
        while (octets.size() < 1000)
            octets += worst;
        CHECK(encode_cut(octets, 7, message_encoder::all_lines).size() <= 2 * octets.size() + 3);
    }
}
