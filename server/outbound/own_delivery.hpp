#pragma once

#include "base/awaitable.hpp"
#include "protocols/smtp/server/mail_sink.hpp"
#include "server/outbound/attempt_result.hpp"
#include "storage/blob_store.hpp"
#include "storage/directory_store.hpp"
#include "storage/queue_store.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace hauspost::outbound {

/// Gives mail of the queue to recipients of our own domains, by routing as any mail: what waited for
/// its time (RFC 4865). What the sink takes is settled by the same commit, so none of it ever comes twice.
///
/// Lifetime: all that is passed in must outlive it. Thread: any, many at a time.
class own_delivery {
public:
    /// sink  delivers everywhere
    own_delivery(smtp::mail_sink& sink,
                 storage::blob_store& blobs,
                 storage::directory_store& directory)
        : sink_(sink), blobs_(blobs), directory_(directory) {}

    /// Is this a domain of ours now?
    awaitable<bool> is_for(std::string domain);
    /// Returns  in the order of the claim's items and their recipients
    /// Throws   storage::fault
    /// Lifetime the claim must outlive the call
    awaitable<std::vector<attempt_result>> run(const storage::queue_claim& claim);

private:
    awaitable<std::vector<attempt_result>> deliver(const storage::queue_item& item,
                                                   std::uint64_t lease);
    awaitable<smtp::delivery_verdict> store(const storage::queue_item& item,
                                            std::vector<smtp::envelope_recipient> to,
                                            storage::claimed_outcomes settles);

    smtp::mail_sink& sink_;
    storage::blob_store& blobs_;
    storage::directory_store& directory_;
};

}  // namespace hauspost::outbound
