#pragma once

#include "base/awaitable.hpp"
#include "base/function_ref.hpp"
#include "storage/lmdb/staged.hpp"
#include "storage/lmdb/store_core.hpp"

#include <span>

namespace hauspost::storage::lmdb {

/// Lays the large ones of some bodies down, so that the writer has only to sync them. What can
/// refuse their operation is asked before.
///
/// refuse   (rows, whether room is low); lives until the call has returned
/// Refuses  what refuse says, disk_full, busy
[[nodiscard]] awaitable<error_code> lay_down_large(
    store_core& core,
    std::span<staged_body* const> bodies,
    function_ref<error_code(const txn&, bool is_room_low)> refuse);

/// What the writer has to lay down of them.
[[nodiscard]] std::size_t octets_in_memory(std::span<staged_body* const> bodies) noexcept;

}  // namespace hauspost::storage::lmdb
