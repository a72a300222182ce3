#include "server/outbound/reply_meaning.hpp"

#include "base/utf8.hpp"

#include <doctest/doctest.h>

#include <set>
#include <string>

using namespace hauspost;
using namespace hauspost::outbound;
using enum reply_meaning;

namespace {

reply_meaning of(std::uint16_t code, std::string_view enhanced, std::string_view text) {
    return meaning_of({code, enhanced, text});
}

}  // namespace

TEST_CASE("reply meaning: Gmail") {
    CHECK(of(550, "5.1.1",
             "The email account that you tried to reach does not exist. Please try double-checking "
             "the recipient's email address") == unknown_recipient);
    CHECK(of(421, "4.7.28",
             "Our system has detected an unusual rate of unsolicited mail originating from your IP "
             "address.") == rate_limit);
    CHECK(of(450, "4.2.1", "The user you are trying to contact is receiving mail too quickly.") ==
          rate_limit);
    CHECK(of(552, "5.2.2", "The recipient's inbox is out of storage space and inactive.") ==
          mailbox_full);
    CHECK(of(550, "5.2.1", "The email account that you tried to reach is disabled.") ==
          recipient_disabled);
    CHECK(of(552, "5.3.4", "Your message exceeded Google's message size limits.") == too_large);
    CHECK(
        of(550, "5.7.26",
           "Your email has been blocked because the sender is unauthenticated. Gmail requires all "
           "senders to authenticate with either SPF or DKIM.") == sender_not_proven);
    CHECK(of(550, "5.7.1",
             "Gmail has detected that this message is likely suspicious due to the very low "
             "reputation of the sending domain.") == reputation);
    CHECK(
        of(550, "5.7.25", "The IP address sending this message does not have a PTR record setup") ==
        no_reverse_name);
    CHECK(of(552, "5.7.0",
             "This message was blocked because its content presents a potential security issue.") ==
          attachment_refused);
    CHECK(
        of(550, "5.7.1", "Our system has detected that this message is likely unsolicited mail.") ==
        content_refused);
    CHECK(of(421, "4.7.0", "TLS required for RCPT domain, closing connection.") == tls_required);
    CHECK(of(421, "4.3.0", "Temporary System Problem. Try again later.") == busy);
}

TEST_CASE("reply meaning: Microsoft") {
    CHECK(of(550, "5.7.1",
             "Unfortunately, messages from [192.0.2.1] weren't sent. Please contact your Internet "
             "service provider since part of their network is on our block list (S3150).") ==
          block_list);
    CHECK(of(550, "5.7.606", "Access denied, banned sending IP [192.0.2.1].") == block_list);
    CHECK(of(451, "4.7.650",
             "The mail server [192.0.2.1] has been temporarily rate limited due to IP reputation. "
             "(S775)") == rate_limit);
    CHECK(of(550, "5.1.10",
             "RESOLVER.ADR.RecipientNotFound; Recipient x@outlook.test not found by SMTP address "
             "lookup") == unknown_recipient);
    CHECK(of(550, "5.5.0", "Requested action not taken: mailbox unavailable.") ==
          unknown_recipient);
    CHECK(of(552, "5.2.2", "MapiExceptionQuotaExceeded; mailbox full") == mailbox_full);
    CHECK(of(550, "5.7.515",
             "Access denied, sending domain a.test doesn't meet the required authentication "
             "level.") == sender_not_proven);
    CHECK(of(432, "4.3.2", "STOREDRV.Deliver; recipient thread limit exceeded") == rate_limit);
    CHECK(of(550, "5.7.64", "TenantAttribution; Relay Access Denied") == not_permitted);
}

