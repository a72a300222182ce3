#pragma once

#include "storage/lmdb/env.hpp"

#include <cstdint>
#include <string_view>

/// When records of our domains in the DNS were last seen as they should be: numbers in table "meta",
/// "dns_right/" with digests of domain and record, since either may be longer than a key.
namespace hauspost::storage::lmdb::right_records {

/// Unix seconds; 0: never.
[[nodiscard]] std::int64_t find(const txn& within,
                                std::string_view domain,
                                std::string_view record);
void note(write_txn& tx, std::string_view domain, std::string_view record, std::int64_t now);
/// All of the domain.
void forget(write_txn& tx, std::string_view domain);

}  // namespace hauspost::storage::lmdb::right_records
