#pragma once

#include "storage/lmdb/env.hpp"
#include "storage/overview_store.hpp"

#include <cstdint>
#include <mutex>
#include <optional>
#include <vector>

namespace hauspost::storage::lmdb {

/// Remembers which accounts something is wrong with, so that not each look walks over all of them.
///
/// Thread: any.
class known_troubles {
public:
    static constexpr std::int64_t good_for = 60;

    /// They were not looked for within that time. now: Unix seconds
    [[nodiscard]] bool is_outdated(std::int64_t now) const;
    /// Looks at all accounts: some microseconds for each.
    void walk(environment& env, std::int64_t now);
    /// Those of the last walk that still are, as they are now.
    [[nodiscard]] account_troubles read(environment& env) const;

private:
    mutable std::mutex mutex_;
    std::vector<account_id> full_;
    std::vector<account_id> hijacked_;
    std::optional<std::int64_t> walked_at_;
};

}  // namespace hauspost::storage::lmdb
