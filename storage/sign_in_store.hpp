#pragma once

#include "base/awaitable.hpp"
#include "storage/fault.hpp"
#include "storage/sign_in.hpp"

#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace hauspost::storage {

/// The port to who was last let in to each account, by each door: one row for each of the two, which goes with the
/// account.
///
/// Throws  storage::fault, all calls but note
/// Thread  any; awaitables resume on the caller's executor. All are small reads on the calling thread
class sign_in_store {
public:
    /// The same from the same network is written once in this time.
    static constexpr std::chrono::seconds refreshed_after{std::chrono::minutes(5)};

    virtual ~sign_in_store() = default;

    /// Somebody was let in. It is written with the next change of the store, or alone some seconds later. Never
    /// waits.
    virtual void note(const sign_in& seen) noexcept = 0;

    /// By each door by which anybody ever was, the latest first.
    virtual awaitable<std::vector<last_sign_in>> find(account_id account) = 0;
    /// The latest of each of these accounts; those that nobody has used are missing.
    virtual awaitable<std::map<account_id, last_sign_in>> latest(
        std::vector<account_id> accounts) = 0;
    /// Which accounts were used from where, at most so many: by what a start knows them again.
    virtual awaitable<std::vector<std::pair<account_id, std::string>>> networks(
        std::size_t most) = 0;
};

}  // namespace hauspost::storage
