#include "protocols/imap/response/envelope.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace hauspost::imap;

TEST_CASE("thread: replies are told by the subject of the envelope") {
    CHECK(is_reply_or_forward("(NIL \"Re: x\" NIL)", "X"));
    CHECK(is_reply_or_forward("(\"Mon, 1 Jan\" \"x (fwd)\" NIL)", "X"));
    CHECK(is_reply_or_forward("(NIL \"=?utf-8?q?Re:_x?=\" NIL)", "X"));
    CHECK(is_reply_or_forward("(NIL {5}\r\nre: x NIL)", "X"));
    CHECK(is_reply_or_forward("({2}\r\n\"\" \"[l] Re: x\" NIL)", "X"));
    CHECK_FALSE(is_reply_or_forward("(NIL \"x\" NIL)", "X"));
    CHECK_FALSE(is_reply_or_forward("(NIL \"[l] x\" NIL)", "X"));
    CHECK_FALSE(is_reply_or_forward("(NIL \"say \\\"re: x\\\"\" NIL)", "X"));
    CHECK_FALSE(is_reply_or_forward("(NIL NIL NIL)", ""));
    for (const auto* broken : {"", "(", "(\"", "(\"\\", "({9}\r\nx", "({99999999999999999999}\r\n",
                               "(NIL \"re", "(NIL {", "({}\r\n", "(NI"})
        CHECK_FALSE(is_reply_or_forward(broken, ""));
}
