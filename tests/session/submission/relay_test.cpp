// An open relay is found within hours and on block lists within days: the tricks by which strangers,
// and people with a login, have made servers carry mail for them. None of it may leave.
#include "base/base64.hpp"
#include "server/outbound/forwarded_paths.hpp"
#include "tests/support/test_smtp.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>
#include <string>
#include <string_view>
#include <vector>

using namespace hauspost;
using namespace std::string_literals;

namespace {

const std::string letter = "DATA\r\nFrom: ann@a.example\r\n\r\nbuy this\r\n.\r\n";
const std::string no_relay = "550 5.7.1 relaying denied\r\n";
const std::string no_user = "550 5.1.1 no such user here\r\n";
const std::string no_address = "501 5.1.3 invalid recipient address\r\n";
const std::string no_sense = "501 5.5.4 invalid arguments\r\n";
const std::string no_login = "530 5.7.0 ";

/// One trick, and what it must be answered with.
struct trick {
    std::string say;
    std::string answer;
};

/// What stands in RCPT TO:<...>, said to port 25 by somebody whom nobody knows. a.example is ours.
const std::vector<trick> recipients = {
    // Plainly, and in other spellings of the same.
    {"eve@b.example", no_relay},
    {"eve@B.EXAMPLE", no_relay},
    {"postmaster@b.example", no_relay},
    {"eve@b.example.", no_address},
    {"eve@b.example.a.example", no_relay},
    {"eve@a.example.b.example", no_relay},
    // Percent hack, and UUCP's bangs.
    {"eve%b.example@a.example", no_user},
    {"eve%b.example", no_address},
    {"eve%b.example@[127.0.0.1]", no_relay},
    {"ann%c.example%b.example@a.example", no_user},
    {"b.example!eve@a.example", no_user},
    {"b.example!eve", no_address},
    {"a.example!b.example!eve@a.example", no_user},
    // Source routes (RFC 5321 appendix C).
    {"@a.example:eve@b.example", no_relay},
    {"@a.example,@c.example:eve@b.example", no_relay},
    {"@a.example:eve%b.example@a.example", no_user},
    {"@a.example:@a.example:eve@b.example", no_address},
    // A second @, bare, in quotes and behind a backslash.
    {"eve@b.example@a.example", no_address},
    {"\"eve@b.example\"@a.example", no_user},
    {"\"eve\\@b.example\"@a.example", no_user},
    {"\"eve%b.example\"@a.example", no_user},
    {"\"b.example!eve\"@a.example", no_user},
    {"\"@a.example:eve\"@b.example", no_relay},
    {"\"eve@b.example\"", no_address},
    {"\"eve@b.example>\"@a.example", no_user},
    {"\"eve\"@b.example", no_relay},
    // Literals of others, of this machine, and what only looks like one.
    {"eve@[192.0.2.1]", no_relay},
    {"eve@[127.0.0.1]", no_relay},
    {"eve@[IPv6:2001:db8::1]", no_relay},
    {"eve@[IPv6:::ffff:192.0.2.1]", no_relay},
    {"eve@192.0.2.1", no_relay},
    {"ann@[a.example]", no_address},
    {"eve@localhost", no_relay},
    // Two addresses, and more than an address.
    {"eve@b.example,ann@a.example", no_address},
    {"ann@a.example;eve@b.example", no_address},
    {"eve@b.example> <ann@a.example", no_sense},
    {"ann@a.example> ORCPT=rfc822;eve@b.example <", no_sense},
    {"", no_address},
    // Octets that others stop at, drop, or take for another letter.
    {"eve@b.example\0@a.example"s, no_address},
    {"ann@a.example\0.b.example"s, no_address},
    {"eve@b.example%00@a.example", no_address},
    {"eve\xc0\x80@a.example", no_address},  // NUL, written too long
    {"eve\xef\xbc\xa0"                      // a wide @
     "b.example@a.example",
     no_user},
    {"eve\xef\xbc\x85"  // a wide %
     "b.example@a.example",
     no_user},
    {"ann@\xd0\xb0.example", no_relay},  // a Cyrillic a
    {"eve@b\xe3\x80\x82"                 // an ideographic full stop
     "example",
     no_relay},
    {"eve@b.example\xe2\x80\x8b", no_relay},  // a space without width
    // Paths of forwards that nobody has made.
    {"SRS0=aaaaaaaa=aa=b.example=eve@a.example", no_user},
    {"SRS0+aaaa=aa=b.example=eve@a.example", no_user},
    {"SRS0====b.example=eve@a.example", no_user},
    {"SRS1=aaaaaaaa=b.example==aaaa=aa=c.example=eve@a.example", no_user},
    {"SRS0=aaaaaaaa=aa=a.example=eve@b.example", no_relay},
    {"prvs=0123abcdef=eve@b.example", no_relay},
};

/// What is said to port 25 between EHLO and QUIT.
const std::vector<trick> conversations = {
    // In the name of one of ours, without a login.
    {"MAIL FROM:<ann@a.example>\r\nRCPT TO:<eve@b.example>\r\n" + letter, no_relay},
    {"MAIL FROM:<@b.example:ann@a.example>\r\nRCPT TO:<eve@b.example>\r\n" + letter, no_relay},
    {"MAIL FROM:<postmaster@a.example>\r\nRCPT TO:<eve@b.example>\r\n" + letter, no_relay},
    {"MAIL FROM:<ann@a.example> AUTH=ann@a.example\r\nRCPT TO:<eve@b.example>\r\n" + letter,
     "555 5.5.4 unknown parameter\r\n"},
    {"MAIL FROM:<>\r\nMAIL FROM:<ann@a.example>\r\nRCPT TO:<eve@b.example>\r\n" + letter,
     "503 5.5.1 commands out of order\r\n"},
    {"EHLO mx.example\r\nMAIL FROM:<>\r\nRCPT TO:<eve@b.example>\r\n" + letter, no_relay},
    {"HELO [127.0.0.1]\r\nMAIL FROM:<>\r\nRCPT TO:<eve@b.example>\r\n" + letter, no_relay},
    // As if this were the port for people with a login, or another server of ours.
    {"AUTH PLAIN AGFubkBhLmV4YW1wbGUAcHc=\r\nMAIL FROM:<ann@a.example>\r\n"
     "RCPT TO:<eve@b.example>\r\n" +
         letter,
     "502 5.5.1 not implemented\r\n"},
    {"XCLIENT ADDR=127.0.0.1 LOGIN=ann@a.example\r\nMAIL FROM:<>\r\nRCPT TO:<eve@b.example>\r\n" +
         letter,
     no_relay},
    // Beside a recipient of ours, who gets the message.
    {"MAIL FROM:<>\r\nRCPT TO:<ann@a.example>\r\nRCPT TO:<eve@b.example>\r\n" + letter, no_relay},
    {"MAIL FROM:<>\r\nRCPT TO:<@b.example:ann@a.example>\r\n" + letter, "250 2.6.0 stored as "},
    {"MAIL FROM:<>\r\nRCPT TO:<ann@a.example>\r\nDATA\r\nTo: eve@b.example\r\nCc: x@b.example\r\n"
     "Bcc: y@b.example\r\nApparently-To: z@b.example\r\nResent-To: v@b.example\r\n"
     "X-Original-To: w@b.example\r\n\r\nbody\r\n.\r\n",
     "250 2.6.0 stored as "},
    {"MAIL FROM:<>\r\nRCPT TO:<ann@a.example>\r\nDATA\r\nReturn-Receipt-To: eve@b.example\r\n"
     "Errors-To: x@b.example\r\nDisposition-Notification-To: y@b.example\r\n\r\nbody\r\n.\r\n",
     "250 2.6.0 stored as "},
    // What once made servers turn round, send on, or tell.
    {"ETRN b.example\r\n", "500 5.5.2 unknown command\r\n"},
    {"TURN\r\n", "500 5.5.2 unknown command\r\n"},
    {"SEND FROM:<>\r\nRCPT TO:<eve@b.example>\r\n" + letter, "503 5.5.1 commands out of order\r\n"},
    {"MAIL FROM:<>\r\nRCPT TO:eve@b.example\r\n" + letter, no_address},
    {"MAIL FROM:<>\r\nRCPT TO: <eve@b.example>\r\n" + letter, no_relay},
    {"MAIL FROM:<>\r\nRCPT TO:<eve@b.example>\r\nBDAT 5 LAST\r\nx\r\n\r\n", no_relay},
};

/// What is said to the submission port without a login: 530, whatever was tried for one.
const std::vector<trick> without_login = {
    {"", no_login},
    {"AUTH PLAIN AGFubkBhLmV4YW1wbGUAd3Jvbmc=\r\n", no_login},  // a wrong password
    {"AUTH PLAIN\r\n*\r\n", no_login},
    {"AUTH PLAIN =\r\n", no_login},
    {"AUTH LOGIN\r\n\r\n\r\n", no_login},
    {"AUTH ANONYMOUS\r\n", no_login},
    {"AUTH EXTERNAL =\r\n", no_login},
    // ann's password, to act for bob.
    {"AUTH PLAIN Ym9iQGEuZXhhbXBsZQBhbm5AYS5leGFtcGxlAHB3\r\n", no_login},
};

/// The MAIL of somebody who has logged in as ann.
const std::vector<trick> senders = {
    {"<bob@a.example>", "553 5.7.1 <bob@a.example> is not an address of ann@a.example"},
    {"<eve@b.example>", "553 5.7.1 <eve@b.example> is not an address of ann@a.example"},
    {"<@a.example:bob@a.example>", "553 5.7.1 <bob@a.example> is not "},
    {"<ann@b.example>", "553 5.7.1 <ann@b.example> is not "},
    {"<ann@a.example.b.example>", "553 5.7.1 "},
    {"<ann%a.example@b.example>", "553 5.7.1 "},
    {"<\"ann@a.example\"@b.example>", "553 5.7.1 "},
    {"<ann@[192.0.2.1]>", "553 5.7.1 "},
    {"<nobody@a.example>", "553 5.7.1 <nobody@a.example> is not "},
    {"<postmaster@a.example>", "553 5.7.1 <postmaster@a.example> is not "},
    {"<SRS0=aaaaaaaa=aa=b.example=eve@a.example>", "553 5.7.1 "},
    {"<ann@a.example> <bob@a.example>", no_sense},
    {"<ann@a.example>\r\nMAIL FROM:<bob@a.example>", "503 5.5.1 commands out of order\r\n"},
    {"<ann@a.example>\r\nAUTH PLAIN AGJvYkBhLmV4YW1wbGUAcHc=",
     "503 5.5.1 commands out of order\r\n"},
};

/// The header of a message that ann submits, with MAIL FROM:<ann@a.example>.
const std::vector<trick> headers = {
    {"From: bob@a.example\r\n", "550 5.7.1 <bob@a.example> is not an address of ann@a.example"},
    {"From: eve@b.example\r\n", "550 5.7.1 <eve@b.example> is not "},
    {"From: ann@a.example\r\nFrom: bob@a.example\r\n", "550 5.7.1 <bob@a.example> is not "},
    {"From: bob@a.example\r\nFrom: ann@a.example\r\n", "550 5.7.1 <bob@a.example> is not "},
    {"From: ann@a.example, bob@a.example\r\nSender: ann@a.example\r\n",
     "550 5.7.1 <bob@a.example> is not "},
    {"From: ann@a.example\r\nSender: bob@a.example\r\n", "550 5.7.1 <bob@a.example> is not "},
    {"From: ann@a.example\r\nResent-From: bob@a.example\r\n", "550 5.7.1 <bob@a.example> is not "},
    {"Resent-Sender: bob@a.example\r\nFrom: ann@a.example\r\n",
     "550 5.7.1 <bob@a.example> is not "},
    {"From: \"ann@a.example\" <bob@a.example>\r\n", "550 5.7.1 <bob@a.example> is not "},
    {"From: bob@a.example (ann@a.example)\r\n", "550 5.7.1 <bob@a.example> is not "},
    {"From: ann@a.example:;, bob@a.example\r\n", "550 5.7.1 "},
    {"From: team: ann@a.example, bob@a.example;\r\n", "550 5.7.1 <bob@a.example> is not "},
    {"From:\r\n =?utf-8?q?ann?=\r\n <bob@a.example>\r\n", "550 5.7.1 <bob@a.example> is not "},
    {"From: ann@a.example\r\nfRoM\t: bob@a.example\r\n", "550 5.7.1 <bob@a.example> is not "},
    {"From: <@a.example:bob@a.example>\r\n", "550 5.7.1 <bob@a.example> is not "},
    {"From: ann@a.example\0, bob@a.example\r\n"s, "550 5.7.1 "},
    {"From: ann@\xd0\xb0.example\r\n", "550 5.7.1 "},
    {"From: ann\r\n", "550 5.7.1 From or Sender field has no valid address"},
    {"Sender: ann@a.example\r\nFrom:\r\n", "550 5.7.1 "},
};

struct doors {
    /// Nothing waits to leave.
    void check_queue() { CHECK(parts.queue().empty()); }

