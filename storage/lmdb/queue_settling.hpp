#pragma once

#include "storage/lmdb/queue_rows.hpp"
#include "storage/lmdb/write_context.hpp"
#include "storage/queue_outcome.hpp"

namespace hauspost::storage::lmdb {

/// Takes a recipient out of the queue, with the message's octets when it was the last one.
void take_out(write_context& context,
              queue_edit& edit,
              const queue_item& item,
              const queue_recipient& recipient);

/// All of the recipients are under the lease.
[[nodiscard]] bool is_held(const txn& within, const claimed_outcomes& claimed);
/// Those that are not under the lease any more stay as they are.
void settle_claimed(write_context& context, queue_edit& edit, const claimed_outcomes& claimed);

}  // namespace hauspost::storage::lmdb
