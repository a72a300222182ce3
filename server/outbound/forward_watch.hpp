#pragma once

#include "base/awaitable.hpp"
#include "base/clock.hpp"
#include "server/outbound/attempt_result.hpp"
#include "server/outbound/delivery_settings.hpp"
#include "server/outbound/owner_letter.hpp"
#include "storage/forward_store.hpp"
#include "storage/queue_item.hpp"

#include <chrono>
#include <cstdint>
#include <string>

namespace hauspost::outbound {

/// Ends forwards to addresses that are not there any more. Mail that goes there all the same costs
/// the senders a bounce each, and our server its name. After `refusals` of them within `span`, none
/// delivered between, the target gets nothing until somebody resumes it or changes the forward; mail
/// stays in the account then, and the owner is told, before it is so: of a crash between the two he
/// hears twice.
///
/// Lifetime: what is passed in must outlive it. Thread: any, many at a time.
class forward_watch {
public:
    static constexpr std::uint32_t refusals = 3;  // at least forward_store::refusals_apart apart
    static constexpr std::chrono::hours span{7 * 24};

    forward_watch(storage::forward_store& forwards,
                  owner_letters& letters,
                  const clock& time,
                  const delivery_settings& settings)
        : forwards_(forwards), letters_(letters), time_(time), settings_(settings) {}

    /// What became of a recipient by an attempt. Never throws: a fault is logged, since what another
    /// server has taken is to be settled all the same.
    awaitable<void> note(const storage::queue_recipient& row, const attempt_result& result);

private:
    awaitable<void> count(const storage::queue_recipient& row, const attempt_result& result);
    awaitable<void> suspend(storage::forward_state state);

    storage::forward_store& forwards_;
    owner_letters& letters_;
    const clock& time_;
    const delivery_settings& settings_;
};

/// The words of a server, or ours, say that nobody has the address and nobody will.
/// reply  as attempt_result has it
[[nodiscard]] bool says_nobody_is_there(std::string_view reply);

}  // namespace hauspost::outbound