    std::string inbound_says(const std::string& input) {
        return inbound.talk("EHLO c\r\n" + input + "QUIT\r\n");
    }
    std::string anonymous_says(const std::string& input) {
        test::memory_stream peer("EHLO c\r\n" + input + "QUIT\r\n");
        return submission.talk(peer);
    }

    test::server_parts parts;
    outbound::forwarded_paths paths{parts.store().directory, parts.store().secrets,
                                    parts.time.wall()};
    test::smtp_server inbound{parts, {nullptr, &paths}};
    test::submission_server submission{parts, {nullptr, &paths}};
};

bool has(const std::string& text, std::string_view part) {
    return text.find(part) != std::string::npos;
}

std::string to(const std::string& recipient) {
    return "MAIL FROM:<> SMTPUTF8\r\nRCPT TO:<" + recipient + ">\r\n" + letter;
}

}  // namespace

TEST_CASE_FIXTURE(doors, "relay: A19 no spelling of a recipient elsewhere is taken on port 25") {
    for (const auto& one : recipients) {
        CAPTURE(one.say);
        const auto said = inbound_says(to(one.say));
        CAPTURE(said);
        CHECK(has(said, "\r\n" + one.answer));
        check_queue();
    }
    CHECK(parts.inbox(parts.ann).empty());
}

