#pragma once

#include "storage/lmdb/store_options.hpp"

namespace hauspost::storage::test {

/// Takes a closed store back to format 6: counters of mailboxes ended before what is \Recent.
void make_version_6(const lmdb::store_options& options);

/// Takes a closed store back to format 7: annotations had no checksum, rows of the directory no
/// version.
void make_version_7(const lmdb::store_options& options);

/// Takes a closed store back to format 3: expunged octets were not counted, and removed accounts
/// left no row.
void make_version_3(const lmdb::store_options& options);

/// Takes a closed store back to format 1: dates and counts of what vanished did not exist.
void make_version_1(const lmdb::store_options& options);

/// Takes the queue of a closed store back to format 8: one row for a message with its recipients.
void make_version_8(const lmdb::store_options& options);

/// Takes the accounts of a closed store back to format 9: they did not say whether what they submit
/// is filed.
void take_back_accounts_to_9(const lmdb::store_options& options);

/// Takes a closed store back to format 10: removed accounts left name, quota and time alone, and gone
/// mailboxes nothing.
void make_version_10(const lmdb::store_options& options);

}  // namespace hauspost::storage::test
