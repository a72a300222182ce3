#pragma once

#include "base/awaitable.hpp"
#include "base/clock.hpp"
#include "protocols/ingest/arriving_message.hpp"
#include "server/delivery/routing.hpp"
#include "storage/delivery_store.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace hauspost::delivery {

/// What the server tells an owner.
struct owner_letter {
    std::string subject;  // UTF-8
    std::string text;     // UTF-8, lines end with CRLF
};

/// The letter as a message from a domain's postmaster to himself; it says that it is automatic, so
/// nothing answers it.
/// at  Unix seconds
[[nodiscard]] std::string write_letter(std::string_view domain,
                                       const owner_letter& letter,
                                       std::string_view hostname,
                                       std::int64_t at);

/// Writes to the postmaster of a domain: the owner, unless somebody else has that address. Only to
/// local mailboxes.
///
/// Lifetime: all that is passed in must outlive this object. Thread: any.
class owner_mail {
public:
    owner_mail(route_lookup& lookup,
               const routing_settings& settings,
               storage::delivery_store& delivery,
               const ingest::ports& arrivals,
               const clock& clock,
               std::string hostname);

    /// domain   in A-labels
    /// Returns  false, and logs why, when it lies in no mailbox
    /// Throws   storage::fault
    awaitable<bool> write(std::string domain, owner_letter letter);

    [[nodiscard]] std::int64_t now() const;  // Unix seconds

private:
    awaitable<bool> deliver(storage::mail_address postmaster, std::string text);

    route_lookup& lookup_;
    const routing_settings& settings_;
    storage::delivery_store& delivery_;
    const ingest::ports arrivals_;
    const clock& clock_;
    const std::string hostname_;
};

}  // namespace hauspost::delivery