TEST_CASE_FIXTURE(doors, "relay: A19 where a domain catches all, what was caught stays here") {
    const auto catching = parts.add_account("catchall@a.example");
    for (const auto& one : recipients) {
        CAPTURE(one.say);
        inbound_says(to(one.say));
        check_queue();
    }
    // Also what looks like a path of a forward, as long as none has left.
    const auto caught = std::ranges::count(recipients, no_user, &trick::answer);
    CHECK(parts.inbox(catching).size() == static_cast<std::size_t>(caught));
}

TEST_CASE_FIXTURE(doors, "relay: A19 nothing that is said around a recipient opens port 25") {
    for (const auto& one : conversations) {
        CAPTURE(one.say);
        const auto said = inbound_says(one.say);
        CAPTURE(said);
        CHECK(has(said, "\r\n" + one.answer));
        check_queue();
    }
}

TEST_CASE_FIXTURE(doors, "relay: A28 without a login the submission port takes nothing") {
    for (const auto& one : without_login) {
        CAPTURE(one.say);
        const auto said = anonymous_says(
            one.say + "MAIL FROM:<ann@a.example>\r\nRCPT TO:<eve@b.example>\r\n" + letter);
        CAPTURE(said);
        CHECK(has(said, "\r\n" + one.answer));
        CHECK_FALSE(has(said, "354 "));
        check_queue();
    }
}

