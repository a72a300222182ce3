#pragma once

#include "base/awaitable.hpp"
#include "base/result.hpp"
#include "storage/audit_entry.hpp"
#include "storage/errc.hpp"
#include "storage/fault.hpp"

namespace hauspost::storage {

/// The port to the audit log.
///
/// An entry is begun, by a commit of its own, before what it tells of is done, and completed
/// afterwards. So nothing is ever done that leaves no entry: after a crash between the two it is
/// there and says that nobody knows the end. In the commit of the change itself it would need to be
/// handed through each write of each port; only afterwards a crash would lose it silently.
///
/// Entries go after a time of their own, and the oldest when there are max_entries.
///
/// Throws  storage::fault, all calls; nothing was changed then
/// Thread  any; all resume on the caller's executor. Writes return after the commit has reached the
///         disk, may be refused as busy, and may end unsure
class audit_store {
public:
    static constexpr std::size_t max_entries = 200'000;

    virtual ~audit_store() = default;

    /// Returns  its place, later than that of all before, whatever the clock says
    virtual awaitable<result<audit_place>> begin(audit_entry entry) = 0;
    /// What is known now; nothing happens when the entry is gone.
    virtual awaitable<error_code> complete(audit_entry entry) = 0;
    /// Nothing was done.
    virtual awaitable<error_code> forget(audit_place place) = 0;

    /// A page, on a reader thread; walks the entries of the time, some 100 ms for all that there may
    /// be.
    /// Refuses  busy
    virtual awaitable<result<audit_page>> list(audit_query wanted) = 0;
};

}  // namespace hauspost::storage
