#pragma once

#include "base/function_ref.hpp"
#include "base/ids.hpp"
#include "storage/lmdb/env.hpp"

#include <string>

namespace hauspost::storage::lmdb {

/// The parts of `check` for tables "annotation", of one account, and "rights" and "granted": call
/// find(difference) for each that there is.
void check_annotations(const txn& within, account_id account, function_ref<void(std::string)> find);
void check_rights(const txn& within, function_ref<void(std::string)> find);

}  // namespace hauspost::storage::lmdb
