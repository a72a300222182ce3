#pragma once

#include "storage/expunged_store.hpp"
#include "storage/lmdb/account_edit.hpp"
#include "storage/lmdb/keyword_rows.hpp"

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

namespace hauspost::storage::lmdb {

/// A row of table "expunged", copied out: it changes under whoever reads it.
struct expunged_row {
    std::string key;
    std::string value;
};

[[nodiscard]] expunged_place place_of_expunged(std::string_view key);
[[nodiscard]] std::string key_of_expunged(const expunged_place& place);

/// Of a row's value. Flags without \Deleted.
[[nodiscard]] std::uint32_t flags_of_expunged(std::string_view value);
[[nodiscard]] std::uint64_t octets_of_expunged(std::string_view value);
[[nodiscard]] blob_id blob_of_expunged(std::string_view value);

/// Makes a message of a row again; the row stays, and is the caller's business.
/// flags  in the numbers of the mailbox
uid put_back_message(write_context& context,
                     account_edit& edit,
                     mailbox_key to,
                     const expunged_row& from,
                     numbered_flags flags);

/// Keeps a message that is taken out of a mailbox: writes its row and counts its octets. The rows
/// of a long summary stay where they are.
void keep_expunged(write_context& context,
                   account_edit& edit,
                   mailbox_key box,
                   uid id,
                   std::uint32_t flags,
                   std::string_view row);

/// Takes a row away with the rest of its summary and counts its octets out. The blob's reference is
/// the caller's business. Not while an account_edit of that account is not saved.
void take_expunged(write_context& context, const expunged_row& row);

/// Frees one expunged message for good.
/// by  for the trace; none: it says nothing
void purge_expunged(write_context& context,
                    const expunged_row& row,
                    trace_door by = trace_door::server);

/// Of each account up to `limit` rows in all that were expunged at this time or before.
[[nodiscard]] std::vector<expunged_row> expired_rows(const txn& within,
                                                     std::int64_t at,
                                                     std::size_t limit);
[[nodiscard]] std::uint64_t count_expunged(const txn& within, account_id account);
/// An account's rows, oldest first.
[[nodiscard]] std::vector<expunged_row> oldest_rows(const txn& within,
                                                    account_id account,
                                                    std::size_t limit);
/// An account's rows, latest first, from `before` on (a key; "": the latest) down to this time.
[[nodiscard]] std::vector<expunged_row> latest_rows(const txn& within,
                                                    account_id account,
                                                    std::string_view before,
                                                    std::int64_t since,
                                                    std::size_t limit);

/// Purges the oldest of an account's expunged messages while they are more than `quotas` times its
/// quota, at most so many. A removed account's quota counts on. quotas 0, no quota: no limit.
/// Returns  how many were purged
std::size_t purge_over_limit(write_context& context,
                             account_id account,
                             std::uint32_t quotas,
                             std::size_t limit);

/// Remembers whose mail it was. While the account's row is still there.
/// begun_at  Unix seconds, before the first of its mail was expunged
void note_removed_account(write_context& context, const account& old, std::int64_t begun_at);
/// The last rows of a removed account go when it has no mail any more, expunged mail included.
void forget_removed_account(write_context& context, account_id account);
/// The account of this address (first, if there is one) and removed ones that had it.
[[nodiscard]] std::vector<account_id> accounts_that_had(const txn& within,
                                                        std::string_view address);

/// Brings rows back into mailboxes of `account`; those that do not fit its quota stay.
/// Refuses  disk_full, too_many_mailboxes with nothing changed
[[nodiscard]] result<restored_mail> restore_rows(write_context& context,
                                                 account_id account,
                                                 const std::vector<expunged_row>& rows,
                                                 std::size_t max_mailboxes);

}  // namespace hauspost::storage::lmdb
