#include "server/outbound/delivery_report.hpp"

#include "base/utf8.hpp"
#include "protocols/message/encoded_word.hpp"
#include "protocols/message/header.hpp"
#include "protocols/message/mime_part.hpp"
#include "protocols/message/quoted_printable.hpp"

#include <doctest/doctest.h>

#include <set>
#include <stdexcept>
#include <string>
#include <vector>

using namespace hauspost;
using namespace hauspost::outbound;

namespace {

constexpr std::string_view header =
    "Received: from x\r\nFrom: Ann <ann@a.test>\r\nTo: bob@b.test\r\n"
    "Subject: =?utf-8?q?Gr=C3=BC=C3=9Fe?= an\r\n alle\r\nMessage-ID: <1@a.test>\r\n";

reported_message a_message() {
    reported_message message;
    message.sender = "ann@a.test";
    message.header = header;
    message.arrived_at = 1'795'425'900;  // 2026-11-23 08:05:00 UTC
    return message;
}

reported_recipient bob() {
    reported_recipient to;
    to.address = "bob@b.test";
    to.status = "5.1.1";
    to.remote_host = "mx.b.test";
    to.code = 550;
    to.enhanced = "5.1.1";
    to.remote_reply = "<bob@b.test>: User unknown";
    to.last_attempt = 1'795'425'960;
    return to;
}

reported_recipient bob(recipient_action action) {
    auto to = bob();
    to.action = action;
    return to;
}

report_terms the_terms(language speech = language::english) {
    report_terms terms;
    terms.speech = speech;
    terms.hostname = "mail.a.test";
    terms.from = "postmaster@a.test";
    terms.unique = "u7";
    terms.now.unix_seconds = 1'795'426'000;
    terms.now.zone_minutes = 60;
    return terms;
}

std::string decoded(std::string_view text) {
    std::string out;
    message::quoted_printable_decoder decoder;
    decoder.feed(text, out);
    decoder.finish(out);
    return out;
}

/// A report taken apart by our own parser: three parts, or the test fails.
struct taken {
    explicit taken(delivery_report made)
        : report(std::move(made)), tree(message::parse_mime_tree(report.octets)) {
        REQUIRE(tree.size() >= 4);
        REQUIRE(tree[0].span.type == message::part::kind::multipart);
        for (const auto& node : tree)
            top_parts += node.span.depth == 1 ? 1 : 0;
        REQUIRE(top_parts == 3);
    }
    [[nodiscard]] std::string_view part(std::size_t number) const {
        std::size_t seen = 0;
        for (const auto& node : tree)
            if (node.span.depth == 1 && ++seen == number)
                return std::string_view(report.octets)
                    .substr(node.span.body, node.span.end - node.span.body);
        return {};
    }
    [[nodiscard]] const message::part& span(std::size_t number) const {
        std::size_t seen = 0;
        for (const auto& node : tree)
            if (node.span.depth == 1 && ++seen == number) return node.span;
        throw std::logic_error("no such part");
    }
    [[nodiscard]] std::string human() const { return decoded(part(1)); }
    [[nodiscard]] std::string field(std::string_view name) const {
        return message::unfolded(message::find_field(report.octets, name));
    }
    /// Of the blocks of message/delivery-status: 0 is about the message.
    [[nodiscard]] std::string status(std::size_t block, std::string_view name) const {
        auto text = part(2);
        for (; block > 0; --block)
            text.remove_prefix(message::find_header_end(text).body);
        return message::unfolded(message::find_field(text, name));
    }

    delivery_report report;
    std::vector<message::mime_node> tree;
    std::size_t top_parts = 0;
};

taken report_of(const std::vector<reported_recipient>& recipients,
                const report_terms& terms = the_terms(),
                const reported_message& message = a_message()) {
    return taken(write_report(message, recipients, terms));
}

bool has(std::string_view text, std::string_view words) {
    return text.find(words) != std::string_view::npos;
}

}  // namespace

TEST_CASE("delivery report: the message around it") {
    const auto made = report_of({bob()});
    CHECK(made.field("From") == "Mail Server <postmaster@a.test>");
    CHECK(made.field("To") == "<ann@a.test>");
    CHECK(message::decoded_field(made.report.octets, "Subject") ==
          "Not delivered: Gr\xc3\xbc\xc3\x9f"
          "e an alle");
    CHECK(made.field("Date") == "Mon, 23 Nov 2026 10:26:40 +0100");
    CHECK(made.field("Message-ID") == "<u7@mail.a.test>");
    CHECK(made.field("In-Reply-To") == "<1@a.test>");
    CHECK(made.field("References") == "<1@a.test>");
    CHECK(made.field("Auto-Submitted") == "auto-replied");
    CHECK(made.field("MIME-Version") == "1.0");
    CHECK(has(made.field("Content-Type"), "multipart/report; report-type=delivery-status;"));
    CHECK(made.span(1).type_name == "text/plain");
    CHECK(made.span(2).type_name == "message/delivery-status");
    CHECK(made.span(3).type_name == "text/rfc822-headers");
    CHECK_FALSE(made.report.is_8bit);
    CHECK_FALSE(made.report.needs_smtputf8);
    CHECK(utf8::is_ascii(made.report.octets));
}

