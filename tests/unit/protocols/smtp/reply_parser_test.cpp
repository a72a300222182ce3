#include "protocols/smtp/reply_parser.hpp"

#include <doctest/doctest.h>

#include <string>
#include <string_view>
#include <vector>

using namespace hauspost::smtp;
using namespace std::string_literals;

namespace {

struct heard {
    std::vector<remote_reply> replies;
    reply_fault fault = reply_fault::none;
    bool is_inside = false;
};

heard listen(std::string_view octets, std::size_t piece, reply_limits limits = {}) {
    reply_parser parser(limits);
    heard all;
    while (!octets.empty()) {
        const auto step = parser.feed(octets.substr(0, piece));
        octets.remove_prefix(step.consumed);
        if (step.status == reply_status::fault) break;
        if (step.status == reply_status::complete) all.replies.push_back(parser.take());
    }
    all.fault = parser.fault();
    all.is_inside = parser.is_inside();
    return all;
}

/// The same however it is cut.
heard listen(std::string_view octets) {
    const auto whole = listen(octets, octets.size() + 1);
    for (std::size_t piece = 1; piece <= octets.size(); ++piece) {
        CAPTURE(piece);
        const auto cut = listen(octets, piece);
        CHECK(cut.fault == whole.fault);
        CHECK(cut.is_inside == whole.is_inside);
        REQUIRE(cut.replies.size() == whole.replies.size());
        for (std::size_t i = 0; i < cut.replies.size(); ++i)
            CHECK(cut.replies[i].to_line() == whole.replies[i].to_line());
    }
    return whole;
}

remote_reply only(std::string_view octets) {
    const auto all = listen(octets);
    CAPTURE(std::string(octets));
    REQUIRE(all.fault == reply_fault::none);
    REQUIRE(all.replies.size() == 1);
    CHECK_FALSE(all.is_inside);
    return all.replies.front();
}

reply_fault fault_of(std::string_view octets) {
    return listen(octets).fault;
}

}  // namespace

TEST_CASE("reply parser: code, enhanced code and text of one line") {
    const auto one = only("550 5.1.1 no such user\r\n");
    CHECK(one.code == 550);
    CHECK(one.enhanced == "5.1.1");
    CHECK(one.text() == "no such user");
    CHECK(one.to_line() == "550 5.1.1 no such user");
    CHECK(one.is_permanent());
    CHECK(only("250 2.0.0\r\n").to_line() == "250 2.0.0");
    CHECK(only("250\r\n").to_line() == "250");
    CHECK(only("250 \r\n").lines == std::vector<std::string>{""});
    CHECK(only("354 go ahead\r\n").is_intermediate());
    CHECK(only("451 4.3.0 x\r\n").is_temporary());
    CHECK(remote_reply().to_line().empty());
}

TEST_CASE("reply parser: all lines of a reply are kept, each without its codes") {
    const auto one = only("550-5.7.1 your mail\r\n550-5.7.1  is not\r\n550 5.7.1 wanted\r\n");
    CHECK(one.enhanced == "5.7.1");
    CHECK(one.lines == std::vector<std::string>{"your mail", " is not", "wanted"});
    CHECK(one.text() == "your mail  is not wanted");
    // The first code that is said counts, in whichever line.
    CHECK(only("550-no\r\n550 5.1.2 host\r\n").to_line() == "550 5.1.2 no host");
    CHECK(only("250-mx.example\r\n250-SIZE 1\r\n250\r\n").lines.size() == 3);
}

TEST_CASE("reply parser: what does not fit RFC 2034 is text, no enhanced code") {
    for (const auto* text : {"4.1.1 no", "2.0.0 ok", "5.1 no", "5.1.1.1 no", "5.1234.1 no",
                             "5.1.1234 no", "5..1 no", "5.1.1-no", "5.1.x no", "6.1.1 no"}) {
        const auto one = only("550 "s + text + "\r\n");
        CHECK_MESSAGE(one.enhanced.empty(), text);
        CHECK(one.text() == text);
    }
    CHECK(only("354 3.0.0 go\r\n").enhanced.empty());
    CHECK(only("554 5.255.999 x\r\n").enhanced == "5.255.999");
}

