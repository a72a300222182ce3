#pragma once

#include "storage/lmdb/env.hpp"
#include "storage/traffic.hpp"

#include <cstdint>
#include <string_view>
#include <vector>

namespace hauspost::storage::lmdb {

/// Table "traffic": hour since 1970 u64 -> received u64 | submitted u64 | refused u64 | delivered u64
/// | failed u64 | sign-ins u64 | wrong passwords u64.
namespace traffic_rows {

/// Throws  fault
[[nodiscard]] hourly_traffic decode(std::string_view key, std::string_view octets);

/// Adds to the hour of `now`. With the first row of an hour go those that are too old.
/// now  Unix seconds
void add(write_txn& tx, std::int64_t now, const traffic& passed);

[[nodiscard]] std::vector<hourly_traffic> read(const txn& within, std::int64_t since);

}  // namespace traffic_rows
}  // namespace hauspost::storage::lmdb