TEST_CASE("delivery report: what programs read, RFC 3464") {
    auto message = a_message();
    message.envelope_id = "QQ+2B314159";
    auto delayed = bob(recipient_action::delayed);
    delayed.address = "carl@c.test";
    delayed.original = "rfc822;Carl+2Bx@c.test";
    delayed.status = "4.4.1";
    delayed.code = 0;
    delayed.own_words = "connection timed out";
    delayed.tried_until = 1'795'598'800;
    const auto made = report_of({bob(), delayed}, the_terms(), message);
    CHECK(made.status(0, "Original-Envelope-Id") == "QQ+314159");
    CHECK(made.status(0, "Reporting-MTA") == "dns; mail.a.test");
    CHECK(made.status(0, "Arrival-Date") == "Mon, 23 Nov 2026 10:25:00 +0100");
    CHECK(made.status(1, "Original-Recipient") == "");
    CHECK(made.status(1, "Final-Recipient") == "rfc822; bob@b.test");
    CHECK(made.status(1, "Action") == "failed");
    CHECK(made.status(1, "Status") == "5.1.1");
    CHECK(made.status(1, "Remote-MTA") == "dns; mx.b.test");
    CHECK(made.status(1, "Diagnostic-Code") == "smtp; 550 5.1.1 <bob@b.test>: User unknown");
    CHECK(made.status(1, "Last-Attempt-Date") == "Mon, 23 Nov 2026 10:26:00 +0100");
    CHECK(made.status(1, "Will-Retry-Until") == "");
    CHECK(made.status(2, "Original-Recipient") == "rfc822; Carl+x@c.test");
    CHECK(made.status(2, "Action") == "delayed");
    CHECK(made.status(2, "Status") == "4.4.1");
    CHECK(made.status(2, "Diagnostic-Code") == "x-hauspost; connection timed out");
    CHECK(made.status(2, "Will-Retry-Until") == "Wed, 25 Nov 2026 10:26:40 +0100");
}

TEST_CASE("delivery report: what has failed is not tried on") {
    auto to = bob();
    to.tried_until = 1'795'598'800;
    const auto made = report_of({to});
    CHECK(made.status(1, "Will-Retry-Until") == "");
    CHECK_FALSE(has(made.human(), "further attempts"));
}

TEST_CASE("delivery report: a status that does not fit is replaced") {
    for (const auto* status : {"", "5", "5.1", "5.1.1.1", "5.1.x", "5.1.1000", "5..1", "4.1.1",
                               "5.1.1\r\nX: y", "5.1.", "x.1.1"}) {
        auto to = bob();
        to.status = status;
        CHECK_MESSAGE(report_of({to}).status(1, "Status") == "5.0.0", status);
    }
    auto to = bob(recipient_action::delayed);
    CHECK(report_of({to}).status(1, "Status") == "4.0.0");
    to.action = recipient_action::relayed;
    CHECK(report_of({to}).status(1, "Status") == "2.0.0");
    to.status = "2.1.255";
    CHECK(report_of({to}).status(1, "Status") == "2.1.255");
}

TEST_CASE("delivery report: what people read, in English") {
    const auto text = report_of({bob()}).human();
    CHECK(has(text,
              "your message \"Gr\xc3\xbc\xc3\x9f"
              "e an alle\" of 2026-11-23, 10:25 (UTC+01:00)."));
    CHECK(has(text,
              "It was not delivered to:\r\n\r\n  bob@b.test\r\n"
              "    The recipient's address does not exist.\r\n"
              "    Please check the spelling and send the message again.\r\n"));
    CHECK(has(text,
              "For technicians:\r\n\r\nmx.b.test replied for bob@b.test:\r\n"
              "  | 550 5.1.1\r\n  | <bob@b.test>: User unknown\r\n"));
}

TEST_CASE("delivery report: what people read, in German") {
    auto full = bob(recipient_action::delayed);
    full.enhanced = "4.2.2";
    full.code = 452;
    full.remote_reply = "over quota";
    full.tried_until = 1'795'598'800;
    const auto made = report_of({full}, the_terms(language::german));
    CHECK(message::decoded_field(made.report.octets, "Subject") ==
          "Noch nicht zugestellt: Gr\xc3\xbc\xc3\x9f"
          "e an alle");
    CHECK(made.field("Content-Language") == "de");
    const auto text = made.human();
    CHECK(has(text,
              "es geht um Ihre Nachricht \xe2\x80\x9eGr\xc3\xbc\xc3\x9f"
              "e an alle\xe2\x80\x9c vom 23.11.2026, 10:25 (UTC+01:00)."));
    CHECK(has(text,
              "Das Postfach des Empf\xc3\xa4ngers ist voll.\r\n    Sie m\xc3\xbcssen nichts tun: "
              "Es wird weiter versucht bis 25.11.2026, 10:26 (UTC+01:00).\r\n"));
    CHECK(has(text, "Diese Meldung hat der Mailserver mail.a.test selbst geschrieben."));
}

