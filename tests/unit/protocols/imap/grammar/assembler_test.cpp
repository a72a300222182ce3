#include "protocols/imap/grammar/assembler.hpp"

#include "tests/unit/protocols/imap/grammar/parsing.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace hauspost::imap;
using hauspost::imap::testing::repeated;
using namespace std::string_literals;

namespace {

using lines = std::vector<std::string>;

std::string shown(const refusal& why) {
    static constexpr const char* words[] = {"OK", "NO", "BAD", "PREAUTH", "BYE"};
    std::string out = why.tag + " " + words[static_cast<std::size_t>(why.status)] + " ";
    if (!why.code.empty()) out += "[" + why.code + "] ";
    return out + why.text;
}

/// A client's octets on their way through an assembler: what came out, one line each. Octets after
/// an announcement stand in the input whether or not the client would wait for "+ ".
class run {
public:
    explicit run(const limits& bounds = {}, bool logged_in = true, bool takes_append = true)
        : assembler_(bounds), takes_append_(takes_append) {
        if (logged_in) assembler_.set_logged_in();
    }

    void feed(std::string_view octets) {
        if (assembler_.must_close()) return;  // as a session would have left
        assembler_.feed(octets);
        while (advance()) {
        }
    }
    /// The same octets, as a session reads them, and with the memory given back before it waits.
    void read(std::string_view octets) {
        if (assembler_.must_close()) return;
        assembler_.release_memory();
        const auto room = assembler_.room(octets.size() + 3);
        REQUIRE(room.size() >= octets.size() + 3);
        octets.copy(room.data(), octets.size());
        assembler_.added(octets.size());
        while (advance()) {
        }
    }
    lines seen;

private:
    bool advance() {
        if (assembler_.literal_left() > 0 && is_taking_ && !take()) return false;
        switch (assembler_.next()) {
        case assembly::need_more: return false;
        case assembly::complete: seen.emplace_back(assembler_.command()); return true;
        case assembly::continuation: seen.emplace_back("+"); return true;
        case assembly::append: begin_append(); return true;
        case assembly::append_end:
            seen.push_back(is_taking_ ? "stored " + message_ : "not stored");
            is_taking_ = false;
            return true;
        case assembly::refused:
            seen.push_back(shown(assembler_.refusal()));
            is_taking_ = false;
            return !assembler_.must_close();
        }
        return false;
    }
    void begin_append() {
        const auto& head = assembler_.append();
        seen.push_back("append " + head.tag + " " + head.command.mailbox + " " +
                       std::to_string(head.command.octets) +
                       (head.command.is_synchronising ? " sync" : ""));
        message_.clear();
        is_taking_ = takes_append_;
        takes_append_ ? assembler_.accept_append() : assembler_.refuse_append();
    }
    bool take() {
        while (assembler_.literal_left() > 0) {
            const auto octets = assembler_.take_literal();
            if (octets.empty()) return false;
            message_ += octets;
        }
        return true;
    }

    assembler assembler_;
    bool takes_append_;
    bool is_taking_ = false;
    std::string message_;
};

struct setting {
    limits bounds = {};
    bool logged_in = true;
    bool takes_append = true;
};

lines fed_whole(std::string_view octets, const setting& with = {}) {
    run one(with.bounds, with.logged_in, with.takes_append);
    one.feed(octets);
    return one.seen;
}

/// The same in one piece, octet by octet, and in two pieces cut at every place; fed, and read in place.
lines fed(std::string_view octets, const setting& with = {}) {
    const auto expected = fed_whole(octets, with);
    run slow(with.bounds, with.logged_in, with.takes_append);
    for (const char octet : octets)
        slow.feed({&octet, 1});
    CHECK(slow.seen == expected);
    run slow_in_place(with.bounds, with.logged_in, with.takes_append);
    for (const char octet : octets)
        slow_in_place.read({&octet, 1});
    CHECK(slow_in_place.seen == expected);
    for (std::size_t cut = 0; cut <= octets.size(); ++cut) {
        run two(with.bounds, with.logged_in, with.takes_append);
        two.feed(octets.substr(0, cut));
        two.feed(octets.substr(cut));
        CHECK(two.seen == expected);
        run in_place(with.bounds, with.logged_in, with.takes_append);
        in_place.read(octets.substr(0, cut));
        in_place.read(octets.substr(cut));
        CHECK(in_place.seen == expected);
    }
    return expected;
}

setting small() {
    setting with;
    with.bounds.line_octets = with.bounds.line_octets_before_login = 40;
    with.bounds.literal_octets = 20;
    with.bounds.literal_octets_before_login = 10;
    with.bounds.command_octets = 100;
    with.bounds.literals = 3;
    with.bounds.append_octets = 30;
    with.bounds.swallowed_octets = 50;
    return with;
}

}  // namespace

