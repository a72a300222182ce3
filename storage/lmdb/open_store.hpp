#pragma once

#include "storage/lmdb/store_options.hpp"
#include "storage/ports.hpp"

#include <memory>

namespace hauspost::storage::lmdb {

/// Opens or makes the store on this machine: LMDB for everything but message octets, segment files
/// for those. Takes up what a crash left.
///
/// One per data_dir and process. Calling sequence: open, use from any coroutine, keeper.stop()
/// before the io_contexts of the callers go away, let go.
///
/// Returns  its ports; the store is open until the last copy of the pointer goes
/// Throws   fault, in words for the operator: no permission, another process has it open, a newer
///          version wrote it, files missing
[[nodiscard]] std::shared_ptr<const ports> open_store(const store_options& options);

}  // namespace hauspost::storage::lmdb
