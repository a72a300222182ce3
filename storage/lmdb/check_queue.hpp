#pragma once

#include "base/function_ref.hpp"
#include "storage/lmdb/check_references.hpp"
#include "storage/lmdb/env.hpp"

#include <string>

namespace hauspost::storage::lmdb {

/// Verifies that each recipient is one of a message, each message has some, and what is due is found
/// where it is looked for. Adds the references of messages to `counted`.
void check_queue(const txn& within, function_ref<void(std::string)> find, blob_counts& counted);

}  // namespace hauspost::storage::lmdb
