#pragma once

#include "protocols/message/mime_part.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace hauspost::message {

inline constexpr std::size_t max_envelope_octets = 128 * 1024;         // ours; rest is NIL
inline constexpr std::size_t max_body_structure_octets = 1024 * 1024;  // ours; rest is NIL

/// BODYSTRUCTURE with extension data, "(...)", ASCII. Parameter values that are not ASCII are
/// written as name* (RFC 2231 4), continuations are joined (RFC 2231 7). RFC 9051 7.5.2.
///
/// tree  parse_mime_tree(octets)
[[nodiscard]] std::string write_body_structure(std::string_view octets,
                                               const std::vector<mime_node>& tree);

}  // namespace hauspost::message
