#pragma once

#include "protocols/query/number_set.hpp"

#include <optional>
#include <string_view>

namespace hauspost::imap {

using query::number_range;
using query::number_ranges;

/// A set of message sequence numbers or UIDs as the client gave it.
using sequence_set = query::number_set;

///   sequence-set = (seq-number / seq-range) ["," sequence-set]      RFC 9051 9
///   seq-range    = seq-number ":" seq-number     seq-number = nz-number / "*"
///   sequence-set =/ "$"                          the saved result, alone (RFC 5182 4)
///
/// Returns  nullopt: not a sequence-set; numbers above 2^32-1 are none
/// Cost     O(n log n) in the length of the text
[[nodiscard]] std::optional<sequence_set> parse_sequence_set(std::string_view text);

}  // namespace hauspost::imap
