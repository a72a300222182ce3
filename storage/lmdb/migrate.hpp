#pragma once

#include "storage/lmdb/env.hpp"

namespace hauspost::storage::lmdb {

/// Brings a store of an older schema version to this one, one version at a time, each step in one
/// transaction: a crash leaves the old version or the new one. A new store gets the version's
/// number.
/// Throws  fault when the store was written by a newer version
void migrate(environment& env);

}  // namespace hauspost::storage::lmdb
