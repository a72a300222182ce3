#pragma once

#include "storage/lmdb/env.hpp"
#include "storage/setting_store.hpp"

#include <string>
#include <string_view>
#include <vector>

/// Table "setting": name -> version of the row u8, version u64, changed u64, value as text.
namespace hauspost::storage::lmdb::setting_rows {

/// Without the name.
[[nodiscard]] std::string encode(const setting& row);
/// Throws  fault when the row is damaged
[[nodiscard]] setting decode(std::string_view name, std::string_view octets);
[[nodiscard]] std::vector<setting> read(const txn& within);

}  // namespace hauspost::storage::lmdb::setting_rows
