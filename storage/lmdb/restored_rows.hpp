#pragma once

#include "base/result.hpp"
#include "storage/errc.hpp"
#include "storage/expunged_message.hpp"
#include "storage/lmdb/write_context.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace hauspost::storage::lmdb {

/// Where expunged messages go that are brought back.
struct restore_target {
    account_id account;
    std::string mailbox;  // its name; "": each to the one it was in
    std::size_t max_mailboxes = 0;
};

/// Brings rows of table "expunged" back (expunged_store::bring_back); those that are not there any
/// more are passed over, those that do not fit the quota stay.
/// keys     of the rows
/// Refuses  no_such_account, disk_full; with a mailbox that is named invalid_name,
///          too_many_mailboxes, too_many_grants; nothing is changed then
[[nodiscard]] result<mail_returned> bring_rows_back(write_context& context,
                                                    const restore_target& to,
                                                    const std::vector<std::string>& keys);
/// Adds what another slice has done.
void add_returned(mail_returned& all, mail_returned slice);

/// Takes messages of one mailbox back that a restore put there between these times (Unix seconds),
/// at most so many from this UID on.
struct undone_slice {
    std::uint64_t messages = 0;
    uid next;                 // where to go on; 0: that was all
    bool is_removed = false;  // the mailbox is about to go: the janitor empties it
};
[[nodiscard]] result<undone_slice> undo_rows(write_context& context,
                                             account_id account,
                                             const refilled_mailbox& box,
                                             std::int64_t since,
                                             std::int64_t until,
                                             uid from,
                                             std::size_t limit);

}  // namespace hauspost::storage::lmdb
