#pragma once

#include "storage/lmdb/env.hpp"
#include "storage/owner.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hauspost::storage::lmdb {

/// Table "owner": "owner" -> version u64, password changed i64, TOTP step u64, TOTP on u8, texts
/// password hash, TOTP key, language, then 32 octets for each recovery code that is left;
/// "setup" -> SHA-256 of the link's secret (32), made i64, expires i64.
/// Table "web_session": SHA-256 of its id (32) -> made i64, seen i64, set-up u8, texts address,
/// agent.
namespace owner_rows {

inline constexpr std::string_view owner_key = "owner";
inline constexpr std::string_view setup_key = "setup";

[[nodiscard]] secret encode(const owner& row);
/// Throws  fault when the row is damaged; so do all that read rows
[[nodiscard]] owner decode_owner(std::string_view octets);
[[nodiscard]] std::string encode(const setup_link& row);
[[nodiscard]] setup_link decode_link(std::string_view octets);
/// Without the key. Longer texts are cut.
[[nodiscard]] std::string encode(const web_session& row);
[[nodiscard]] web_session decode_session(std::string_view key, std::string_view octets);

/// One that never changed, where there is no row.
[[nodiscard]] owner find_owner(const txn& within);
[[nodiscard]] std::optional<setup_link> find_link(const txn& within);
[[nodiscard]] std::optional<web_session> find_session(const txn& within, const sha256_digest& key);
/// In the order of keys.
[[nodiscard]] std::vector<web_session> sessions_of(const txn& within);

/// Gives it the next version, which no row had before.
void put_owner(write_txn& tx, owner row);
/// Sessions that are over go; then, while there are too many, the one that was seen longest ago.
void open_session(write_txn& tx, const web_session& row, const session_limits& limits);
/// Nobody sits before the page any more, and no link is good.
void shut(write_txn& tx);

}  // namespace owner_rows
}  // namespace hauspost::storage::lmdb
