#pragma once

#include "base/awaitable.hpp"
#include "base/clock.hpp"
#include "protocols/ingest/arriving_message.hpp"
#include "server/delivery/owner_mail.hpp"
#include "server/delivery/routing.hpp"
#include "storage/delivery_store.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

namespace hauspost::delivery {

/// Targets that get nothing, behind one alias or forward.
struct lost_mail {
    storage::mail_address recipient;  // where the mail arrived
    std::vector<lost_target> targets;
};

/// Writes to a domain's postmaster (the owner, unless somebody else has that address) when an alias
/// or forward leads to nobody. Once a day for each pair of recipient and target, so that strangers
/// cannot fill the mailbox; in memory, so after a restart again.
///
/// Lifetime: all that is passed in must outlive this object. Thread: any.
class owner_report {
public:
    static constexpr std::int64_t silence_seconds = 24 * 60 * 60;
    static constexpr std::size_t max_remembered = 1000;  // pairs; beyond that nothing is written

    owner_report(route_lookup& lookup,
                 const routing_settings& settings,
                 storage::delivery_store& delivery,
                 const ingest::ports& arrivals,
                 const clock& clock,
                 std::string hostname)
        : mail_(lookup, settings, delivery, arrivals, clock, std::move(hostname)) {}

    /// Never throws: what cannot be delivered is logged. Only to local mailboxes.
    awaitable<void> write(const std::vector<lost_mail>& lost);

private:
    /// Leaves the targets of which nothing was written for a day, and notes them.
    void forget(const lost_mail& unwritten);
    [[nodiscard]] lost_mail without_known(const lost_mail& lost, std::int64_t now);

    owner_mail mail_;
    std::mutex mutex_;
    std::map<std::pair<std::string, std::string>, std::int64_t> written_;  // when
};

}  // namespace hauspost::delivery
