#pragma once

#include "mail/date_time.hpp"
#include "server/outbound/language.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hauspost::outbound {

/// What became of a recipient. RFC 3464 2.3.3
enum class recipient_action : std::uint8_t {
    failed,     // and nothing more is tried
    delayed,    // and it is tried on
    delivered,  // into the mailbox
    relayed,    // to a server that sends no such reports
    expanded,   // to the addresses of a list or alias
};

struct reported_recipient {
    std::string address;   // as smtp::to_text gives it, "bob@b.test"; UTF-8 allowed
    std::string original;  // ORCPT as given, "type;xtext"; "" when there was none
    recipient_action action = recipient_action::failed;
    std::string status;        // RFC 3463, "5.1.1"; one that does not fit the action is replaced
    std::string remote_host;   // that gave the reply, "mx.b.test"; "" when there was none
    std::uint16_t code = 0;    // of the reply; 0: there was none
    std::string enhanced;      // that the reply had, "5.1.1"; "" when it had none
    std::string remote_reply;  // its text as it came, any octets, without both
    std::string own_words;     // without a reply: what we saw, in English, "connection timed out"
    std::int64_t last_attempt = 0;            // Unix seconds; 0: there was none
    std::optional<std::int64_t> tried_until;  // Unix seconds; of delayed
};

/// The message about which is reported.
struct reported_message {
    std::string sender;           // its reverse-path: who gets the report
    std::string envelope_id;      // ENVID as given, xtext; "" when there was none
    std::string_view header;      // its fields, as it came in; CRLF
    std::string_view octets;      // the whole message, when it is at hand; "" when not
    std::int64_t arrived_at = 0;  // Unix seconds
    std::int64_t release_at = 0;  // Unix seconds: until then it was to be held; 0: it was not
};

struct report_terms {
    language speech = language::english;
    std::string hostname;  // of this server, in A-labels: Reporting-MTA, behind Message-ID's "@"
    std::string from;      // address in From, "postmaster@a.test"
    std::string unique;    // letters and digits that were never used: for Message-ID and boundary
    mail::date_time now;   // with the zone in which people read times
    bool is_full_wanted = false;              // RET=FULL, RFC 3461 4.3
    std::size_t max_message_octets = 50'000;  // beyond it only the header comes back
};

struct delivery_report {
    std::string octets;           // a whole message, CRLF
    bool is_8bit = false;         // to be sent with BODY=8BITMIME: it holds the message as it was
    bool needs_smtputf8 = false;  // the sender's own address is not ASCII
};

/// A report about what became of a message: a text for people, the same for programs, and what is
/// needed to know the message again. multipart/report of text/plain, message/delivery-status, and
/// text/rfc822-headers or message/rfc822.
///
/// The message comes back whole when that is wanted, a recipient has failed (RFC 3461 4.3), it is
/// not too large and could be sent as it is; otherwise its header, at most 64 KiB of it.
///
/// Differs: a header in UTF-8 comes back as text/rfc822-headers in quoted-printable and addresses as
/// utf-8-addr-xtext, not as message/global-headers and message/global-delivery-status (RFC 6533):
/// so the report needs no SMTPUTF8, and every reader shows it.
///
/// The caller sends it with the null reverse-path (RFC 3464 2, RFC 5321 4.5.5), to the sender alone,
/// and asks for no report about it; never about a message that itself came with the null
/// reverse-path, and only to senders that are proven (A20, A21).
///
/// Throws  std::invalid_argument without a sender, without recipients, or with a `unique` that is
///         not of letters and digits
/// Pure. Thread: any. RFC 3461 6, 3464, 3834 3.1, 4865 5, 6522, 6533
[[nodiscard]] delivery_report write_report(const reported_message& message,
                                           const std::vector<reported_recipient>& recipients,
                                           const report_terms& terms);

}  // namespace hauspost::outbound
