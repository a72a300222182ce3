#pragma once

#include "storage/lmdb/env.hpp"

#include <cstdint>
#include <filesystem>

namespace hauspost::storage::lmdb {

/// What becomes of a store that is a copy of an earlier state, put back: it does not know what was
/// given out after the copy was made, and clients remember it. So all numbers that clients see go
/// on far above (docs/storage_format.md, "A copy that is put back").
///
/// That it is one shows in the identity of meta/data.mdb, which no copy has: inode and time of
/// birth. Where that stays the same (a snapshot of the disk, octets written over the file) the
/// operator has to say it.

/// Of the environment's file. 0: the file system has no time of birth.
[[nodiscard]] std::uint64_t identity_of(const std::filesystem::path& meta_folder);

/// At each start, before anything is given out: compares with what the last start wrote down, and
/// raises the numbers when the file is another one, or when the operator said so.
/// now     Unix seconds
/// Throws  fault, storage_full
void notice_put_back(environment& env, std::uint64_t identity, std::int64_t now);

/// The next start will take this store for a copy that was put back.
void tell_put_back(write_txn& tx);

/// How often this store was put back.
[[nodiscard]] std::uint64_t put_backs(const txn& within);

}  // namespace hauspost::storage::lmdb
