#pragma once

#include "storage/lmdb/env.hpp"
#include "storage/sign_in.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace hauspost::storage::lmdb {

/// Table "sign_in": account u32, door u8 -> version u8 = 1 | at i64 | encrypted u8 | texts address, program |
/// number of networks u8 | for each of them: text, at i64.
namespace sign_in_rows {

/// Throws  fault
[[nodiscard]] last_sign_in decode(std::string_view key, std::string_view octets);

/// Replaces the last one and puts its network in front of those that are known; nothing happens where the account is
/// gone. Longer texts are cut.
void put(write_txn& tx, const sign_in& seen, std::int64_t at);
/// Of one account, in the order of doors.
[[nodiscard]] std::vector<last_sign_in> of_account(const txn& within, account_id account);
void forget(write_txn& tx, account_id account);

}  // namespace sign_in_rows
}  // namespace hauspost::storage::lmdb
