#pragma once

#include "base/clock.hpp"
#include "server/delivery/sender_limits.hpp"
#include "server/outbound/sending_settings.hpp"
#include "storage/directory_store.hpp"
#include "storage/sender_store.hpp"

#include <memory>
#include <mutex>
#include <optional>
#include <string>

namespace hauspost::outbound {

/// Why somebody may not send a message.
struct refused_submission {
    bool is_frozen = false;  // else: later
    std::string why;         // one line of printable ASCII
};

/// How much the people of this server may send: the one place for all doors by which they do.
///
/// The store decides, in the transaction that takes the message and counts it, so that of two
/// messages for the last place one is refused. What is asked here before spares its sender the way.
/// Every recipient of an envelope counts, here and elsewhere; new ones are those at other servers
/// alone: a word to all staff is no sign of anything, and no list of blocked servers hears of it.
///
/// Lifetime: all that is passed in must outlive it. Thread: any.
class sending_limits final : public delivery::sender_limits {
public:
    sending_limits(storage::directory_store& directory,
                   storage::sender_store& senders,
                   const clock& time,
                   const sending_settings& settings)
        : directory_(directory), senders_(senders), time_(time), settings_(settings) {}

    /// For the messages to come.
    void set(const sending_settings& settings);
    [[nodiscard]] sending_settings settings() const;

    awaitable<storage::submission> count(std::shared_ptr<const smtp::envelope> envelope) override;
    awaitable<std::string> explain(storage::submission refused, std::string login) override;

    /// nullopt: nothing stands against it now.
    /// Throws  storage::fault
    awaitable<std::optional<refused_submission>> find_refusal(storage::submission wanted,
                                                              std::string login);

private:
    storage::directory_store& directory_;
    storage::sender_store& senders_;
    const clock& time_;
    mutable std::mutex mutex_;
    sending_settings settings_;
};

}  // namespace hauspost::outbound
