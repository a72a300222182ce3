#include "server/outbound/attempt_result.hpp"

#include "base/ascii.hpp"
#include "protocols/smtp/esmtp_params.hpp"

#include <algorithm>
#include <string_view>

namespace hauspost::outbound {
namespace {

/// Without a reply: what is wrong, as a line of a report. RFC 3463
std::string own_words(const smtp::send_outcome& outcome) {
    using smtp::send_reason;
    switch (outcome.reason) {
    case send_reason::replied: return outcome.reply.to_line();
    case send_reason::lost: return "connection lost: " + outcome.error.message();
    case send_reason::timed_out: return "no answer in time";
    case send_reason::not_smtp: return "the answer was not SMTP";
    case send_reason::unsure:
        return "connection lost behind the message: it may have been delivered";
    case send_reason::injected: return "octets in the clear behind the reply to STARTTLS";
    case send_reason::no_tls: return "no TLS";
    case send_reason::tls_failed: return "TLS failed: " + outcome.error.message();
    case send_reason::no_login: return "no way to log in";
    case send_reason::too_big: return "5.3.4 the message is larger than the server takes";
    case send_reason::needs_8bitmime: return "5.6.3 the server takes no 8-bit text";
    case send_reason::needs_binarymime: return "5.6.3 the server takes no binary text";
    case send_reason::needs_smtputf8: return "5.6.7 the server takes no addresses in UTF-8";
    case send_reason::needs_requiretls: return "5.7.30 the server does not promise TLS";
    case send_reason::bad_address: return "5.1.3 the address cannot be said to a server";
    case send_reason::source_failed: return "the message could not be read";
    case send_reason::next_transaction:
    case send_reason::next_connection: return "the server takes no more at once";
    }
    return "unknown";
}

bool is_permanent_lack(smtp::send_reason reason) {
    using smtp::send_reason;
    return reason == send_reason::too_big || reason == send_reason::needs_8bitmime ||
           reason == send_reason::needs_binarymime || reason == send_reason::needs_smtputf8 ||
           reason == send_reason::needs_requiretls || reason == send_reason::bad_address;
}

bool is_status(std::string_view word) {
    return word.size() >= 5 && (word[0] == '2' || word[0] == '4' || word[0] == '5') &&
           word[1] == '.' && std::ranges::count(word, '.') == 2;
}

/// Takes the first word off.
std::string_view take_word(std::string_view& text) {
    const auto word = text.substr(0, text.find(' '));
    text.remove_prefix(std::min(text.size(), word.size() + 1));
    return word;
}

storage::queue_outcome plain_outcome(const storage::queue_item& item,
                                     const storage::queue_recipient& row,
                                     const attempt_result& result) {
    storage::queue_outcome outcome;
    outcome.id = item.id;
    outcome.number = row.number;
    outcome.reply = result.reply;
    outcome.host = result.host;
    outcome.tls = result.tls;
    return outcome;
}

storage::queue_outcome told(storage::queue_outcome outcome, storage::queue_state state) {
    outcome.what = storage::queue_outcome::end::report;
    outcome.state = state;
    return outcome;
}

}  // namespace

attempt_result result_of(const smtp::send_outcome& outcome) {
    attempt_result made;
    switch (outcome.verdict) {
    case smtp::send_verdict::delivered: made.verdict = attempt_verdict::delivered; break;
    case smtp::send_verdict::permanent: made.verdict = attempt_verdict::failed; break;
    case smtp::send_verdict::temporary: made.verdict = attempt_verdict::again; break;
    case smtp::send_verdict::postponed: made.verdict = attempt_verdict::untried; break;
    }
    if (is_permanent_lack(outcome.reason)) made.verdict = attempt_verdict::failed;
    made.reply = outcome.reply.code != 0 ? outcome.reply.to_line() : own_words(outcome);
    return made;
}

attempt_result result_of(const mail_hosts& none) {
    attempt_result made;
    made.verdict = is_permanent(none.verdict) ? attempt_verdict::failed : attempt_verdict::again;
    made.reply = std::string(enhanced_status(none.verdict)) + ' ' + none.why;
    return made;
}

remote_words words_of(std::string_view kept_reply) {
    remote_words words;
    auto rest = kept_reply;
    auto word = take_word(rest);
    if (word.size() == 3 && std::ranges::all_of(word, ascii::is_digit)) {
        words.code = static_cast<std::uint16_t>((word[0] - '0') * 100 + (word[1] - '0') * 10 +
                                                (word[2] - '0'));
        kept_reply = rest;
        word = take_word(rest);
    }
    if (is_status(word)) {
        words.enhanced = word;
        kept_reply = rest;
    }
    words.text = kept_reply;
    return words;
}

bool is_unknown_recipient(const attempt_result& result) {
    if (result.verdict != attempt_verdict::failed) return false;
    const auto meaning = meaning_of(words_of(result.reply));
    return meaning == reply_meaning::unknown_recipient || meaning == reply_meaning::unknown_domain;
}

bool wants_notice(const storage::queue_item& item,
                  const storage::queue_recipient& row,
                  std::string_view event) {
    return !item.reverse_path.empty() && smtp::asks_for_notice(row.notify, event);
}

storage::queue_outcome done_outcome(const storage::queue_item& item,
                                    const storage::queue_recipient& row,
                                    const attempt_result& result) {
    auto outcome = plain_outcome(item, row, result);
    outcome.trace = storage::trace_step::delivered;
    outcome.what = storage::queue_outcome::end::done;
    return outcome;
}

storage::queue_outcome outcome_of(const storage::queue_item& item,
                                  const storage::queue_recipient& row,
                                  const attempt_result& result,
                                  const retry_settings& retry,
                                  std::int64_t now) {
    using storage::queue_outcome;
    using storage::queue_state;
    auto outcome = plain_outcome(item, row, result);
    switch (result.verdict) {
    case attempt_verdict::untried: outcome.what = queue_outcome::end::release; return outcome;
    case attempt_verdict::delivered:
        if (!result.server_reports && wants_notice(item, row, "SUCCESS")) {
            outcome.trace = storage::trace_step::delivered;
            return told(std::move(outcome), queue_state::owes_relayed);
        }
        return done_outcome(item, row, result);
    case attempt_verdict::again:
        outcome.due_at = next_attempt(retry, row.attempts, now);
        outcome.what = queue_outcome::end::again;
        outcome.trace = storage::trace_step::postponed;
        if (!is_time_over(retry, item.begins_at(), outcome.due_at)) return outcome;
        break;
    case attempt_verdict::failed: break;
    }
    outcome.trace = storage::trace_step::failed;
    if (wants_notice(item, row, "FAILURE"))
        return told(std::move(outcome), queue_state::owes_failed);
    outcome.what = queue_outcome::end::done;
    return outcome;
}

}  // namespace hauspost::outbound
