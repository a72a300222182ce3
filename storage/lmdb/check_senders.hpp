#pragma once

#include "base/function_ref.hpp"
#include "storage/lmdb/env.hpp"

#include <string>

namespace hauspost::storage::lmdb {

/// Verifies what is known of senders, in a snapshot for each: rows that can be read, of accounts that
/// are there (frozen ones may be gone), and as many correspondents as they count, each found by its
/// day.
void check_senders(environment& env, function_ref<void(std::string)> find);

}  // namespace hauspost::storage::lmdb
