#pragma once

#include "storage/lmdb/env.hpp"
#include "storage/tls_store.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace hauspost::storage::lmdb {

/// Table "tls_policy": domain -> fetched i64, expires i64, text id, text policy.
/// Table "tls_result": day u32 big-endian, domain, NUL, number u16 big-endian -> sessions u64, texts
/// policy type, policy lines, MX hosts, failure, MX, address. Numbers of a day and domain are in a
/// row from 0.
namespace tls_rows {

/// Without the domain.
[[nodiscard]] std::string encode(const kept_policy& row);
/// Throws  fault when the row is damaged
[[nodiscard]] kept_policy decode_policy(std::string_view domain, std::string_view octets);

[[nodiscard]] std::string day_key(const tls_day& of);
/// Throws  fault
[[nodiscard]] tls_result decode_result(std::string_view key, std::string_view octets);

/// Adds to the row of the same kind, or makes one; where there is no room for one the sessions are
/// added to one that differs in MX and address alone, or left out.
void count(write_txn& tx, tls_result one);
[[nodiscard]] std::vector<tls_result> results_of(const txn& within, const tls_day& of);
void remove_results(write_txn& tx, const tls_day& of);

/// Makes room for one more policy: takes out what has expired, and of the others the oldest.
void make_room_for_policy(write_txn& tx, std::int64_t now);

}  // namespace tls_rows
}  // namespace hauspost::storage::lmdb
