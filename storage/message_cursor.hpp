#pragma once

#include "base/awaitable.hpp"
#include "base/function_ref.hpp"
#include "base/result.hpp"
#include "storage/message.hpp"

namespace hauspost::storage {

/// A walk over messages of a mailbox in ascending order, slice by slice; begun by
/// mailbox_store::walk. The engine sets how much a slice is, at most some 0.5 ms of the calling
/// thread; it may wait for one, and read ahead. Between two slices others run, and of what is
/// committed meanwhile some may be seen.
///
/// Lifetime: shorter than its store's. Thread: any, one call at a time; resumes on the caller's
/// executor.
class message_cursor {
public:
    virtual ~message_cursor() = default;

    /// No message is left.
    [[nodiscard]] virtual bool is_done() const noexcept = 0;

    /// Visits the messages of the next slice; none when it is done. The views end with each visit,
    /// and a visit must not wait: it may stand in a transaction.
    ///
    /// visit    returns false to end the slice after this message
    /// Refuses  busy
    /// Throws   storage::fault
    virtual awaitable<error_code> next(function_ref<bool(const message_view&)> visit) = 0;
};

}  // namespace hauspost::storage