TEST_CASE("delivery report: each outcome has its own list, the worst gives the subject") {
    std::vector<reported_recipient> all;
    for (const auto action :
         {recipient_action::expanded, recipient_action::relayed, recipient_action::delivered,
          recipient_action::delayed, recipient_action::failed}) {
        all.push_back(bob(action));
        all.back().address = "to" + std::to_string(all.size()) + "@b.test";
    }
    const auto made = report_of(all);
    const auto text = made.human();
    CHECK(has(text, "not delivered to:\r\n\r\n  to5@b.test"));
    CHECK(has(text, "not yet delivered to:\r\n\r\n  to4@b.test"));
    CHECK(has(text, "delivered to:\r\n\r\n  to3@b.test\r\n\r\n"));
    CHECK(has(text, "does not report what becomes of it):\r\n\r\n  to2@b.test"));
    CHECK(has(text, "list or alias for:\r\n\r\n  to1@b.test"));
    CHECK(has(message::decoded_field(made.report.octets, "Subject"), "Not delivered: "));
    all.erase(all.begin() + 3, all.end());
    CHECK(has(message::decoded_field(report_of(all).report.octets, "Subject"), "Delivered: "));
}

TEST_CASE("A15 delivery report: nothing that strangers say becomes a field, a part or a line") {
    const std::string evil =
        "x\r\n\r\n--=_u7\r\nContent-Type: text/html\r\n\r\n<b>\r\n--=_u7--\r\nBcc: "
        "eve@e.test\r\n\x1b[2J\xfc";
    auto message = a_message();
    message.envelope_id = evil;
    const std::string own_header = "Subject: a\rBcc: b\r\nMessage-ID: <a\rb@c>\r\nFrom: x\r\n";
    message.header = own_header;
    auto to = bob();
    to.address = "b" + evil + "@b.test";
    to.original = "rfc822;" + evil;
    to.remote_host = evil;
    to.enhanced = evil;
    to.remote_reply = evil;
    const auto made = report_of({to}, the_terms(), message);
    std::set<std::string> names;
    for (message::header_reader reader(made.report.octets); reader.next();)
        names.emplace(reader.field().name);
    CHECK(names == std::set<std::string>{"From", "To", "Subject", "Date", "Message-ID",
                                         "In-Reply-To", "References", "Auto-Submitted",
                                         "MIME-Version", "Content-Type", "Content-Language"});
    CHECK(made.field("In-Reply-To") == "<ab@c>");
    CHECK(made.tree.size() == 4);
    CHECK(made.status(1, "Bcc") == "");
    CHECK(made.status(2, "Bcc") == "");
    CHECK(made.status(2, "Content-Type") == "");
    CHECK(utf8::is_ascii(made.report.octets));
    CHECK_FALSE(has(made.human(), "\x1b"));
    CHECK_FALSE(has(made.human(), "\r\nBcc"));
}

TEST_CASE("A15 delivery report: a reply without end ends") {
    auto to = bob();
    to.remote_reply = std::string(1 << 20, 'x');
    for (int i = 0; i < 1000; ++i)
        to.remote_reply += "\r\nmore";
    const auto made = report_of({to});
    CHECK(made.report.octets.size() < 6000);
    CHECK(made.status(1, "Diagnostic-Code").size() < 1000);
}

TEST_CASE("delivery report: the header comes back, or the whole message when that is wanted") {
    auto message = a_message();
    const std::string octets = std::string(header) + "\r\nbody\r\n--=_u7--\r\n";
    message.octets = octets;
    auto terms = the_terms();
    CHECK(report_of({bob()}, terms, message).part(3) == header);
    terms.is_full_wanted = true;
    const auto whole = report_of({bob()}, terms, message);
    CHECK(whole.span(3).type_name == "message/rfc822");
    CHECK(whole.part(3) == octets);  // although it holds what would be the boundary
    CHECK(has(whole.field("Content-Type"), "boundary=\"=_u7x\""));
    CHECK(report_of({bob(recipient_action::delayed)}, terms, message).part(3) == header);
    terms.max_message_octets = octets.size() - 1;
    CHECK(report_of({bob()}, terms, message).part(3) == header);
}

