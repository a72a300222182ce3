#pragma once

#include "base/clock.hpp"
#include "base/ids.hpp"

#include <chrono>
#include <compare>
#include <cstddef>
#include <map>
#include <mutex>
#include <optional>

namespace hauspost::imap {

/// RENAME of a tree changes all its names in one transaction, since a client must not see half of
/// it; so others' changes wait for it, 3 us for each mailbox. An account that has renamed many
/// waits before the next large tree, so that this is less than a hundredth of the writer's time.
/// Thread: any.
class rename_gate {
public:
    struct account {
        const void* store = nullptr;  // tests have several
        account_id id;
        friend auto operator<=>(const account&, const account&) = default;
    };

    /// Smaller trees pass freely.
    static constexpr std::size_t large_tree = 200;
    static constexpr std::chrono::milliseconds gap_for_each_mailbox{1};
    static constexpr std::chrono::seconds longest_wait{10};

    /// That of all sessions of the process.
    static rename_gate& shared();

    /// When the rename may begin; nobody else gets the time behind it.
    /// nullopt: that is more than longest_wait from now, and nothing was taken
    [[nodiscard]] std::optional<steady_time> take(const account& of,
                                                  steady_time now,
                                                  std::size_t mailboxes);
    /// What was taken in a store that goes: the next one may stand at the same address.
    void forget(const void* store);

private:
    std::mutex mutex_;
    std::map<account, steady_time> free_at_;  // those of whom it is in the future
};

}  // namespace hauspost::imap