TEST_CASE("reply meaning: GMX, WEB.DE, Telekom, Yahoo") {
    CHECK(of(554, "",
             "gmx.net (mxgmx104) Nemesis ESMTP Service not available\r\nNo SMTP service\r\n"
             "IP address is block listed.") == block_list);
    CHECK(of(550, "", "Requested action not taken: mailbox unavailable") == unknown_recipient);
    CHECK(of(550, "",
             "Reject due to SPF policy. The originating IP of the message is not permitted "
             "by the domain owner") == sender_not_proven);
    CHECK(of(450, "", "Rate limit reached. Please try again later") == rate_limit);
    CHECK(of(550, "", "Benutzer nicht bekannt/User unknown") == unknown_recipient);
    CHECK(of(550, "", "User has exhausted allowed storage space.") == mailbox_full);
    CHECK(of(552, "", "Requested mail action aborted: exceeded storage allocation") ==
          mailbox_full);
    CHECK(of(554, "",
             "IP=192.0.2.1 - A problem occurred. (Ask your postmaster for help or to "
             "contact tosa@rx.t-online.de to clarify.) (BL)") == block_list);
    CHECK(of(554, "",
             "IP=192.0.2.1 - None/bad reputation. Ask your postmaster for help or to "
             "contact tobr@rx.t-online.de for reset. (NOWL)") == reputation);
    CHECK(of(554, "",
             "IP=192.0.2.1 - Dialup/transient IP not allowed. Use a mailgateway or contact "
             "toda@rx.t-online.de if obsolete. (DIAL)") == reputation);
    CHECK(of(552, "5.2.2", "Over STORAGE quota") == mailbox_full);
    CHECK(of(421, "4.7.0",
             "[TSS04] Messages from 192.0.2.1 temporarily deferred due to unexpected "
             "volume or user complaints") == rate_limit);
    CHECK(of(553, "5.7.1", "[BL21] Connections will not be accepted from 192.0.2.1") == block_list);
    CHECK(of(554, "", "delivery error: dd This user doesn't have a yahoo.com account") ==
          unknown_recipient);
    CHECK(of(554, "5.7.9", "Message not accepted for policy reasons.") == policy);
}

TEST_CASE("reply meaning: servers in common use") {
    CHECK(of(450, "4.2.0", "<x@a.test>: Recipient address rejected: Greylisted") == greylisted);
    CHECK(of(554, "5.7.1",
             "Service unavailable; Client host [192.0.2.1] blocked using "
             "ix.dnsbl.manitu.net") == block_list);
    CHECK(of(450, "4.7.1", "Client host rejected: cannot find your reverse hostname") ==
          no_reverse_name);
    CHECK(of(550, "5.1.8", "<x@a.test>: Sender address rejected: Domain not found") ==
          sender_refused);
    CHECK(of(550, "5.1.1",
             "<x@a.test>: Recipient address rejected: User unknown in virtual mailbox "
             "table") == unknown_recipient);
    CHECK(of(554, "5.4.6", "Too many hops") == loop);
    CHECK(of(550, "", "unrouteable address") == unknown_recipient);
    CHECK(of(571, "5.7.1", "message classified as spam") == content_refused);
    CHECK(of(530, "5.7.0", "Must issue a STARTTLS command first") == tls_required);
}

TEST_CASE("reply meaning: the codes, when the words say nothing") {
    CHECK(of(550, "5.1.1", "no") == unknown_recipient);
    CHECK(of(550, "5.1.10", "no") == unknown_domain);
    CHECK(of(452, "4.2.2", "") == mailbox_full);
    CHECK(of(550, "5.6.7", "no") == not_supported);
    CHECK(of(550, "5.7.23", "no") == sender_not_proven);
    CHECK(of(550, "5.7.99", "no") == policy);
    CHECK(of(550, "5.5.1", "no") == unclear);
    CHECK(of(421, "", "") == busy);
    CHECK(of(552, "", "") == mailbox_full);
    CHECK(of(550, "", "no") == unclear);
    CHECK(of(0, "", "") == unreachable);
    CHECK(of(0, "4.4.1", "no answer") == unreachable);
    CHECK(of(0, "5.1.2", "") == unknown_domain);
    for (const auto* odd : {"5", "5.", "5.x", ".", "5.7.", "....", "5.1.1.1"})
        CHECK_NOTHROW(of(550, odd, odd));
}

TEST_CASE("A15 reply meaning: words cut by line ends and controls, and a gigantic reply") {
    CHECK(of(550, "", "USER\r\n\tUNKNOWN") == unknown_recipient);
    CHECK(of(550, "", std::string("\0\xff\x1b[2J", 6)) == unclear);
    CHECK(of(550, "", std::string(3000, 'x') + " user unknown") == unclear);
}

TEST_CASE("reply meaning: each has its sentences in both languages") {
    std::set<std::string_view> seen;
    for (auto i = 0; i <= static_cast<int>(unclear); ++i) {
        const auto meaning = static_cast<reply_meaning>(i);
        for (const auto speech : {language::german, language::english}) {
            CHECK(what_happened(meaning, speech).ends_with('.'));
            CHECK(what_to_do(meaning, speech).ends_with('.'));
            CHECK(utf8::is_valid(what_happened(meaning, speech)));
            CHECK(seen.insert(what_happened(meaning, speech)).second);
        }
        CHECK(utf8::is_ascii(what_happened(meaning, language::english)));
        CHECK(what_to_do(meaning, language::german).starts_with("Bitte"));
        CHECK(what_to_do(meaning, language::english).starts_with("Please"));
    }
    CHECK(what_happened(mailbox_full, language::german) ==
          "Das Postfach des Empf\xc3\xa4ngers ist voll.");
}
