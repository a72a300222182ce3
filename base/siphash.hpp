#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace hauspost {

/// A key of random octets, one for each table: then nobody outside can make two texts meet.
using siphash_key = std::array<std::uint64_t, 2>;

/// SipHash-2-4 of Aumasson and Bernstein (2012): a keyed hash of 64 bits, for tables and for
/// comparing texts that a peer chose. About 1 ns per 2 octets. Thread: any.
[[nodiscard]] std::uint64_t siphash(const siphash_key& key, std::string_view octets) noexcept;

/// From the system's random numbers.
[[nodiscard]] siphash_key random_siphash_key();

}  // namespace hauspost
