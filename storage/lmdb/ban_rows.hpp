#pragma once

#include "storage/ban.hpp"
#include "storage/lmdb/env.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace hauspost::storage::lmdb {

/// Table "ban": kind u8, network, 0 u8, account -> version u8 = 1 | begun i64 | ends i64 | passwords u32 |
/// times u32 | number of texts u8 | that many texts: accounts that were tried.
namespace ban_rows {

/// False: it is longer than a row may hold.
[[nodiscard]] bool fits(const ban_name& name);
[[nodiscard]] std::string key_of(const ban_name& name);
/// Longer texts are cut.
[[nodiscard]] std::string encode(const ban& row);
/// Throws  fault
[[nodiscard]] ban decode(std::string_view key, std::string_view octets);

[[nodiscard]] std::vector<ban> read(const txn& within);
/// Keys of those that nobody has to remember any more, at most so many.
[[nodiscard]] std::vector<std::string> old_keys(const txn& within,
                                                std::int64_t now,
                                                std::size_t most);
/// Where there are more than ban_store::max_bans, those go that end first, and some more, so that it is not
/// to be done again at once. Those that somebody wanted go last.
void keep_limit(write_txn& tx);
/// What stands under the name of an account.
void forget_account(write_txn& tx, std::string_view account);

}  // namespace ban_rows
}  // namespace hauspost::storage::lmdb
