#pragma once

#include "storage/expunged_message.hpp"
#include "storage/lmdb/env.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace hauspost::storage::lmdb {

/// Lists removed accounts of which mail is kept, and counts that. In slices, each with a read
/// transaction of its own.
///
/// Calling sequence: construct, next_slice() until it is false, take(). One thread at a time.
class removed_accounts_list {
public:
    /// False: that was all.
    /// Throws  fault
    bool next_slice(const txn& within);
    [[nodiscard]] std::vector<removed_mailer> take();

private:
    bool list(const txn& within, std::size_t& left);
    bool count(const txn& within, removed_mailer& of, std::size_t& left);
    void keep_latest();

    std::vector<removed_mailer> found_;
    std::string from_;  // the next key; "": from the first
    bool is_listed_ = false;
    std::size_t counted_ = 0;  // so many of them are
};

}  // namespace hauspost::storage::lmdb
