#pragma once

#include "base/awaitable.hpp"
#include "protocols/smtp/mailbox_address.hpp"
#include "server/delivery/directory_lookup.hpp"
#include "server/delivery/reverse_paths.hpp"
#include "server/delivery/routing.hpp"
#include "server/delivery/sink_config.hpp"

#include <cstdint>

namespace hauspost::delivery {

/// Where the mail of one transaction's recipients goes, as the peer wrote them: asked at RCPT, and by
/// another object at the end of data.
///
/// Lifetime: all that is passed in must outlive this object. One coroutine at a time.
class recipient_routes {
public:
    /// paths      null: no address leads back
    /// is_report  it has the null reverse-path: the only mail that addresses that lead back take
    recipient_routes(directory_lookup& lookup,
                     reverse_paths* paths,
                     const sink_config& config,
                     bool is_report)
        : lookup_(lookup),
          paths_(paths),
          config_(config),
          is_report_(is_report),
          routes_(lookup, config.routing) {}

    /// The canonical address, "" when it cannot be one. "RCPT TO:<postmaster>" must be taken, with or
    /// without a configured owner. RFC 5321 4.5.1.
    awaitable<storage::mail_address> name_of(smtp::mailbox_address recipient);

    /// name    of the recipient, by name_of
    /// octets  as for find_route
    awaitable<message_routes::found> find(smtp::mailbox_address recipient,
                                          storage::mail_address name,
                                          std::uint64_t octets);

private:
    awaitable<message_routes::found> lead_back(storage::mail_address sender, std::uint64_t octets);

    directory_lookup& lookup_;
    reverse_paths* const paths_;
    const sink_config& config_;
    const bool is_report_;
    message_routes routes_;
};

}  // namespace hauspost::delivery
