#pragma once

#include "storage/types.hpp"

#include <string>

namespace hauspost::storage::lmdb {

/// The disk or the LMDB map has no room. Callers of the store see errc::disk_full instead.
class storage_full : public fault {
public:
    using fault::fault;
};

/// LMDB could not write its root, or found it broken: it refuses everything until it is opened
/// anew.
class environment_lost : public fault {
public:
    using fault::fault;
};

/// A commit failed, and what of it is on the disk nobody knows. Callers see errc::unsure.
class commit_unsure : public fault {
public:
    using fault::fault;
};

/// Throws storage_full for MDB_MAP_FULL and for want of disk space, environment_lost for MDB_PANIC,
/// fault for any other error code of LMDB. MDB_NOTFOUND is an error here too: who expects it looks
/// before. what  the operation, for the log: "put message"
void check(int code, const char* what);

/// Throws by errno: storage_full for ENOSPC and EDQUOT, else fault.
[[noreturn]] void throw_errno(int code, const std::string& what);

}  // namespace hauspost::storage::lmdb