TEST_CASE("assembler: pipelined commands come one by one (B12)") {
    CHECK(fed("A NOOP\r\nB CAPABILITY\r\n\r\nC LOGOUT\r\nD unfinished") ==
          lines{"A NOOP", "B CAPABILITY", "", "C LOGOUT"});
}

TEST_CASE("assembler: literals stand in place, after a continuation or without one") {
    CHECK(fed("A LOGIN {5}\r\nsmith {3}\r\na\nb\r\nB NOOP\r\n") ==
          lines{"+", "+", "A LOGIN {5}\r\nsmith {3}\r\na\nb", "B NOOP"});
    CHECK(fed("A LOGIN {5+}\r\nsmith {0+}\r\n\r\nB NOOP\r\n") ==
          lines{"A LOGIN {5+}\r\nsmith {0+}\r\n", "B NOOP"});
    CHECK(fed("A SEARCH TEXT {6}\r\n{9+}\r\n\r\n") == lines{"+", "A SEARCH TEXT {6}\r\n{9+}\r\n"});
}

TEST_CASE("assembler: hands the message of an APPEND to the session") {
    CHECK(fed("A APPEND box (\\Seen) {10}\r\nSubject: x\r\nB NOOP\r\n") ==
          lines{"append A box 10 sync", "stored Subject: x", "B NOOP"});
    CHECK(fed("A APPEND {3+}\r\nbox {4+}\r\n\r\n\r\n\r\nB NOOP\r\n") ==
          lines{"append A box 4", "stored \r\n\r\n", "B NOOP"});
    CHECK(fed("A APPEND box {0}\r\n\r\nB NOOP\r\n") ==
          lines{"append A box 0 sync", "stored ", "B NOOP"});
}

TEST_CASE("assembler: an APPEND that the session refuses never leaks its message (B02)") {
    setting with;
    with.takes_append = false;
    CHECK(fed("A APPEND box {9+}\r\nX LOGOUT\n\r\nB NOOP\r\n", with) ==
          lines{"append A box 9", "not stored", "B NOOP"});
    CHECK(fed("A APPEND box {9}\r\nB NOOP\r\n", with) ==
          lines{"append A box 9 sync", "not stored", "B NOOP"});
    CHECK(fed("A APPEND box {1+}\r\nx (more) {6+}\r\nX NOOP\r\nB NOOP\r\n", with) ==
          lines{"append A box 1", "not stored", "B NOOP"});
}

TEST_CASE("assembler: what follows the message of an APPEND is another or refused (B02)") {
    CHECK(fed("A APPEND box {1+}\r\nx (\\Seen) {8+}\r\nX LOGOUT\r\nB NOOP\r\n") ==
          lines{"append A box 1", "append A  8", "stored X LOGOUT", "B NOOP"});
    CHECK(fed("A APPEND box {1+}\r\nxy\r\nB NOOP\r\n") ==
          lines{"append A box 1", "A BAD a space is missing", "B NOOP"});
    CHECK(fed("A APPEND box {1+}\r\nx y {8+}\r\nX LOGOUT\r\nB NOOP\r\n") ==
          lines{"append A box 1", "A BAD the message is expected as a literal", "B NOOP"});
    CHECK(fed("A APPEND box {1+}\r\nx (\\Seen)\r\nB NOOP\r\n") ==
          lines{"append A box 1", "A BAD the command is too short", "B NOOP"});
    CHECK(fed("A REPLACE 1 box {1+}\r\nx {8+}\r\nX LOGOUT\r\nB NOOP\r\n") ==
          lines{"append A box 1", "A BAD REPLACE takes one message", "B NOOP"});
}

