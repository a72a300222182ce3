#pragma once

#include "storage/lmdb/account_edit.hpp"
#include "storage/mailbox_store.hpp"

namespace hauspost::storage::lmdb {

/// mailbox_store::store_flags on an open transaction; saves the edit.
/// Refuses  too_many_keywords
[[nodiscard]] result<store_result> change_flags(write_context& context,
                                                account_edit& edit,
                                                const store_request& request);

}  // namespace hauspost::storage::lmdb
