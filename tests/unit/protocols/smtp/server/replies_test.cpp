#include "protocols/smtp/server/replies.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace hauspost::smtp;

TEST_CASE("reply: code, enhanced code and text make one line") {
    std::string out;
    replies::no_such_user.append_to(out);
    replies::start_mail_input.append_to(out);
    CHECK(out == "550 5.1.1 no such user here\r\n354 end data with <CRLF>.<CRLF>\r\n");
}

TEST_CASE("reply: the class of the enhanced code is that of the code") {
    using enum recipient_verdict;
    for (const auto verdict : {accepted, no_such_user, relay_denied, account_disabled, over_quota,
                               loop, too_many_targets, too_many_recipients, try_again}) {
        const auto said = replies::for_recipient(verdict);
        CHECK(said.enhanced.front() == '0' + said.code / 100);
    }
    for (const auto verdict :
         {delivery_verdict::accepted, delivery_verdict::over_quota, delivery_verdict::disk_full,
          delivery_verdict::loop, delivery_verdict::busy, delivery_verdict::try_again}) {
        const auto said = replies::for_delivery(verdict);
        CHECK(said.enhanced.front() == '0' + said.code / 100);
    }
}

TEST_CASE("reply: greeting, HELO and EHLO") {
    std::string out;
    append_greeting(out, "mx.example");
    append_hello(out, "mx.example", {});
    append_hello(out, "mx.example", {"PIPELINING", "DSN"});
    append_message_stored(out, "x7");
    CHECK(out ==
          "220 mx.example ESMTP\r\n250 mx.example\r\n"
          "250-mx.example\r\n250-PIPELINING\r\n250 DSN\r\n250 2.6.0 stored as x7\r\n");
}
