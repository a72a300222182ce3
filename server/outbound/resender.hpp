#pragma once

#include "base/awaitable.hpp"
#include "base/clock.hpp"
#include "base/worker_pool.hpp"
#include "protocols/smtp/server/mail_sink.hpp"
#include "storage/blob_store.hpp"
#include "storage/mail_address.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace hauspost::outbound {

/// What became of a message that was to be sent once more.
struct resent {
    enum class verdict : std::uint8_t { taken, gone, nobody, refused, disk_full, busy };
    verdict how = verdict::busy;
    std::string id;  // of taken: as the trace knows it
};

/// The fields that say who has sent a message once more, to whom and when. RFC 5322 3.6.6
/// by, to    addresses; ASCII, or `to` is not when the message is for SMTPUTF8
/// hostname  of its id
/// at        Unix seconds
[[nodiscard]] std::string resent_fields(std::string_view by,
                                        std::string_view to,
                                        std::string_view hostname,
                                        std::int64_t at);

/// Sends a stored message to another address: the octets as they are, with Resent fields in front, by
/// the routing, the limits and the queue that all mail goes by.
///
/// It is not signed as its author's, whoever stands in From: a stranger may have written that. What
/// leaves counts as sent on by `by` (smtp::envelope::sent_on_by), so that another author may stand in its
/// From where his domain would have it refused.
///
/// Lifetime: what is passed in must outlive it. Thread: any.
class resender {
public:
    /// sink     that delivers everywhere
    /// workers  that look at octets
    resender(smtp::mail_sink& sink,
             storage::blob_store& blobs,
             worker_pool& workers,
             const clock& time,
             std::string hostname)
        : sink_(sink),
          blobs_(blobs),
          workers_(workers),
          time_(time),
          hostname_(std::move(hostname)) {}

    /// to, by  canonical; by is of a domain of ours, and gets reports
    /// Throws  storage::fault
    awaitable<resent> send(blob_id blob, storage::mail_address to, storage::mail_address by);

private:
    struct kind;

    awaitable<resent::verdict> look_at(blob_id blob, kind& into);
    awaitable<resent> hand_on(blob_id blob, std::shared_ptr<const smtp::envelope> envelope);

    smtp::mail_sink& sink_;
    storage::blob_store& blobs_;
    worker_pool& workers_;
    const clock& time_;
    const std::string hostname_;
};

}  // namespace hauspost::outbound
