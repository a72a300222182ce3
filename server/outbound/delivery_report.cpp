#include "server/outbound/delivery_report.hpp"

#include "base/address.hpp"
#include "base/ascii.hpp"
#include "base/utf8.hpp"
#include "protocols/message/date_time.hpp"
#include "protocols/message/encoded_word.hpp"
#include "protocols/message/header.hpp"
#include "protocols/message/message_id.hpp"
#include "protocols/smtp/release_time.hpp"
#include "server/outbound/report_text.hpp"
#include "server/outbound/report_words.hpp"

#include <algorithm>
#include <stdexcept>

namespace hauspost::outbound {
namespace {

constexpr std::size_t max_returned_header = 64 * 1024;
constexpr std::size_t max_line_octets = 998;        // RFC 5322 2.1.1
constexpr std::size_t max_diagnostic_octets = 900;  // of one field: a reply may be without end
constexpr std::size_t max_name_octets = 600;        // addresses and host names

std::string_view action_word(recipient_action action) {
    switch (action) {
    case recipient_action::failed: return "failed";
    case recipient_action::delayed: return "delayed";
    case recipient_action::delivered: return "delivered";
    case recipient_action::relayed: return "relayed";
    case recipient_action::expanded: return "expanded";
    }
    return "failed";
}

/// RFC 3464 2.3.4: a class that fits, then subject and detail of up to three digits.
std::string status_text(const reported_recipient& to) {
    const char wanted = to.action == recipient_action::failed    ? '5'
                        : to.action == recipient_action::delayed ? '4'
                                                                 : '2';
    std::string_view rest = to.status;
    if (rest.starts_with(wanted)) {
        rest.remove_prefix(1);
        int numbers = 0;
        while (rest.starts_with('.') && rest.size() > 1) {
            rest.remove_prefix(1);
            std::size_t count = 0;
            while (count < rest.size() && ascii::is_digit(rest[count]))
                ++count;
            if (count == 0 || count > 3) break;
            rest.remove_prefix(count);
            ++numbers;
        }
        if (numbers == 2 && rest.empty()) return to.status;
    }
    return std::string(1, wanted) + ".0.0";
}

/// "rfc822; bob@b.test", or "utf-8; b\x{F6}b@b.test" (RFC 6533 3).
std::string address_text(std::string_view address) {
    const auto labelled = address::with_a_labels(address);
    if (utf8::is_ascii(labelled)) return "rfc822; " + ascii_line(labelled, max_name_octets);
    return "utf-8; " + ascii_line(address::in_ascii(labelled), max_name_octets);
}

/// ORCPT, its xtext decoded but for UTF-8 addresses, whose form it is. RFC 3461 6.3 (d), 6533 3
std::string original_text(std::string_view original) {
    const auto semicolon = original.find(';');
    if (semicolon == std::string_view::npos) return {};
    const auto type = ascii_line(original.substr(0, semicolon), 40);
    const auto text = original.substr(semicolon + 1);
    return type + "; " +
           (ascii::equal_nocase(type, "utf-8") ? ascii_line(text, max_name_octets)
                                               : decoded_xtext(text));
}

std::string date_text(std::int64_t unix_seconds, const report_terms& terms) {
    auto at = terms.now;
    at.unix_seconds = unix_seconds;
    return message::write_date(at);
}

/// RFC 3464 2.3.6: a reply of SMTP with its codes, or our own words.
std::string diagnostic_text(const reported_recipient& to) {
    if (to.code == 0)
        return to.own_words.empty()
                   ? std::string()
                   : "x-hauspost; " + ascii_line(to.own_words, max_diagnostic_octets);
    auto text = "smtp; " + std::to_string(to.code);
    if (!to.enhanced.empty()) text += ' ' + ascii_line(to.enhanced, 20);
    return text + ' ' + ascii_line(to.remote_reply, max_diagnostic_octets);
}

void append_recipient_fields(std::string& out,
                             const reported_recipient& to,
                             const report_terms& terms) {
    out += line_end;
    if (const auto original = original_text(to.original); !original.empty())
        append_field(out, "Original-Recipient", original);
    append_field(out, "Final-Recipient", address_text(to.address));
    append_field(out, "Action", action_word(to.action));
    append_field(out, "Status", status_text(to));
    if (!to.remote_host.empty())
        append_field(out, "Remote-MTA", "dns; " + ascii_line(to.remote_host, max_name_octets));
    if (const auto words = diagnostic_text(to); !words.empty())
        append_field(out, "Diagnostic-Code", words);
    if (to.last_attempt != 0)
        append_field(out, "Last-Attempt-Date", date_text(to.last_attempt, terms));
    if (to.action == recipient_action::delayed && to.tried_until)
        append_field(out, "Will-Retry-Until", date_text(*to.tried_until, terms));
}

/// The body of message/delivery-status. RFC 3464 2.1
std::string status_fields(const reported_message& message,
                          const std::vector<reported_recipient>& recipients,
                          const report_terms& terms) {
    std::string out;
    if (!message.envelope_id.empty())
        append_field(out, "Original-Envelope-Id", decoded_xtext(message.envelope_id));
    append_field(out, "Reporting-MTA", "dns; " + ascii_line(terms.hostname, max_name_octets));
    if (message.arrived_at != 0)
        append_field(out, "Arrival-Date", date_text(message.arrived_at, terms));
    // RFC 4865 5. Differs: what was asked for as an interval is told as the moment that it meant.
    if (message.release_at != 0)
        append_field(out, "Future-Release-Request",
                     "until; " + smtp::write_utc_time(message.release_at));
    for (const auto& to : recipients)
        append_recipient_fields(out, to, terms);
    return out;
}

/// Lines as SMTP carries them without change: CRLF, no NUL, not too long.
bool has_plain_lines(std::string_view text) {
    if (text.find('\0') != std::string_view::npos) return false;
    while (!text.empty()) {
        const auto end = text.find_first_of(line_end);
        if (std::min(end, text.size()) > max_line_octets) return false;
        if (end == std::string_view::npos) return true;
        if (text.substr(end, 2) != line_end) return false;
        text.remove_prefix(end + 2);
    }
    return true;
}

/// Of a header its fields, cut behind a field where it is too long.
std::string_view returned_header(std::string_view header) {
    header = header.substr(0, message::find_header_end(header).fields_end);
    std::size_t kept = 0;
    message::header_reader reader(header);
    while (reader.next() && kept + reader.field().raw.size() <= max_returned_header)
        kept += reader.field().raw.size();
    return header.substr(0, kept);
}

struct mime_body {
    std::string type;      // Content-Type
    std::string encoding;  // Content-Transfer-Encoding
    std::string text;
};

mime_body returned_part(const reported_message& message, bool is_whole) {
    mime_body part;
    if (is_whole) {
        part.type = "message/rfc822";
        part.encoding = utf8::is_ascii(message.octets) ? "7bit" : "8bit";
        part.text = message.octets;
        return part;
    }
    const auto header = returned_header(message.header);
    if (utf8::is_ascii(header) && has_plain_lines(header)) {
        part.type = "text/rfc822-headers";
        part.encoding = "7bit";
        part.text = header;
    } else {
        part.type = utf8::is_valid(header) ? "text/rfc822-headers; charset=utf-8"
                                           : "text/rfc822-headers; charset=unknown-8bit";
        part.encoding = "quoted-printable";
        part.text = quoted_printable(header);
    }
    return part;
}

bool may_return_whole(const reported_message& message,
                      const std::vector<reported_recipient>& recipients,
                      const report_terms& terms) {
    const bool has_failed = std::any_of(recipients.begin(), recipients.end(), [](const auto& to) {
        return to.action == recipient_action::failed;
    });
    const auto header = message.octets.substr(0, message::find_header_end(message.octets).body);
    return terms.is_full_wanted && has_failed && !message.octets.empty() &&
           message.octets.size() <= terms.max_message_octets && utf8::is_ascii(header) &&
           has_plain_lines(message.octets);
}

/// One that stands in none of the parts, so that nothing in them ends one.
std::string boundary_for(const std::vector<mime_body>& parts, const std::string& unique) {
    std::string boundary = "=_" + unique;  // RFC 2045 6.7: "=_" never stands in quoted-printable
    const auto is_in = [&boundary](const mime_body& part) {
        return part.text.find("--" + boundary) != std::string::npos;
    };
    while (std::any_of(parts.begin(), parts.end(), is_in))
        boundary += 'x';
    return boundary;
}

void append_references(std::string& out, std::string_view header) {
    const auto ids = message::parse_message_ids(message::find_field(header, "Message-ID"));
    if (ids.empty()) return;
    const auto& id = ids.front();
    const bool is_plain = id.size() < 250 && std::all_of(id.begin(), id.end(), [](char c) {
                              return c > ' ' && c <= '~';
                          });
    if (!is_plain) return;
    append_field(out, "In-Reply-To", id);
    append_field(out, "References", id);
}

std::string sender_text(const reported_message& message) {
    return one_line(address::with_a_labels(message.sender), max_name_octets);
}

std::string head_of(const reported_message& message,
                    const std::vector<reported_recipient>& recipients,
                    const report_terms& terms,
                    std::string_view boundary) {
    const bool is_german = terms.speech == language::german;
    std::string out;
    append_field(out, "From",
                 (is_german ? "Mailserver <" : "Mail Server <") +
                     ascii_line(terms.from, max_name_octets) + '>');
    // As it is: a quoted local part may hold spaces, of which each counts.
    out += "To: <" + sender_text(message) + ">\r\n";
    append_field(out, "Subject",
                 message::encode_encoded_words(report_subject(message, recipients, terms.speech)));
    append_field(out, "Date", message::write_date(terms.now));
    append_field(out, "Message-ID",
                 '<' + terms.unique + '@' + ascii_line(terms.hostname, max_name_octets) + '>');
    append_references(out, message.header);
    append_field(out, "Auto-Submitted", "auto-replied");  // RFC 3834 5
    append_field(out, "MIME-Version", "1.0");
    append_field(
        out, "Content-Type",
        "multipart/report; report-type=delivery-status; boundary=\"" + std::string(boundary) + '"');
    append_field(out, "Content-Language", is_german ? "de" : "en");
    return out;
}

}  // namespace

delivery_report write_report(const reported_message& message,
                             const std::vector<reported_recipient>& recipients,
                             const report_terms& terms) {
    if (message.sender.empty() || recipients.empty())
        throw std::invalid_argument("a delivery report needs a sender and recipients");
    if (terms.unique.empty() ||
        !std::all_of(terms.unique.begin(), terms.unique.end(), ascii::is_alnum))
        throw std::invalid_argument("a delivery report needs a unique word");
    const bool is_whole = may_return_whole(message, recipients, terms);
    // RFC 6522 3: for people, for programs, and what is returned.
    std::vector<mime_body> parts;
    parts.push_back({"text/plain; charset=utf-8", "quoted-printable",
                     quoted_printable(human_text(message, recipients, terms))});
    parts.push_back({"message/delivery-status", "7bit", status_fields(message, recipients, terms)});
    parts.push_back(returned_part(message, is_whole));
    const auto boundary = boundary_for(parts, terms.unique);

    delivery_report report;
    report.is_8bit = parts.back().encoding == "8bit";
    report.needs_smtputf8 = !utf8::is_ascii(sender_text(message));
    auto& out = report.octets;
    out = head_of(message, recipients, terms, boundary);
    if (report.is_8bit) append_field(out, "Content-Transfer-Encoding", "8bit");
    for (const auto& part : parts) {
        out += "\r\n--" + boundary + "\r\n";
        append_field(out, "Content-Type", part.type);
        append_field(out, "Content-Transfer-Encoding", part.encoding);
        out += line_end;
        out += part.text;
    }
    out += "\r\n--" + boundary + "--\r\n";
    return report;
}

}  // namespace hauspost::outbound
