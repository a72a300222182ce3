#pragma once

#include "protocols/smtp/server/mail_sink.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace hauspost::delivery {

/// The Received field of a message that was just taken, folded, ending in CRLF. What the peer chose
/// (its name, addresses) cannot end the field or a comment in it.
///
/// Of a message that was submitted it does not say from where: that is where somebody sits, and is
/// nobody's business to whom he writes. The id leads to it in the log.
/// Differs from RFC 5321 4.4, which has a "from" in each: there because of that.
///
/// The recipient is named only when the message has just one (RFC 5321 7.6: the others would learn
/// of each other).
/// RFC  5321 4.4, 3848, 6531 3.7.3
[[nodiscard]] std::string received_field(const smtp::envelope& envelope,
                                         std::string_view hostname,
                                         std::string_view id,
                                         std::int64_t unix_seconds);

/// Return-Path, Delivered-To and X-Original-To of one local copy. All three have domains in
/// A-labels, and are all ASCII unless the message came with SMTPUTF8. RFC 5321 4.4, 6531 3.7.3.
[[nodiscard]] std::string copy_prefix(const smtp::mailbox_address& reverse_path,
                                      std::string_view delivered_to,
                                      std::string_view original_recipient,
                                      bool smtputf8);

/// Delivered-To alone: for copies that leave, so that they are known if they come back.
[[nodiscard]] std::string delivered_to_field(std::string_view recipient, bool smtputf8);

/// What the header of a message says about its way so far.
struct trace {
    std::size_t received = 0;   // Received fields
    bool tls_optional = false;  // RFC 8689 3, "TLS-Required: No"
    bool is_bulk = false;       // of a list or to many, as it says itself: List-*, Precedence
    std::vector<std::string> delivered_to;  // canonical, or address::in_ascii of it; at most 100
    std::string message_id;                 // without angle brackets; "" when there is none
    std::string subject;                    // as it is written, cut

    /// address  canonical
    [[nodiscard]] bool was_delivered_to(std::string_view address) const;
};
[[nodiscard]] trace read_trace(std::string_view message);

}  // namespace hauspost::delivery
