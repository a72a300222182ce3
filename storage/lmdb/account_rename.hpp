#pragma once

#include "base/result.hpp"
#include "storage/lmdb/write_context.hpp"

#include <cstddef>
#include <string_view>

namespace hauspost::storage::lmdb {

/// directory_store::rename_account within a transaction. The caller has looked whether `to` can be
/// an address and whether its domain is here. Walks over all addresses and accounts, and decodes
/// those in which the old local part stands.
/// Refuses  no_such_account, already_exists
[[nodiscard]] result<std::size_t> rename_account(write_context& context,
                                                 std::string_view from,
                                                 std::string_view to,
                                                 bool keep_alias);

}  // namespace hauspost::storage::lmdb
