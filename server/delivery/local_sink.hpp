#pragma once

#include "base/clock.hpp"
#include "protocols/ingest/arriving_message.hpp"
#include "protocols/smtp/server/mail_sink.hpp"
#include "server/delivery/directory_lookup.hpp"
#include "server/delivery/message_signer.hpp"
#include "server/delivery/owner_report.hpp"
#include "server/delivery/reverse_paths.hpp"
#include "server/delivery/sender_limits.hpp"
#include "server/delivery/sink_config.hpp"
#include "storage/delivery_store.hpp"
#include "storage/directory_store.hpp"

#include <atomic>
#include <memory>

namespace hauspost::delivery {

/// What is done with mail that leaves. null: nothing.
struct way_out {
    /// For a sink that takes the mail of people who have logged in, and the server's own: a stranger
    /// may write any address into From, and our signature would make it true.
    message_signer* signer = nullptr;
    /// How forwards leave by another reverse-path (sink_config::rewrite_forwards), and reports to
    /// such paths find their way back, whether any are made now or not.
    reverse_paths* paths = nullptr;
    /// For a sink that takes the mail of people who have logged in: how much that may be.
    sender_limits* limits = nullptr;
};

/// Takes the mail of SMTP sessions into the store: to local mailboxes and, for aliases and forwards
/// that point elsewhere, into the queue. All copies of one message come in by one commit and its
/// octets are kept once. Who gets what is decided by recipient_routes and message_targets.
///
/// Lifetime: all that is passed in must outlive this object, and this object the messages begun.
/// Thread: any, many at a time.
class local_sink final : public smtp::mail_sink {
public:
    local_sink(storage::directory_store& directory,
               storage::delivery_store& delivery,
               const ingest::ports& arrivals,
               const clock& clock,
               sink_config config,
               const way_out& leaving = {});

    /// Whether the trace says what messages are about, from now on. Thread: any.
    void trace_subjects(bool wanted) noexcept { traces_subjects_ = wanted; }

    std::unique_ptr<smtp::recipient_check> check_recipients(
        const smtp::mailbox_address& reverse_path) override;
    awaitable<std::unique_ptr<smtp::incoming_message>> begin(
        std::shared_ptr<const smtp::envelope> envelope) override;

private:
    class check;
    class incoming;

    directory_lookup lookup_;
    storage::delivery_store& delivery_;
    const ingest::ports arrivals_;
    const clock& clock_;
    const sink_config config_;
    std::atomic<bool> traces_subjects_;
    const way_out leaving_;
    owner_report report_;
};

}  // namespace hauspost::delivery
