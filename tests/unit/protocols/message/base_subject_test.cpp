#include "protocols/message/base_subject.hpp"

#include "read_message.hpp"

#include <doctest/doctest.h>

using namespace hauspost::message;

TEST_SUITE("message base subject") {
    TEST_CASE("replies, forwards and list marks are taken off as RFC 5256 2.1 says") {
        const std::pair<const char*, const char*> examples[] = {
            {"Hello", "Hello"},
            {"Re: Hello", "Hello"},
            {"RE:RE : re[2]: Fwd:FW: Hello (fwd)", "Hello"},
            {"[list] Re: [list] Hello", "Hello"},
            {"[list] Hello", "Hello"},
            {"Re: [a] [b] Hello (fwd) (FWD) ", "Hello"},
            {"[fwd: Hello]", "Hello"},
            {"[Fwd: [Fwd: Re: Hello]]", "Hello"},
            {"[list]", "[list]"},
            {"[a][b]", "[b]"},
            {"Re: [list]", "[list]"},
            {"Re:", ""},
            {"Regarding: x", "Regarding: x"},
            {"Hello\t  world", "Hello world"},
            {"", ""},
            {"[open Hello", "[open Hello"},
            {"re [x] y: z", "re [x] y: z"},
        };
        for (const auto& [subject, base] : examples)
            CHECK(base_subject(subject).text == base);
    }

    TEST_CASE("it is known whether a subject was a reply or forward") {
        CHECK(base_subject("Re: a").is_reply_or_forward);
        CHECK(base_subject("a (fwd)").is_reply_or_forward);
        CHECK(base_subject("[fwd: a]").is_reply_or_forward);
        CHECK(!base_subject("[list] a").is_reply_or_forward);
        CHECK(!base_subject("a").is_reply_or_forward);
    }

    TEST_CASE("D06: long rows of marks are linear") {
        CHECK(base_subject(repeated("[a]", 300'000)).text == "[a]");
        CHECK(base_subject(repeated("[a]", 300'000) + "x").text == "x");
        CHECK(base_subject(repeated("re:", 300'000)).text == "");
        CHECK(base_subject(repeated("[fwd:", 100'000) + repeated("]", 100'000)).text == "");
        CHECK(base_subject(repeated("[a]re:", 100'000) + "x").text == "x");
        CHECK(base_subject("x" + repeated("(fwd)", 100'000)).text == "x");
    }
}
