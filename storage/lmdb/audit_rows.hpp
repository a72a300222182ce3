#pragma once

#include "storage/audit_entry.hpp"
#include "storage/lmdb/env.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace hauspost::storage::lmdb {

/// Table "audit": time of writing in microseconds u64, number u32 -> version u8 = 1 | who u8 | end u8
/// | texts from, command, subject, reason, before, after. Appended, completed once, removed from the
/// front.
namespace audit_rows {

inline constexpr std::uint8_t row_version = 1;

[[nodiscard]] std::string key_of(audit_place at);
/// Throws  fault for a key of another size
[[nodiscard]] audit_place place_of(std::string_view key);

/// Without its place. Longer texts are cut; a change that is too long is left out.
[[nodiscard]] std::string encode(const audit_entry& entry);
/// Throws  fault
[[nodiscard]] audit_entry decode(std::string_view key, std::string_view octets);

/// A place behind all that there are, at `now` when the clock has not gone back.
[[nodiscard]] audit_place next_place(const txn& within, std::uint64_t now_microseconds);

}  // namespace audit_rows
}  // namespace hauspost::storage::lmdb
