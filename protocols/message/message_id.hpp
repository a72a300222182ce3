#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace hauspost::message {

inline constexpr std::size_t max_references = 100;         // ours; the newest are kept
inline constexpr std::size_t max_message_id_octets = 998;  // RFC 5322 2.1.1, a line; longer: none

/// All msg-ids of a value, "<left@right>", without quotes, comments and white space that mean
/// nothing, so that equal ids are equal octets. The newest `max_references`. Linear. An id with
/// half a quote or comment is taken as it stands; ids without "<" and ">", or encoded as if they
/// were text, are read when there is nothing else. RFC 5322 3.6.4, 5256 3.
[[nodiscard]] std::vector<std::string> parse_message_ids(std::string_view value);

}  // namespace hauspost::message