TEST_CASE("reply parser: several replies in a row are taken one by one") {
    const auto all = listen("250 a\r\n550-b\r\n550 c\r\n354 d\r\n25");
    REQUIRE(all.replies.size() == 3);
    CHECK(all.replies[1].to_line() == "550 b c");
    CHECK(all.is_inside);
}

TEST_CASE("reply parser: A15 control characters, 8-bit octets and lone CR or LF do no harm") {
    CHECK(only("550 a\rb\nc\0d\x1b[2Je\x7f\xff\xc3\xa4\r\n"s).text() == "a?b?c?d?[2Je????");
    // A line break that is none does not begin another reply, however it looks.
    CHECK(only("550 blocked\n250 ok\r\n").to_line() == "550 blocked?250 ok");
    CHECK(only("550 blocked\r250 ok\r\n").to_line() == "550 blocked?250 ok");
    CHECK(only("550 a\r\r\n").text() == "a?");
}

TEST_CASE("reply parser: what is no reply is a fault at once") {
    for (const auto* bad : {"hello\r\n", "\r\n", "2\r\n", "25\r\n", "2500 x\r\n", "250x\r\n",
                            "250\tx\r\n", "150 x\r\n", "600 x\r\n", "000 x\r\n", "-50 x\r\n",
                            " 250 x\r\n", "250-a\r\n\r\n", "250-a\r\nb\r\n", "250\rx\r\n",
                            "\x16\x03\x01\x02", "HTTP/1.1 400 Bad Request\r\n", "2 5 x\r\n"})
        CHECK_MESSAGE(fault_of(bad) == reply_fault::bad_syntax, bad);
    CHECK(fault_of("g") == reply_fault::bad_syntax);
    CHECK(fault_of("250+") == reply_fault::bad_syntax);
    // What may still become one is none.
    for (const auto* good : {"2", "25", "250", "250-", "250 x", "250\r"})
        CHECK_MESSAGE(fault_of(good) == reply_fault::none, good);
}

TEST_CASE("reply parser: lines with different codes are a fault") {
    CHECK(fault_of("250-a\r\n550 b\r\n") == reply_fault::mixed_codes);
    CHECK(fault_of("250-a\r\n251-b\r\n") == reply_fault::mixed_codes);
    reply_parser parser;
    CHECK(parser.feed("250-a\r\n550 b\r\n").status == reply_status::fault);
    CHECK(parser.feed("250 c\r\n").status == reply_status::fault);
}

TEST_CASE("reply parser: A23 endless lines and replies end at their limits") {
    reply_limits limits;
    limits.max_line_octets = 20;
    limits.max_lines = 3;
    limits.max_octets = 50;
    const auto fault = [&limits](const std::string& octets) {
        const auto whole = listen(octets, octets.size() + 1, limits).fault;
        for (std::size_t piece = 1; piece <= octets.size(); ++piece)
            CHECK(listen(octets, piece, limits).fault == whole);
        return whole;
    };
    const std::string longest = "250-" + std::string(14, 'x') + "\r\n";
    CHECK(fault(longest) == reply_fault::none);
    CHECK(fault("250-" + std::string(15, 'x') + "\r\n") == reply_fault::line_too_long);
    CHECK(fault("250-" + std::string(17, 'x')) == reply_fault::line_too_long);
    CHECK(fault("250-\r\n250-\r\n250 \r\n") == reply_fault::none);
    CHECK(fault("250-\r\n250-\r\n250-\r\n250 \r\n") == reply_fault::too_long);
    CHECK(fault(longest + longest + "250 5678\r\n") == reply_fault::none);
    CHECK(fault(longest + longest + "250 56789\r\n") == reply_fault::too_long);
    // Each reply anew.
    CHECK(fault(longest + "250 x\r\n" + longest + "250 x\r\n" + longest + "250 x\r\n") ==
          reply_fault::none);
}
