#pragma once

#include "storage/lmdb/env.hpp"
#include "storage/secret_store.hpp"

#include <string>
#include <string_view>

namespace hauspost::storage::lmdb {

// Table "secret": name -> version u64, created i64, octets.

/// Without the name.
[[nodiscard]] std::string encode(const named_secret& row);
/// Throws  fault when the row is damaged
[[nodiscard]] named_secret decode_secret(std::string_view name, std::string_view octets);

}  // namespace hauspost::storage::lmdb
