#pragma once

#include "base/function_ref.hpp"
#include "storage/annotation_store.hpp"
#include "storage/lmdb/write_context.hpp"

#include <string_view>
#include <vector>

namespace hauspost::storage::lmdb {

/// Calls visit(entry, value) for each annotation whose name begins so, in name order.
void for_annotations(const txn& within,
                     mailbox_key box,
                     std::string_view begin,
                     function_ref<void(std::string_view, std::string_view)> visit);

/// The same for all of an account: visit(mailbox, entry, value).
void for_annotations(const txn& within,
                     account_id account,
                     function_ref<void(mailbox_id, std::string_view, std::string_view)> visit);

/// What stands of each annotation of an account beside its value.
void for_annotation_prints(const txn& within,
                           account_id account,
                           function_ref<void(annotation_print)> visit);

/// Writes the rows of one annotation. None of an older value may be there.
/// box_and_entry  the key without what is behind the entry
void put_annotation(write_txn& tx, std::string_view box_and_entry, std::string_view value);

/// annotation_store::annotate for a mailbox that is there.
[[nodiscard]] error_code change_annotations(write_context& context,
                                            mailbox_key box,
                                            const std::vector<annotation_change>& changes);

void drop_annotations(write_context& context, mailbox_key box);
/// RFC 5464 4.1: a renamed INBOX keeps its annotations and gives the new mailbox the same.
void copy_annotations(write_context& context, mailbox_key from, mailbox_key to);

}  // namespace hauspost::storage::lmdb
