#include "protocols/wire/line_reader.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using hauspost::wire::line_reader;
using hauspost::wire::line_status;

namespace {

std::vector<std::string> drain(line_reader& reader) {
    std::vector<std::string> got;
    for (;;) {
        std::string_view line;
        switch (reader.next(line)) {
        case line_status::complete: got.emplace_back(line); break;
        case line_status::need_more: return got;
        case line_status::too_long: got.emplace_back("!long"); break;
        case line_status::bare_newline: got.emplace_back("!bare"); break;
        }
    }
}

/// Feeds whole, octet by octet, and cut at every place; all must give `wanted`.
void check_lines(std::string_view octets,
                 const std::vector<std::string>& wanted,
                 std::size_t max_octets = 16) {
    CAPTURE(octets);
    for (std::size_t cut = 0; cut <= octets.size(); ++cut) {
        line_reader reader(max_octets);
        reader.feed(octets.substr(0, cut));
        auto got = drain(reader);
        reader.feed(octets.substr(cut));
        for (auto& line : drain(reader))
            got.push_back(std::move(line));
        CHECK(got == wanted);
    }
    line_reader reader(max_octets);
    std::vector<std::string> got;
    for (const char c : octets) {
        reader.feed({&c, 1});
        for (auto& line : drain(reader))
            got.push_back(std::move(line));
    }
    CHECK(got == wanted);
}

}  // namespace

TEST_CASE("line reader: lines come out without CRLF, however the octets are cut") {
    check_lines("EHLO a.example\r\nQUIT\r\n", {"EHLO a.example", "QUIT"});
    check_lines("\r\n\r\n", {"", ""});
    check_lines("NOOP\r", {});
    check_lines("", {});
}

TEST_CASE("line reader: a line at the limit is taken, one octet more is not") {
    check_lines("12345678901234\r\nx\r\n", {"12345678901234", "x"});
    check_lines("123456789012345\r\nx\r\n", {"!long", "x"});
    check_lines("1234567890123456\r\nx\r\n", {"!long", "x"});
}

TEST_CASE("line reader: A10 an endless line is reported once and skipped to its CRLF") {
    const std::string endless(1000, 'x');
    check_lines(endless + "\r\nQUIT\r\n", {"!long", "QUIT"});
    check_lines(endless + "\n" + endless + "\rQUIT\r\nNOOP\r\n", {"!long", "NOOP"});
    check_lines(endless + "\r\r\nNOOP\r\n", {"!long", "NOOP"});
}

TEST_CASE("line reader: A10 memory stays flat under a line of a megabyte") {
    line_reader reader(512);
    const std::string chunk(4096, 'x');
    for (int i = 0; i < 256; ++i) {
        reader.feed(chunk);
        drain(reader);
        CHECK(reader.capacity() <= 2 * chunk.size());
    }
}

TEST_CASE("line reader: A01 a bare CR or a bare LF is reported and is never part of a line") {
    check_lines("QUIT\nNOOP\r\n", {"!bare", "NOOP"});
    check_lines("QU\rIT\r\nNOOP\r\n", {"!bare", "NOOP"});
    check_lines("QUIT\r\r\nNOOP\r\n", {"!bare", "NOOP"});
    check_lines("\n", {"!bare"});
    check_lines("\n\r\n", {"!bare", ""});
}

TEST_CASE("line reader: octets that are no lines are taken out between lines") {
    line_reader reader(64);
    reader.feed("DATA\r\nbody...QUIT\r\n");
    std::string_view line;
    REQUIRE(reader.next(line) == line_status::complete);
    CHECK(line == "DATA");
    const line_reader& same = reader;
    CHECK(same.buffered() == "body...QUIT\r\n");
    reader.consume(7);
    REQUIRE(reader.next(line) == line_status::complete);
    CHECK(line == "QUIT");
    CHECK(reader.is_empty());
}

TEST_CASE("line reader: clear throws away, release gives the memory back only when empty") {
    line_reader reader(64);
    reader.feed("STARTTLS\r\nNOOP\r\n");
    reader.release();
    CHECK(reader.capacity() > 0);
    reader.clear();
    CHECK(reader.is_empty());
    reader.release();
    CHECK(reader.capacity() == 0);
    check_lines("NOOP\r\n", {"NOOP"});
}
