#pragma once

#include "storage/lmdb/account_edit.hpp"
#include "storage/types.hpp"

#include <cstdint>

namespace hauspost::storage::lmdb {

/// Writes down what went from a mailbox with this edit's modseq, and counts it.
void write_vanished(write_context& context,
                    account_edit& edit,
                    mailbox_key box,
                    const mail::uid_ranges& ranges);

/// mailbox_store::vanished on an open transaction.
[[nodiscard]] vanished_uids find_vanished(const txn& within, mailbox_key box, std::uint64_t since);

/// How long and how many ranges a mailbox remembers.
struct vanished_limits {
    std::int64_t written_before = 0;  // Unix seconds: older ones are forgotten
    std::uint32_t most_ranges = 0;
};

/// Is there something to forget?
[[nodiscard]] bool has_old_vanished(const txn& within,
                                    mailbox_key box,
                                    const vanished_limits& most);

/// Forgets the oldest, `most_rows` rows at most. Raises the mailbox's vanished_floor and saves it.
/// Returns  how many rows went
std::size_t forget_vanished(write_context& context,
                            mailbox_key box,
                            const vanished_limits& most,
                            std::size_t most_rows);

}  // namespace hauspost::storage::lmdb
