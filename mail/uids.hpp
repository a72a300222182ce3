#pragma once

#include "base/ids.hpp"

#include <compare>
#include <cstdint>
#include <vector>

namespace hauspost::mail {

/// first..last, both included, first <= last.
struct uid_range {
    uid first;
    uid last;
    friend auto operator<=>(const uid_range&, const uid_range&) = default;
};
/// Ascending, without overlap.
using uid_ranges = std::vector<uid_range>;

/// Presence of 64 consecutive UIDs: number * 64 + n is there when bit n is set. A view of a
/// mailbox is a vector of these in ascending order without empty ones: 16 octets for 64 messages.
struct uid_block {
    std::uint32_t number = 0;
    std::uint64_t present = 0;
    friend bool operator==(const uid_block&, const uid_block&) = default;
};

}  // namespace hauspost::mail