TEST_CASE("assembler: after a fault in APPEND its message is thrown away, not run (B02)") {
    CHECK(fed("A APPEND box (\\Recent) {9+}\r\nX NOOP\r\n\r\r\nB NOOP\r\n") ==
          lines{"A BAD no client may set this system flag", "B NOOP"});
    CHECK(fed("A APPEND box (\\Recent) {9}\r\nB NOOP\r\n") ==
          lines{"A BAD no client may set this system flag", "B NOOP"});
    CHECK(fed("A APPEND box ~{2}\r\n\r\n\r\nB NOOP\r\n") ==
          lines{"append A box 2 sync", "stored \r\n", "B NOOP"});
}

TEST_CASE("assembler: lines of the limit are taken, one octet more is not (B01)") {
    const auto with = small();
    const std::string line(38, 'x');
    CHECK(fed(line + "\r\nB NOOP\r\n", with) == lines{line, "B NOOP"});
    CHECK(fed("T " + std::string(37, 'x') + "\r\nB NOOP\r\n", with) ==
          lines{"T NO [TOOBIG] the command line is too long", "B NOOP"});
    // Several lines count as one.
    CHECK(fed("T LOGIN {1}\r\na {1}\r\n" + std::string(19, 'x') + "\r\nB NOOP\r\n", with).back() ==
          "B NOOP");
    CHECK(fed("T LOGIN {1}\r\na {1}\r\n" + std::string(22, 'x') + "\r\nB NOOP\r\n", with) ==
          lines{"+", "+", "T NO [TOOBIG] the command line is too long", "B NOOP"});
}

TEST_CASE("assembler: a refused line may still announce a literal, which is thrown away (B02)") {
    const auto with = small();
    CHECK(fed("T " + std::string(37, 'x') + " {6+}\r\nX NOOP\r\nB NOOP\r\n", with) ==
          lines{"* BYE [TOOBIG] the command line is too long"});  // more than is swallowed
    auto more = with;
    more.bounds.swallowed_octets = 60;
    CHECK(fed("T " + std::string(37, 'x') + " {6+}\r\nX NOOP\r\nB NOOP\r\n", more) ==
          lines{"T NO [TOOBIG] the command line is too long", "B NOOP"});
    CHECK(fed("T " + std::string(37, 'x') + " {6}\r\nB NOOP\r\n", more) ==
          lines{"T NO [TOOBIG] the command line is too long", "B NOOP"});
}

TEST_CASE("assembler: an endless line ends the connection (B01)") {
    CHECK(fed(std::string(200, 'x'), small()) ==
          lines{"* BYE [TOOBIG] the command line is too long"});
    CHECK(fed_whole(std::string(3'000'000, 'x')) ==
          lines{"* BYE [TOOBIG] the command line is too long"});
}

TEST_CASE("assembler: literals of the limit are taken, one octet more is not (B01)") {
    const auto with = small();
    const std::string most(20, 'a');
    CHECK(fed("A X {20}\r\n" + most + "\r\n", with) == lines{"+", "A X {20}\r\n" + most});
    CHECK(fed("A X {21}\r\nB NOOP\r\n", with) ==
          lines{"A NO [TOOBIG] the literal is too large", "B NOOP"});
    CHECK(fed("A X {21+}\r\n" + most + "a\r\nB NOOP\r\n", with) ==
          lines{"A NO [TOOBIG] the literal is too large", "B NOOP"});
    auto stranger = with;
    stranger.logged_in = false;
    CHECK(fed("A X {10}\r\n0123456789\r\n", stranger).front() == "+");
    CHECK(fed("A X {11}\r\nB NOOP\r\n", stranger) ==
          lines{"A NO [TOOBIG] the literal is too large", "B NOOP"});
}