TEST_CASE("delivery report: a message that could not be sent as it is comes back as its header") {
    auto terms = the_terms();
    terms.is_full_wanted = true;
    const auto type_of = [&terms](const std::string& octets) {
        auto message = a_message();
        message.octets = octets;
        return report_of({bob()}, terms, message).span(3).type_name;
    };
    const std::string start = "From: a\r\n\r\n";
    CHECK(type_of(start + "x\ny\r\n") == "text/rfc822-headers");
    CHECK(type_of(start + "x\ry\r\n") == "text/rfc822-headers");
    CHECK(type_of(start + std::string(1, '\0')) == "text/rfc822-headers");
    CHECK(type_of(start + std::string(999, 'x')) == "text/rfc822-headers");
    CHECK(type_of(start + std::string(998, 'x')) == "message/rfc822");
    CHECK(type_of("Subject: \xc3\xbc\r\n\r\nx") == "text/rfc822-headers");
    auto message = a_message();
    const std::string eight = start + "\xfc\r\n";
    message.octets = eight;
    const auto made = report_of({bob()}, terms, message);
    CHECK(made.report.is_8bit);
    CHECK(made.field("Content-Transfer-Encoding") == "8bit");
    CHECK(made.span(3).encoding == "8bit");
    CHECK(made.part(3) == eight);
}

TEST_CASE("delivery report: a header of any octets comes back legible and bounded") {
    auto message = a_message();
    const std::string umlauts =
        "Subject: Gr\xc3\xbc\xc3\x9f"
        "e\r\nFrom: x\r\n";
    message.header = umlauts;
    const auto made = report_of({bob()}, the_terms(), message);
    CHECK(made.span(3).encoding == "quoted-printable");
    CHECK(made.span(3).charset == "utf-8");
    CHECK(decoded(made.part(3)) == umlauts);
    std::string many;
    while (many.size() < 100'000)
        many += "X-Field: some words that say nothing\r\n";
    message.header = many;
    const auto cut = report_of({bob()}, the_terms(), message).part(3).size();
    CHECK(cut <= 64 * 1024);
    CHECK(cut > 63 * 1024);
    CHECK(cut % std::string("X-Field: some words that say nothing\r\n").size() == 0);
    message.header = "";
    CHECK(report_of({bob()}, the_terms(), message).part(3).empty());
}

TEST_CASE("delivery report: addresses with letters beyond ASCII, RFC 6533") {
    auto message = a_message();
    message.sender = "j\xc3\xb6rg@m\xc3\xbcller.example";
    auto to = bob();
    to.address = "bj\xc3\xb6rn@m\xc3\xbcller.example";
    to.original = "utf-8;bj\\x{F6}rn@xn--mller-kva.example";
    const auto made = report_of({to}, the_terms(), message);
    CHECK(made.report.needs_smtputf8);
    CHECK(made.field("To") == "<j\xc3\xb6rg@xn--mller-kva.example>");
    CHECK(made.status(1, "Original-Recipient") == "utf-8; bj\\x{F6}rn@xn--mller-kva.example");
    CHECK(made.status(1, "Final-Recipient").starts_with("utf-8; bj\\x{"));
    CHECK(made.status(1, "Final-Recipient").ends_with("rn@xn--mller-kva.example"));
    CHECK(utf8::is_ascii(made.part(2)));
    message.sender = "ann@m\xc3\xbcller.example";
    CHECK_FALSE(report_of({to}, the_terms(), message).report.needs_smtputf8);
}

TEST_CASE("delivery report: an address with blanks in quotes stays as it is") {
    auto message = a_message();
    message.sender = "\"a  b\"@a.test";
    CHECK(has(report_of({bob()}, the_terms(), message).report.octets,
              "\r\nTo: <\"a  b\"@a.test>\r\n"));
}

TEST_CASE("A20 delivery report: to nobody, of nobody or without a name of its own there is none") {
    auto nobody = a_message();
    nobody.sender = "";
    CHECK_THROWS_AS((void)write_report(nobody, {bob()}, the_terms()), std::invalid_argument);
    CHECK_THROWS_AS((void)write_report(a_message(), {}, the_terms()), std::invalid_argument);
    for (const auto* unique : {"", "a b", "a\r\nb", "\"", "\xc3\xbc"}) {
        auto terms = the_terms();
        terms.unique = unique;
        CHECK_THROWS_AS((void)write_report(a_message(), {bob()}, terms), std::invalid_argument);
    }
}

TEST_CASE("delivery report: until when a message was to be held stands in it, RFC 4865 5") {
    auto message = a_message();
    CHECK(report_of({bob()}, the_terms(), message).status(0, "Future-Release-Request").empty());
    message.release_at = 1'795'976'400;
    const auto made = report_of({bob()}, the_terms(), message);
    CHECK(made.status(0, "Future-Release-Request") == "until; 2026-11-29T18:20:00Z");
}
