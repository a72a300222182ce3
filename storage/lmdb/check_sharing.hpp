#pragma once

#include "base/function_ref.hpp"
#include "storage/lmdb/env.hpp"

#include <string>

namespace hauspost::storage {

/// The part of `check` for tables "annotation", "rights" and "granted": calls find(difference) for
/// each that there is.
void check_sharing(const txn& within, function_ref<void(std::string)> find);

}  // namespace hauspost::storage