TEST_CASE_FIXTURE(doors, "relay: A27 who has logged in sends from no address of others") {
    for (const auto& one : senders) {
        CAPTURE(one.say);
        const auto said = submission.submit("MAIL FROM:" + one.say + "\r\nRCPT TO:<eve@b.example>");
        CAPTURE(said);
        CHECK(has(said, "\r\n" + one.answer));
        check_queue();
    }
}

TEST_CASE_FIXTURE(doors, "relay: A27 who has logged in names no other author") {
    for (const auto& one : headers) {
        CAPTURE(one.say);
        const auto said =
            submission.submit("MAIL FROM:<ann@a.example>\r\nRCPT TO:<eve@b.example>\r\nDATA\r\n" +
                              one.say + "\r\nbody\r\n.\r\n");
        CAPTURE(said);
        CHECK(has(said, "\r\n" + one.answer));
        check_queue();
    }
}

TEST_CASE_FIXTURE(doors, "relay: A22 nor has anybody a server called by its address") {
    for (const auto* literal : {"[127.0.0.1]", "[192.0.2.1]", "[IPv6:::1]", "[IPv6:2001:db8::1]"}) {
        CAPTURE(literal);
        const auto said = submission.submit("MAIL FROM:<ann@a.example>\r\nRCPT TO:<eve@"s +
                                            literal + ">\r\n" + letter);
        CHECK(has(said, no_relay));
        check_queue();
    }
}

