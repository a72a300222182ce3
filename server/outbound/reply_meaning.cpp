#include "server/outbound/reply_meaning.hpp"

#include "base/ascii.hpp"

#include <optional>
#include <span>
#include <string>

namespace hauspost::outbound {
namespace {

using enum reply_meaning;

constexpr std::size_t max_read_octets = 2048;

struct known_words {
    std::string_view words;  // in lower case, single spaces
    reply_meaning meaning;
};

// Words that mean one thing wherever they stand. The order counts: who limits a rate speaks of
// reputation, who has a block list speaks of spam.
constexpr known_words clear_words[] = {
    // Of the sender's address, before what is said of recipients with the same words.
    {"sender address rejected: access denied", policy},
    {"sender address rejected", sender_refused},
    {"sender verify failed", sender_refused},
    {"domain of sender", sender_refused},
    {"sender domain must", sender_refused},
    {"bad sender", sender_refused},
    {"invalid sender", sender_refused},

    {"greylist", greylisted},
    {"graylist", greylisted},
    {"grey list", greylisted},

    {"rate limit", rate_limit},    // Microsoft 4.7.650, GMX
    {"ratelimit", rate_limit},     //
    {"rp-001", rate_limit},        // Microsoft
    {"unusual rate", rate_limit},  // Gmail 4.7.28
    {"mail too quickly", rate_limit},
    {"mail at a rate", rate_limit},
    {"too many connections", rate_limit},
    {"too many concurrent", rate_limit},
    {"concurrent connections", rate_limit},
    {"too many messages from", rate_limit},
    {"temporarily deferred", rate_limit},  // Yahoo [TSS04]
    {"[tss", rate_limit},
    {"thread limit exceeded", rate_limit},  // Microsoft 4.3.2
    {"throttl", rate_limit},
    {"try again later, closing connection", rate_limit},  // Gmail 4.7.0

    {"block list", block_list},  // Microsoft S3150, GMX
    {"blocklist", block_list},
    {"black list", block_list},
    {"blacklist", block_list},
    {"blocked using", block_list},  // Postfix
    {"spamhaus", block_list},
    {"spamcop", block_list},
    {"barracuda", block_list},
    {"dnsbl", block_list},
    {" rbl", block_list},
    {"banned sending ip", block_list},  // Microsoft 5.7.606 to 649
    {"s3140", block_list},
    {"s3150", block_list},
    {"sc-001", block_list},
    {"[bl2", block_list},                  // Yahoo
    {"tosa@rx.t-online.de", block_list},   // Telekom (BL)
    {"permanently deferred", block_list},  // Yahoo TSS

    {"none/bad reputation", reputation},  // Telekom (NOWL)
    {"reputation", reputation},
    {"dialup/transient", reputation},  // Telekom (DIAL)
    {"dynamic ip", reputation},
    {"dial-up", reputation},

    {"reverse dns", no_reverse_name},
    {"reverse hostname", no_reverse_name},
    {"find your hostname", no_reverse_name},
    {"ptr record", no_reverse_name},
    {"no ptr", no_reverse_name},
    {"rdns", no_reverse_name},

    {"unauthenticated", sender_not_proven},  // Gmail 5.7.26
    {"authentication information", sender_not_proven},
    {"authentication requirements", sender_not_proven},
    {"required authentication level", sender_not_proven},  // Microsoft 5.7.515
    {"pass authentication checks", sender_not_proven},
    {"authentication results", sender_not_proven},
    {"dmarc", sender_not_proven},
    {"dkim", sender_not_proven},
    {"spf ", sender_not_proven},  // GMX: "Reject due to SPF policy"

    {"over quota", mailbox_full},
    {"overquota", mailbox_full},
    {"quota exceeded", mailbox_full},
    {"quota limit", mailbox_full},
    {"out of storage", mailbox_full},  // Gmail 5.2.2
    {"storage quota", mailbox_full},   // Telekom
    {"mailbox full", mailbox_full},
    {"mailbox is full", mailbox_full},
    {"inbox is full", mailbox_full},
    {"exceeded storage allocation", mailbox_full},
    {"exhausted allowed storage", mailbox_full},
    {"too many messages on", mailbox_full},  // WEB.DE
    {"quotaexceeded", mailbox_full},

    {"size limit", too_large},
    {"message too large", too_large},
    {"message is too large", too_large},
    {"message too big", too_large},
    {"message size exceeds", too_large},
    {"maximum message size", too_large},
    {"exceeded maximum size", too_large},
    {"exceeds maximum", too_large},
    {"exceeds size", too_large},
    {"exceeds the maximum", too_large},

    {"starttls first", tls_required},
    {"must issue a starttls", tls_required},
    {"tls required", tls_required},  // Gmail 4.7.0
    {"encryption required", tls_required},

    {"security issue", attachment_refused},  // Gmail 5.7.0
    {"attachment", attachment_refused},
    {"file type", attachment_refused},
    {"executable", attachment_refused},

    {"recipientnotfound", unknown_recipient},  // Microsoft 5.1.10
    {"user unknown", unknown_recipient},
    {"unknown user", unknown_recipient},
    {"user is unknown", unknown_recipient},
    {"no such user", unknown_recipient},
    {"unknown recipient", unknown_recipient},
    {"recipient unknown", unknown_recipient},
    {"recipient not found", unknown_recipient},
    {"no such recipient", unknown_recipient},
    {"invalid recipient", unknown_recipient},
    {"unknown local part", unknown_recipient},
    {"no mailbox here", unknown_recipient},
    {"no such mailbox", unknown_recipient},
    {"mailbox not found", unknown_recipient},
    {"address that you tried to reach does not exist", unknown_recipient},
    {"account that you tried to reach does not exist", unknown_recipient},  // Gmail 5.1.1
    {"not a valid mailbox", unknown_recipient},
    {"doesn't have a", unknown_recipient},  // Yahoo
    {"nicht bekannt", unknown_recipient},   // WEB.DE
    {"not listed in domino", unknown_recipient},

    {"disabled", recipient_disabled},
    {"inactive", recipient_disabled},
    {"account closed", recipient_disabled},
    {"discontinued", recipient_disabled},
    {"no longer available", recipient_disabled},
    {"account is suspended", recipient_disabled},

    {"relay access denied", not_permitted},
    {"relaying denied", not_permitted},
    {"relay not permitted", not_permitted},
    {"unable to relay", not_permitted},
    {"only accepts messages from", not_permitted},
    {"not authorized to send", not_permitted},

    {"too many recipients", too_many_recipients},
    {"too many hops", loop},
    {"hop count exceeded", loop},
    {"mail loop", loop},

    {"unsolicited", content_refused},
    {"spam", content_refused},
    {"virus", content_refused},
    {"malware", content_refused},
    {"phishing", content_refused},
    {"suspicious", content_refused},
    {"junk", content_refused},
    {"content rejected", content_refused},
};

// Subject and detail of RFC 3463 and of its registry (RFC 5248, 7372, 7505, 8689).
constexpr known_words clear_codes[] = {
    {"1.1", unknown_recipient},
    {"1.2", unknown_domain},
    {"1.3", unknown_recipient},
    {"1.4", unknown_recipient},
    {"1.6", recipient_disabled},
    {"1.7", sender_refused},
    {"1.8", sender_refused},
    {"1.10", unknown_domain},
    {"2.1", recipient_disabled},
    {"2.2", mailbox_full},
    {"2.3", too_large},
    {"3.1", busy},
    {"3.2", busy},
    {"3.4", too_large},
    {"4.1", unreachable},
    {"4.2", unreachable},
    {"4.3", unreachable},
    {"4.4", unreachable},
    {"4.5", busy},
    {"4.6", loop},
    {"4.7", unreachable},
    {"5.3", too_many_recipients},
    {"6.3", not_supported},
    {"6.7", not_supported},
    {"7.2", not_permitted},
    {"7.4", tls_required},
    {"7.10", tls_required},
    {"7.11", tls_required},
    {"7.20", sender_not_proven},
    {"7.21", sender_not_proven},
    {"7.22", sender_not_proven},
    {"7.23", sender_not_proven},
    {"7.24", sender_not_proven},
    {"7.25", no_reverse_name},
    {"7.26", sender_not_proven},
    {"7.27", sender_refused},
    {"7.28", rate_limit},
    {"7.29", sender_not_proven},
    {"7.30", tls_required},
    {"7.515", sender_not_proven},  // Microsoft
    {"7.650", rate_limit},
};

// Words that mean something when nothing else does.
constexpr known_words vague_words[] = {
    {"does not exist", unknown_recipient},
    {"unrouteable address", unknown_recipient},
    {"mailbox unavailable", unknown_recipient},  // GMX, Microsoft: nobody has it
    {"quota", mailbox_full},
    {"too large", too_large},
    {"too many", rate_limit},
    {"later", busy},
    {"busy", busy},
    {"temporar", busy},
    {"policy", policy},
    {"denied", policy},
    {"blocked", policy},
    {"refused", policy},
};

// By the subject alone.
constexpr known_words subjects[] = {
    {"1", unknown_recipient}, {"2", unclear},       {"3", busy},   {"4", unreachable},
    {"5", unclear},           {"6", not_supported}, {"7", policy},
};

std::string readable_text(std::string_view text) {
    std::string out;
    for (const char c : text) {
        const bool is_space = c == ' ' || ascii::is_control(c);
        if (!is_space)
            out += ascii::to_lower(c);
        else if (!out.ends_with(' '))
            out += ' ';
    }
    return out;
}

std::optional<reply_meaning> find_words(std::span<const known_words> table, std::string_view text) {
    for (const auto& known : table)
        if (text.find(known.words) != std::string_view::npos) return known.meaning;
    return std::nullopt;
}

std::optional<reply_meaning> find_code(std::span<const known_words> table, std::string_view code) {
    for (const auto& known : table)
        if (code == known.words) return known.meaning;
    return std::nullopt;
}

reply_meaning by_reply_code(std::uint16_t code) noexcept {
    switch (code) {
    case 421:
    case 450:
    case 451:
    case 452: return busy;
    case 530: return tls_required;
    case 552: return mailbox_full;
    case 553: return unknown_recipient;
    case 554: return policy;
    default: return unclear;
    }
}

}  // namespace

reply_meaning meaning_of(const remote_words& words) {
    // ' ' in front: a word of the table may begin with one.
    const auto text = readable_text(" " + std::string(words.text.substr(0, max_read_octets)));
    if (const auto found = find_words(clear_words, text)) return *found;
    const auto dot = words.enhanced.find('.');
    const auto detail =
        dot == std::string_view::npos ? std::string_view() : words.enhanced.substr(dot + 1);
    if (const auto found = find_code(clear_codes, detail)) return *found;
    if (const auto found = find_words(vague_words, text)) return *found;
    const auto found = find_code(subjects, detail.substr(0, detail.find('.')));
    if (found && *found != unclear) return *found;
    return words.code == 0 && detail.empty() ? unreachable : by_reply_code(words.code);
}

}  // namespace hauspost::outbound
