#pragma once

#include "base/ids.hpp"
#include "storage/mail_address.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

/// Values of mail that waits to leave.
namespace hauspost::storage {

/// What has become of a recipient.
enum class queue_state : std::uint8_t {
    waiting = 0,
    // The message is done with it, and its sender is to be told so (RFC 3461 5.2).
    owes_delivered = 1,
    owes_relayed = 2,
    owes_failed = 3,
};

/// Who comes first when both are due.
enum class queue_lane : std::uint8_t { people = 0, bulk = 1 };

struct queue_recipient {
    mail_address to;
    std::string original;           // RFC 3461 4.1: ORCPT as given, "type;xtext". Empty: default
    std::string notify;             // "NEVER", or a list of SUCCESS, FAILURE, DELAY. Empty: default
    std::uint16_t attempts = 0;     // begun
    std::int64_t due_at = 0;        // Unix seconds; while it is leased, the lease's end
    std::int64_t attempted_at = 0;  // the last time; 0: never
    std::uint32_t number = 0;       // within its message; given by the store
    queue_state state = queue_state::waiting;
    bool held = false;            // by an operator: never due
    bool delay_told = false;      // its sender knows that it takes longer
    std::uint64_t lease = 0;      // of who works on it; 0: nobody
    std::string last_reply = {};  // of the other server, or why there was none
    std::string last_host = {};   // the other server: "name [address]"
    std::string last_tls = {};    // "TLSv1.3 dane"; "": in the clear, or none

    static constexpr std::size_t max_reply_octets = 512;  // longer ones are cut by the store
};

struct queue_item {
    queue_id id;                // given by the store
    account_id sender;          // who submitted it; 0: another server, or we ourselves
    mail_address reverse_path;  // empty: the null reverse-path <>
    std::vector<queue_recipient> recipients;  // one at least
    std::string envelope_id;                  // ENVID
    std::string ret;                          // FULL or HDRS
    bool smtputf8 = false;
    bool is_8bit = false;
    bool requires_tls = false;          // RFC 8689
    bool ignores_tls_policies = false;  // RFC 8689 5: "TLS-Required: No"
    queue_lane lane = queue_lane::people;
    blob_id blob;
    std::string prefix;  // header lines before the blob's octets
    std::uint64_t octets = 0;
    std::int64_t created_at = 0;  // Unix seconds
};

}  // namespace hauspost::storage