TEST_CASE("assembler: a non-synchronising literal too large to swallow ends the connection (B02)") {
    const auto with = small();
    CHECK(fed("A X {50+}\r\n" + std::string(50, 'x') + "\r\nB NOOP\r\n", with) ==
          lines{"* BYE [TOOBIG] the literal is too large"});  // no room for the line's end
    CHECK(fed("A X {48+}\r\n" + std::string(48, 'x') + "\r\nB NOOP\r\n", with) ==
          lines{"A NO [TOOBIG] the literal is too large", "B NOOP"});
    CHECK(fed("A X {51+}\r\nB NOOP\r\n", with) == lines{"* BYE [TOOBIG] the literal is too large"});
    CHECK(fed("A X {1000000+}\r\nB NOOP\r\n", with) ==
          lines{"* BYE [TOOBIG] the literal is too large"});
}

TEST_CASE("assembler: three literals and 100 octets are the small limits' most (B01)") {
    const auto with = small();
    CHECK(fed("A {0+}\r\n {0+}\r\n {0+}\r\n\r\nB NOOP\r\n", with).back() == "B NOOP");
    CHECK(fed("A {0+}\r\n {0+}\r\n {0+}\r\n {0+}\r\n\r\nB NOOP\r\n", with) ==
          lines{"A NO [LIMIT] too many literals in one command", "B NOOP"});
    auto total = with;
    total.bounds.command_octets = 30;
    const auto two = [](std::size_t second) {
        return "A {9+}\r\n012345678 {" + std::to_string(second) + "+}\r\n" +
               std::string(second, 'x') + "\r\nB NOOP\r\n";
    };
    CHECK(fed(two(8), total).size() == 2);
    CHECK(fed(two(9), total) == lines{"A NO [TOOBIG] the literal is too large", "B NOOP"});
}

