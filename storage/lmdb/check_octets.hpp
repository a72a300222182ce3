#pragma once

#include "base/function_ref.hpp"
#include "storage/lmdb/env.hpp"
#include "storage/lmdb/segment_files.hpp"

#include <string>

namespace hauspost::storage::lmdb {

/// Verifies every body against its checksum, and names the messages and queue items whose octets
/// are damaged. While a body is read no snapshot is held: that would keep all pages freed meanwhile
/// from being used again, and the file of a busy store would grow as long as the check lasts.
///
/// find         gets each finding
/// before_each  called before each body is read
void check_octets(environment& env,
                  segment_files& files,
                  function_ref<void(std::string)> find,
                  function_ref<void()> before_each);

}  // namespace hauspost::storage::lmdb
