#pragma once

#include "base/function_ref.hpp"
#include "storage/lmdb/account_edit.hpp"
#include "storage/lmdb/keyword_rows.hpp"
#include "storage/mailbox_store.hpp"

#include <span>
#include <string>

namespace hauspost::storage::lmdb {

/// A message that is about to stand in a mailbox.
struct new_message {
    blob_id blob;
    std::uint64_t blob_octets = 0;
    mail::date_time internal_date;
    std::int64_t save_date = 0;
    std::uint64_t thread = 0;
    std::string_view prefix;
    std::string_view summary;  // whole
    numbered_flags flags;
};

/// Enters a message under the next UID; counts it. The blob's reference is the caller's business.
uid insert_message(write_context& context,
                   account_edit& edit,
                   mailbox_key box,
                   const new_message& message);

/// The whole summary of a stored message; `scratch` holds it when it stands in several rows.
[[nodiscard]] std::string_view whole_summary(const txn& within,
                                             mailbox_key box,
                                             uid id,
                                             const schema::message_row& row,
                                             std::string& scratch);

/// A stored message row (encoded) with another summary; the rest rows become those of the new one.
/// `row` must not point into the store.
[[nodiscard]] std::string with_summary(write_context& context,
                                       mailbox_key box,
                                       uid id,
                                       std::string_view row,
                                       std::string_view summary);

/// UIDs of `ranges` that are there, ascending, at most `limit`; with only_deleted those with
/// \Deleted.
[[nodiscard]] std::vector<uid> present_uids(const txn& within,
                                            mailbox_key box,
                                            std::span<const mail::uid_range> ranges,
                                            bool only_deleted,
                                            std::size_t limit);

/// Takes messages out of a mailbox and keeps them for the retention time; writes the vanished rows.
/// uids     ascending; those that are not there are passed over
/// Returns  the blobs of those that went, for the trace
std::vector<blob_id> expunge_messages(write_context& context,
                                      account_edit& edit,
                                      mailbox_key box,
                                      std::span<const uid> uids);

/// Where messages are copied to. `edit` is the source's own when both are of one account.
struct copy_target {
    account_edit& edit;
    mailbox_key box;
    mail::flag_mask kept;
};

/// Copies or moves.
/// Refuses  over_quota (not for a move within an account), too_many_keywords
[[nodiscard]] result<copy_result> copy_messages(write_context& context,
                                                account_edit& edit,
                                                mailbox_key from,
                                                std::span<const uid> uids,
                                                const copy_target& to,
                                                bool move);

/// Merges ascending UIDs into ranges.
[[nodiscard]] mail::uid_ranges to_ranges(std::span<const uid> uids);

}  // namespace hauspost::storage::lmdb
