#pragma once

#include "base/function_ref.hpp"
#include "mail/uids.hpp"
#include "storage/lmdb/env.hpp"
#include "storage/lmdb/schema.hpp"
#include "storage/mailbox.hpp"

#include <cstdint>
#include <span>

namespace hauspost::storage::lmdb {

/// Flags stand in blocks of 64 UIDs (docs/storage_format.md).
[[nodiscard]] constexpr std::uint32_t block_of(uid id) {
    return id.value() / 64;
}
[[nodiscard]] constexpr unsigned index_of(uid id) {
    return id.value() % 64;
}

/// An empty one when there is none.
[[nodiscard]] schema::flag_block load_block(const txn& within,
                                            mailbox_key box,
                                            std::uint32_t block);

/// Calls visit(block number, view, bits) for each block of the mailbox that has wanted UIDs.
/// visit returns false to stop.
void walk_blocks(
    const txn& within,
    mailbox_key box,
    std::span<const mail::uid_range> ranges,
    function_ref<bool(std::uint32_t, const schema::flag_block_view&, std::uint64_t)> visit);

}  // namespace hauspost::storage::lmdb
