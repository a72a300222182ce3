#pragma once

#include "storage/blob_store.hpp"
#include "storage/lmdb/writer.hpp"
#include "storage/summary_maker.hpp"

namespace hauspost::storage::lmdb {

/// What a renewal reads and writes. All outlive it.
struct renewal_parts {
    environment& env;
    blob_store& blobs;
    lmdb::writer& writer;
};

/// Makes the summaries of all messages anew, expunged ones too, when another version of the maker
/// made them: in slices of some hundred, each one commit. The new version is written last, so that
/// one that was broken off begins anew. Mail that comes in meanwhile must have summaries of this
/// maker; nobody may rely on those that change.
///
/// Returns  how many were changed; 0 when the version is the maker's already. A refusal (disk full,
///          stopping) is logged, and the next call begins anew
/// Throws   fault
/// Thread   any that may block; about 1 ms for each megabyte of mail
std::size_t renew_summaries(const renewal_parts& parts, const summary_maker& maker);

}  // namespace hauspost::storage::lmdb
