#pragma once

#include "base/function_ref.hpp"
#include "storage/lmdb/env.hpp"

#include <cstdint>
#include <string>
#include <unordered_map>

namespace hauspost::storage::lmdb {

/// How many rows point to each blob.
using blob_counts = std::unordered_map<blob_id, std::uint32_t>;

struct account_figures {
    std::uint64_t mailboxes = 0;
    std::uint64_t messages = 0;
};

/// The first account from `from` on that any row of mail belongs to; 0: none.
[[nodiscard]] account_id next_account_of_rows(const txn& within, account_id from);

/// The part of `check` for the mail of one account: all of it lies in one snapshot. Calls
/// find(difference) for each that there is, and counts the references to blobs.
account_figures check_account(const txn& within,
                              account_id account,
                              blob_counts& references,
                              function_ref<void(std::string)> find);

}  // namespace hauspost::storage::lmdb
