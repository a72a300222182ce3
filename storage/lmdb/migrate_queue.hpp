#pragma once

#include "storage/lmdb/env.hpp"
#include "storage/queue_item.hpp"

#include <cstdint>
#include <string>
#include <string_view>

/// The queue as formats up to 8 had it: one row of table "queue" for a message with all its
/// recipients, and one of table "due" for both (due time u64, queue id u64).
namespace hauspost::storage::lmdb {

struct queue_row_8 {
    queue_item item;  // recipients with address, ORCPT, NOTIFY and attempts
    bool held = false;
    std::int64_t due_at = 0;
};

[[nodiscard]] std::string encode(const queue_row_8& row);
[[nodiscard]] queue_row_8 decode_queue_8(std::string_view octets);

/// 8 -> 9: each recipient has a row and a time of its own.
void split_queue(write_txn& tx);

}  // namespace hauspost::storage::lmdb
