#pragma once

#include "base/function_ref.hpp"
#include "storage/lmdb/env.hpp"

#include <string>

namespace hauspost::storage::lmdb {

/// The owner's row, the set-up link, sessions, and the form of the rows of the audit log: what these
/// name may be long gone. In short snapshots.
void check_owner(environment& env, function_ref<void(std::string)> find);

}  // namespace hauspost::storage::lmdb
