#include "protocols/smtp/reply.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace hauspost::smtp;

TEST_CASE("reply: code, enhanced code and text make one line") {
    std::string out;
    reply{550, "5.1.1", "no such user here"}.append_to(out);
    reply{354, "", "end data with <CRLF>.<CRLF>"}.append_to(out);
    CHECK(out == "550 5.1.1 no such user here\r\n354 end data with <CRLF>.<CRLF>\r\n");
}
