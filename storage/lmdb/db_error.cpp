#include "storage/lmdb/db_error.hpp"

#include <lmdb.h>

#include <cerrno>
#include <system_error>

namespace hauspost::storage::lmdb {

void check(int code, const char* what) {
    if (code == MDB_SUCCESS) return;
    const std::string text = std::string(what) + ": " + mdb_strerror(code);
    if (code == MDB_MAP_FULL || code == ENOSPC || code == EDQUOT || code == EFBIG)
        throw storage_full(text);
    if (code == MDB_PANIC) throw environment_lost(text);
    throw fault(text);
}

void throw_errno(int code, const std::string& what) {
    const std::string text = what + ": " + std::generic_category().message(code);
    if (code == ENOSPC || code == EDQUOT || code == EFBIG) throw storage_full(text);
    throw fault(text);
}

}  // namespace hauspost::storage::lmdb