TEST_CASE("assembler: a stranger has four literals and 16 KiB for a command (B01)") {
    setting with;
    with.logged_in = false;
    CHECK(fed("A" + repeated(" {0+}\r\n", 4) + "\r\nB NOOP\r\n", with).back() == "B NOOP");
    CHECK(fed("A" + repeated(" {0+}\r\n", 5) + "\r\nB NOOP\r\n", with) ==
          lines{"A NO [LIMIT] too many literals in one command", "B NOOP"});
    const auto four = [&](std::size_t last) {
        const auto large = " {4096+}\r\n" + std::string(4'096, 'x');
        const auto text = "A" + large + large + large + " {" + std::to_string(last) + "+}\r\n";
        return fed_whole(text + std::string(last, 'x') + "\r\nB NOOP\r\n", with);
    };
    CHECK(four(4'000).size() == 2);
    CHECK(four(4'096) == lines{"A NO [TOOBIG] the literal is too large", "B NOOP"});
}

TEST_CASE("assembler: an ID of a stranger has 60 literals and 40 KiB (RFC 2971 3.3)") {
    setting with;
    with.logged_in = false;
    CHECK(fed("A ID (" + repeated(" {0+}\r\n", 60) + ")\r\nB NOOP\r\n", with).back() == "B NOOP");
    CHECK(fed("A ID (" + repeated(" {0+}\r\n", 61) + ")\r\nB NOOP\r\n", with) ==
          lines{"A NO [LIMIT] too many literals in one command", "B NOOP"});
    const auto of = [&](std::size_t octets) {
        return fed_whole("A id " + std::string(octets - 7, 'x') + "\r\nB NOOP\r\n", with);
    };
    CHECK(of(40'960).back() == "B NOOP");
    CHECK(of(40'960).front().starts_with("A id xxx"));
    CHECK(of(40'961) == lines{"A NO [TOOBIG] the command line is too long", "B NOOP"});
    CHECK(fed_whole("A idx " + std::string(8'192, 'x') + "\r\nB NOOP\r\n", with) ==
          lines{"A NO [TOOBIG] the command line is too long", "B NOOP"});
}

TEST_CASE("assembler: with the defaults 100,000 literals are refused and nothing is run (B01)") {
    const auto seen = fed_whole("A" + repeated(" {1+}\r\nx", 100'000) + "\r\nB NOOP\r\n");
    CHECK(seen == lines{"A NO [LIMIT] too many literals in one command", "B NOOP"});
}

TEST_CASE("assembler: announcements without a number we can read (B01)") {
    for (const auto* size : {"18446744073709551616", "18446744073709551615", "",
                             "000000000000000000000000000000001"}) {
        const auto synchronising = "A X {"s + size + "}\r\nB NOOP\r\n";
        CHECK(fed(synchronising) == lines{"A BAD the literal's size cannot be read", "B NOOP"});
        const auto other = "A X {"s + size + "+}\r\nB NOOP\r\n";
        CHECK(fed(other) == lines{"* BYE the literal's size cannot be read"});
    }
    CHECK(fed("A X {4294967295}\r\nB NOOP\r\n") ==
          lines{"A NO [TOOBIG] the literal is too large", "B NOOP"});
    CHECK(fed("A X {9999999999999999999+}\r\nB NOOP\r\n") ==
          lines{"* BYE [TOOBIG] the literal is too large"});
    // The parser says that these are wrong.
    CHECK(fed("A X {-1}\r\n") == lines{"A X {-1}"});
    CHECK(fed("A X {a}\r\n") == lines{"A X {a}"});
    CHECK(fed("A X {1} \r\n") == lines{"A X {1} "});
}

TEST_CASE("assembler: a quoted string that does not end cannot hide a literal (B02)") {
    CHECK(fed("A X \"{6+}\r\nX NOOP\r\nB NOOP\r\n") == lines{"A X \"{6+}\r\nX NOOP", "B NOOP"});
}

TEST_CASE("assembler: digits in a swallowed line count as an announcement when in doubt (B02)") {
    auto with = small();
    with.bounds.swallowed_octets = 200;
    CHECK(fed("T {" + std::string(60, '0') + "6+}\r\nX NOOP\r\n", with) ==
          lines{"* BYE [TOOBIG] the command line is too long"});
    CHECK(fed("T {" + std::string(60, '0') + "6}\r\nB NOOP\r\n", with) ==
          lines{"T NO [TOOBIG] the command line is too long", "B NOOP"});
}

TEST_CASE("assembler: a line that ends in LF alone ends the connection") {
    const lines bye{"* BYE lines end in CRLF, not in LF alone"};
    CHECK(fed("A NOOP\nB NOOP\r\n") == bye);
    CHECK(fed("\n") == bye);
    CHECK(fed(std::string(45, 'x') + "\nB NOOP\r\n", small()) == bye);
    CHECK(fed("A X\rY\r\nB NOOP\r\n") == lines{"A X\rY", "B NOOP"});
}

TEST_CASE("assembler: messages of the limit are announced, one octet more is not (B14)") {
    auto with = small();
    CHECK(fed("A APPEND box {30}\r\n" + std::string(30, 'm') + "\r\n", with).back() ==
          "stored " + std::string(30, 'm'));
    CHECK(fed("A APPEND box {31}\r\nB NOOP\r\n", with) ==
          lines{"A NO [TOOBIG] the message is too large", "B NOOP"});
    CHECK(fed("A APPEND box {31+}\r\n" + std::string(31, 'm') + "\r\nB NOOP\r\n", with) ==
          lines{"A NO [TOOBIG] the message is too large", "B NOOP"});
    CHECK(fed("A APPEND box {99+}\r\nB NOOP\r\n", with) ==
          lines{"* BYE [TOOBIG] the message is too large"});
}

TEST_CASE("assembler: a stranger's message is not read to its end") {
    auto with = small();
    with.logged_in = false;
    with.takes_append = false;
    with.bounds.append_octets = 1'000;
    CHECK(fed("A APPEND box {60+}\r\nB NOOP\r\n", with) ==
          lines{"append A box 60", "* BYE the message is not taken"});
    CHECK(fed("A APPEND box {5+}\r\n12345\r\nB NOOP\r\n", with) ==
          lines{"append A box 5", "not stored", "B NOOP"});
}

TEST_CASE("assembler: LITERAL- allows 4096 octets without asking (RFC 7888 5)") {
    setting with;
    with.bounds.literal_minus = true;
    const auto command = [](std::size_t octets) {
        return "A X {" + std::to_string(octets) + "+}\r\n" + std::string(octets, 'x') +
               "\r\nB NOOP\r\n";
    };
    CHECK(fed_whole(command(4096), with).size() == 2);
    CHECK(fed_whole(command(4096), with).front().starts_with("A X {4096+}"));
    CHECK(fed_whole(command(4097), with) ==
          lines{"A BAD [TOOBIG] a non-synchronising literal has at most 4096 octets", "B NOOP"});
    CHECK(fed_whole("A X {4097}\r\n", with) == lines{"+"});
}

TEST_CASE("assembler: an APPEND that the session gives up half way is thrown away (B14)") {
    assembler half;
    half.set_logged_in();
    half.feed("A APPEND box {9}\r\n");
    REQUIRE(half.next() == assembly::append);
    CHECK(half.next() == assembly::append);
    CHECK(half.literal_left() == 0);
    half.accept_append();
    CHECK(half.take_literal().empty());
    half.feed("X NO");
    CHECK(half.take_literal() == "X NO");
    CHECK(half.literal_left() == 5);
    half.refuse_append();
    CHECK(half.next() == assembly::need_more);
    half.feed("OP\r\n\n\r\nB NOOP\r\n");
    CHECK(half.next() == assembly::append_end);
    REQUIRE(half.next() == assembly::complete);
    CHECK(half.command() == "B NOOP");
}

TEST_CASE("assembler: lines as they are for AUTHENTICATE and IDLE, announcements included") {
    assembler raw;
    raw.feed("AGEAYg==\r\nDONE {5+}\r\nA NOOP\r\nx");
    REQUIRE(raw.next_line() == assembly::complete);
    CHECK(raw.command() == "AGEAYg==");
    REQUIRE(raw.next_line() == assembly::complete);
    CHECK(raw.command() == "DONE {5+}");
    CHECK(raw.buffered() == 9);
    REQUIRE(raw.next() == assembly::complete);
    CHECK(raw.command() == "A NOOP");
    CHECK(raw.next_line() == assembly::need_more);
    raw.feed("\n");
    CHECK(raw.next_line() == assembly::refused);
    CHECK(raw.must_close());
    CHECK(raw.next_line() == assembly::refused);
    CHECK(raw.next() == assembly::refused);
}

TEST_CASE("assembler: 8192 octets of a line before login, 65536 after it (B10)") {
    for (const std::size_t most : {8'192u, 65'536u}) {
        for (const std::size_t octets : {most, most + 1}) {
            assembler one;
            if (most > 10'000) one.set_logged_in();
            one.feed(std::string(octets - 2, 'x') + "\r\n");
            CHECK((one.next_line() == assembly::complete) == (octets == most));
        }
    }
}

TEST_CASE("assembler: octets before a TLS handshake are forgotten (E)") {
    assembler before;
    before.feed("A STARTTLS\r\nB LOGIN x y\r\nC LOGIN {5}\r\n");
    REQUIRE(before.next() == assembly::complete);
    before.clear();
    CHECK(before.buffered() == 0);
    CHECK(before.next() == assembly::need_more);
    before.feed("D NOOP\r\n");
    REQUIRE(before.next() == assembly::complete);
    CHECK(before.command() == "D NOOP");
}

TEST_CASE(
    "assembler: several messages, each asked for, none of them ever a command (RFC 3502, B02)") {
    CHECK(fed("A APPEND box {2}\r\nab (\\Seen) {3+}\r\ncde \" 1-Jan-2020 00:00:00 +0000\" {1}\r\n"
              "f\r\nB NOOP\r\n") ==
          lines{"append A box 2 sync", "append A  3", "append A  1 sync", "stored f", "B NOOP"});
    // A synchronising literal that is refused does not come.
    CHECK(fed("A APPEND box {2+}\r\nab (\\Recent) {9}\r\nB NOOP\r\n") ==
          lines{"append A box 2", "A BAD no client may set this system flag", "B NOOP"});
    CHECK(fed("A APPEND box {2+}\r\nab {31}\r\nB NOOP\r\n", small()) ==
          lines{"append A box 2", "A NO [TOOBIG] the message is too large", "B NOOP"});
}

TEST_CASE("assembler: CATENATE comes in steps, URLs between them or in literals (RFC 4469)") {
    CHECK(fed("A APPEND box CATENATE (URL /a TEXT {2}\r\nab URL {3}\r\n/bc TEXT {1+}\r\nd)\r\n"
              "B NOOP\r\n") ==
          lines{"append A box 2 sync", "+", "append A  1", "stored d", "B NOOP"});
    CHECK(fed("A APPEND box CATENATE (TEXT {2+}\r\nab URL /x)\r\nB NOOP\r\n") ==
          lines{"append A box 2", "append A  0 sync", "stored ", "B NOOP"});
    CHECK(fed("A append box (\\Seen) catenate (URL /x URL /y)\r\nB NOOP\r\n") ==
          lines{"append A box 0 sync", "stored ", "B NOOP"});
    CHECK(fed("A APPEND box CATENATE (URL /x\r\nB NOOP\r\n") ==
          lines{"A APPEND box CATENATE (URL /x", "B NOOP"});
    CHECK(fed("A APPEND box CATENATE (TEXT {1+}\r\na\r\nB NOOP\r\n") ==
          lines{"append A box 1", "A BAD the command is too short", "B NOOP"});
    setting with;
    with.takes_append = false;
    CHECK(fed("A APPEND box CATENATE (TEXT {9+}\r\nX LOGOUT\n URL {7+}\r\nX NOOP\n)\r\nB NOOP\r\n",
              with) == lines{"append A box 9", "not stored", "B NOOP"});
    CHECK(fed("A APPEND box CATENATE (URL /x)\r\nB NOOP\r\n", with) ==
          lines{"append A box 0 sync", "not stored", "B NOOP"});
}

TEST_CASE("assembler: a search for CATENATE is a search") {
    CHECK(fed("A SEARCH TEXT \" CATENATE (x)\" (SEEN)\r\n") ==
          lines{"A SEARCH TEXT \" CATENATE (x)\" (SEEN)"});
}

TEST_CASE("assembler: octets behind COMPRESS are taken out as they are (RFC 4978)") {
    assembler one;
    one.set_logged_in();
    one.feed("A COMPRESS DEFLATE\r\n\x01\x02\r\n");
    REQUIRE(one.next() == assembly::complete);
    CHECK(one.take_rest() == "\x01\x02\r\n");
    CHECK(one.next() == assembly::need_more);
    one.feed("B NOOP\r\n");
    REQUIRE(one.next() == assembly::complete);
    CHECK(one.command() == "B NOOP");
}

TEST_CASE("assembler: without a user the limits of strangers are in force again (B09)") {
    auto with = small();
    assembler one(with.bounds);
    one.set_logged_in();
    one.set_logged_in(false);
    one.feed("A LOGIN {11}\r\n");
    CHECK(one.next() == assembly::refused);
}
