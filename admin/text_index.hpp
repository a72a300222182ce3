#pragma once

#include "base/awaitable.hpp"
#include "base/ids.hpp"

#include <cstdint>
#include <optional>

namespace hauspost::admin {

/// How far the full-text index of all mail is.
struct index_figures {
    index_figures() = default;
    std::uint64_t accounts_ready = 0;    // searches ask their indexes
    std::uint64_t accounts_waiting = 0;  // that are to be looked at, or are being indexed
    std::uint64_t messages = 0;          // in the indexes that are ready, each once
    std::uint64_t octets = 0;            // of all their files
};

/// The port to the full-text index of a running server; implemented in server/ over storage/index.
///
/// Throws  what the file system throws
/// Thread  any; all resume on the caller's executor
class text_index {
public:
    virtual ~text_index() = default;
    /// Returns  nullopt when too much work waits
    virtual awaitable<std::optional<index_figures>> look() = 0;
    /// Drops an account's index, or all of them, and begins to build it anew; until it is there
    /// searches read all messages.
    virtual void rebuild(std::optional<account_id> account) = 0;
};

}  // namespace hauspost::admin
