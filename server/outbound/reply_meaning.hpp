#pragma once

#include "server/outbound/language.hpp"

#include <cstdint>
#include <string_view>

namespace hauspost::outbound {

/// Why another server does not take a message, as far as that matters to people.
enum class reply_meaning : std::uint8_t {
    unknown_recipient,    // nobody has the address
    recipient_disabled,   // somebody had it
    unknown_domain,       // the domain is not there, or takes no mail (RFC 7505)
    mailbox_full,         //
    too_large,            // the message, for this server or this mailbox
    too_many_recipients,  // in one message, or in a day
    rate_limit,           // too much at once from here, or to there
    greylisted,           // unknown senders have to come again
    block_list,           // our address stands on a list
    reputation,           // our address is not known well enough, or not well
    no_reverse_name,      // our address has no PTR, or not one that leads back
    sender_not_proven,    // SPF, DKIM or DMARC
    sender_refused,       // the sender's address is not accepted or does not exist
    content_refused,      // taken for spam or harmful
    attachment_refused,   // a kind of file
    not_permitted,        // only certain people may write there; or we may not relay there
    tls_required,         // and there was none, or none that could be trusted
    not_supported,        // UTF-8 addresses, 8-bit content
    loop,                 // it goes in circles
    busy,                 // the server cannot now
    unreachable,          // no answer
    policy,               // rules that it does not name
    unclear,              // the words say nothing that we know
};

/// What is known of a failure. The views are only looked at.
struct remote_words {
    std::uint16_t code = 0;  // of the reply, RFC 5321 4.2; 0: there was none
    std::string_view
        enhanced;           // RFC 3463, "5.1.1"; "" when the reply had none. Ours when code is 0
    std::string_view text;  // as it came, any octets, the lines of a reply one behind the other
};

/// The known texts of Gmail, Microsoft, GMX and WEB.DE, Telekom, Yahoo and of the servers in common
/// use come first, since they say more than their codes; then RFC 3463, then RFC 5321 4.2.3. At most
/// the first 2048 octets of the text are read. Pure; never fails.
[[nodiscard]] reply_meaning meaning_of(const remote_words& words);

/// One or two sentences, UTF-8: what went wrong; what whoever wrote the message can do.
[[nodiscard]] std::string_view what_happened(reply_meaning meaning, language speech) noexcept;
[[nodiscard]] std::string_view what_to_do(reply_meaning meaning, language speech) noexcept;

}  // namespace hauspost::outbound
