#pragma once

#include "base/clock.hpp"
#include "protocols/ingest/arriving_message.hpp"
#include "protocols/smtp/server/mail_sink.hpp"
#include "server/delivery/directory_lookup.hpp"
#include "server/delivery/owner_report.hpp"
#include "server/delivery/routing.hpp"
#include "server/delivery/sink_config.hpp"
#include "storage/delivery_store.hpp"
#include "storage/directory_store.hpp"

#include <cstddef>
#include <memory>
#include <string>

namespace hauspost::delivery {

/// Takes the mail of SMTP sessions into the store: to local mailboxes and, for aliases and forwards
/// that point elsewhere, into the queue. All copies of one message come in by one commit and its
/// octets are kept once.
///
/// Lifetime: all that is passed in must outlive this object, and this object the messages begun.
/// Thread: any, many at a time.
class local_sink final : public smtp::mail_sink {
public:
    local_sink(storage::directory_store& directory,
               storage::delivery_store& delivery,
               const ingest::ports& arrivals,
               const clock& clock,
               sink_config config);

    std::unique_ptr<smtp::recipient_check> check_recipients() override;
    awaitable<std::unique_ptr<smtp::incoming_message>> begin(
        std::shared_ptr<const smtp::envelope> envelope) override;

private:
    class check;
    class incoming;

    awaitable<storage::mail_address> name_of(smtp::mailbox_address recipient);

    directory_lookup lookup_;
    storage::delivery_store& delivery_;
    const ingest::ports arrivals_;
    const clock& clock_;
    const sink_config config_;
    owner_report report_;
};

}  // namespace hauspost::delivery
