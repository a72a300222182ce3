#pragma once

#include "base/function_ref.hpp"
#include "storage/lmdb/check_account.hpp"
#include "storage/lmdb/env.hpp"

#include <string>

namespace hauspost::storage::lmdb {

struct blob_figures {
    std::uint64_t blobs = 0;
    std::uint64_t octets = 0;
};

/// The part of `check` for what all accounts share: each blob has as many references as rows point
/// to it, segments count their live octets, queue items have due rows.
///
/// References are counted in many short snapshots, so the sums of a busy store need not fit. What
/// differs is counted again, alone; what differs several times is looked at in one snapshot, and
/// only then told. So nothing is told that is not so, and a store at rest is checked in one go.
///
/// references  counted in tables message and expunged
/// find        gets each finding
blob_figures check_references(environment& env,
                              blob_counts references,
                              function_ref<void(std::string)> find);

}  // namespace hauspost::storage::lmdb
