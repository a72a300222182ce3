#pragma once

#include "protocols/smtp/client/send_outcome.hpp"
#include "server/outbound/mail_hosts.hpp"
#include "server/outbound/reply_meaning.hpp"
#include "server/outbound/retry_schedule.hpp"
#include "storage/queue_store.hpp"

#include <cstdint>
#include <string>

namespace hauspost::outbound {

enum class attempt_verdict : std::uint8_t {
    delivered,  // another server has it
    again,      // later perhaps
    failed,     // never
    untried,    // we stopped before its turn came
};

/// What became of one recipient by one attempt, in words that may be kept, logged and quoted.
struct attempt_result {
    attempt_verdict verdict = attempt_verdict::again;
    std::string reply;            // "550 5.1.1 no such user"; without a reply what we saw
    std::string host;             // "mx.b.test [192.0.2.1]"; "" before any was reached
    std::string tls;              // "TLSv1.3", "TLSv1.3 dane"; "" in the clear
    bool server_reports = false;  // it tells the sender itself what becomes of it (RFC 3461 5.2.2)
};

/// Of what a server, or our own client, said about a recipient.
[[nodiscard]] attempt_result result_of(const smtp::send_outcome& outcome);
/// Of a domain that has no hosts for us.
[[nodiscard]] attempt_result result_of(const mail_hosts& none);

/// What is known by attempt_result::reply, and by what the queue keeps of it: views into it.
[[nodiscard]] remote_words words_of(std::string_view kept_reply);

/// Nobody has the address, or there is no such domain.
[[nodiscard]] bool is_unknown_recipient(const attempt_result& result);

/// What the queue is to do with the recipient, and whether its sender is to be told: never about a
/// message without a sender, nor when he has asked for silence (RFC 3461 4.1).
/// row  as it was claimed
[[nodiscard]] storage::queue_outcome outcome_of(const storage::queue_item& item,
                                                const storage::queue_recipient& row,
                                                const attempt_result& result,
                                                const retry_settings& retry,
                                                std::int64_t now);

/// Of a recipient whose mail has arrived, and of which nobody has to be told by us.
[[nodiscard]] storage::queue_outcome done_outcome(const storage::queue_item& item,
                                                  const storage::queue_recipient& row,
                                                  const attempt_result& result);

/// Does the sender want to hear of this? RFC 3461 4.1: without NOTIFY of failures and delays.
/// event  "SUCCESS", "FAILURE" or "DELAY"
[[nodiscard]] bool wants_notice(const storage::queue_item& item,
                                const storage::queue_recipient& row,
                                std::string_view event);

}  // namespace hauspost::outbound
