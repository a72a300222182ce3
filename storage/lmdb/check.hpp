#pragma once

#include "base/function_ref.hpp"
#include "storage/check_report.hpp"
#include "storage/lmdb/env.hpp"
#include "storage/lmdb/segment_files.hpp"

namespace hauspost::storage::lmdb {

/// Verifies what must hold between the tables and the files: counters equal a recount, each message
/// has flags and a blob, each blob as many references as rows that point to it, its octets their
/// checksum, names and mailboxes match, segments count their live octets. Reads everything, in
/// short snapshots: a long one would keep all pages freed meanwhile from being used again, and the
/// file of a busy store would grow. The rows of an account lie in one, octets are read in none.
///
/// before_each_body  called before each body is read
[[nodiscard]] check_report check_store(environment& env,
                                       segment_files& files,
                                       function_ref<void()> before_each_body);

}  // namespace hauspost::storage::lmdb
