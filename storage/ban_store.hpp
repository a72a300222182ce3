#pragma once

#include "base/awaitable.hpp"
#include "storage/ban.hpp"
#include "storage/errc.hpp"
#include "storage/fault.hpp"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace hauspost::storage {

/// The port to who may not try to sign in, so that it outlives a start. Whoever lets in or refuses goes by
/// his own memory; these rows are what he begins with, and what people look at.
///
/// Rows stay for a day after their end, so that it is known how often somebody was shut out. There are
/// max_bans at most; beyond them those go that end first.
///
/// Throws  storage::fault, all calls; nothing was changed then
/// Thread  any; all resume on the caller's executor. put and remove return after the commit has reached
///         the disk, may be refused as busy, and may end unsure
class ban_store {
public:
    static constexpr std::size_t max_bans = 10'000;
    static constexpr std::int64_t remembered_seconds = 24 * 3600;

    virtual ~ban_store() = default;

    /// It is written with the next change of the store, or alone some seconds later: who guesses passwords
    /// causes no commits. What is longer than a row may hold is not kept. Never waits.
    virtual void note(ban row) noexcept = 0;
    /// It is as if it had never been. Written as note is.
    virtual void note_end(ban_name name) noexcept = 0;

    /// All that are kept, and what is noted. A small read on the calling thread.
    virtual awaitable<std::vector<ban>> list() = 0;

    /// Refuses  invalid_name: it is longer than a row may hold
    virtual awaitable<error_code> put(ban row) = 0;
    /// Those that are not there are passed over.
    virtual awaitable<error_code> remove(std::vector<ban_name> names) = 0;
};

}  // namespace hauspost::storage