TEST_CASE_FIXTURE(doors, "relay: A31 a path of a forward carries reports to its sender alone") {
    parts.add_account("carl@c.example");
    parts.add_alias("list@a.example", {"out@d.example"});
    inbound_says("MAIL FROM:<eve@b.example>\r\nRCPT TO:<list@a.example>\r\n" + letter);
    REQUIRE(parts.queue().size() == 1);
    const auto path = parts.queue()[0].reverse_path;
    const auto domain = path.find("@a.example");
    REQUIRE(domain != std::string::npos);

    const auto with = [&](std::string_view from, std::string_view into) {
        auto changed = path;
        const auto at = changed.find(from);
        REQUIRE(at != std::string::npos);
        return changed.replace(at, from.size(), into);
    };
    const auto refused = [&](const std::string& recipient, const std::string& sender = "") {
        CAPTURE(recipient);
        const auto said =
            inbound_says("MAIL FROM:<" + sender + ">\r\nRCPT TO:<" + recipient + ">\r\n" + letter);
        CAPTURE(said);
        CHECK((has(said, no_user) || has(said, no_address) || has(said, no_relay)));
        CHECK(parts.queue().size() == 1);
    };
    refused(with("=eve@", "=ivy@"));
    refused(with("=b.example=", "=victim.example="));
    refused(with("@a.example", "@c.example"));  // ours as well, but not who sent it on
    refused(with("@a.example", "@b.example"));
    refused(with("=eve@", "=eve%victim.example@"));
    refused(with("SRS0=", "SRS1="));
    refused(with("SRS0=", "SRS0=="));
    refused("\"" + path.substr(0, domain) + "@victim.example\"@a.example");
    refused(path, "spam@b.example");
    refused(path, "ann@a.example");

    // Some servers write local parts in capitals: it is the same path, to the same sender.
    std::string capitals = path;
    for (std::size_t i = 0; i < domain; ++i)
        capitals[i] = static_cast<char>(std::toupper(static_cast<unsigned char>(capitals[i])));
    CHECK(has(inbound_says("MAIL FROM:<>\r\nRCPT TO:<" + capitals + ">\r\n" + letter),
              "250 2.6.0 stored as "));
    REQUIRE(parts.queue().size() == 2);
    CHECK(parts.queue()[1].recipients.at(0).to == "EVE@b.example");

    parts.time.move_wall(std::chrono::hours(23 * 24));
    CHECK(has(inbound_says("MAIL FROM:<>\r\nRCPT TO:<" + path + ">\r\n" + letter), no_user));
    CHECK(parts.queue().size() == 2);
}
