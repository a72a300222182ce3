#pragma once

#include "protocols/message/mime_part.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace hauspost::imap {

inline constexpr std::size_t max_body_structure_octets = 1024 * 1024;  // ours; rest is NIL

/// BODYSTRUCTURE with extension data, "(...)", ASCII. Parameter values that are not ASCII are
/// written as name* (RFC 2231 4), continuations are joined (RFC 2231 7). RFC 9051 7.5.2.
///
/// tree  message::parse_mime_tree(octets)
[[nodiscard]] std::string write_body_structure(std::string_view octets,
                                               const std::vector<message::mime_node>& tree);

/// BODY (RFC 9051: BODYSTRUCTURE without extension data) out of a BODYSTRUCTURE.
[[nodiscard]] std::string without_extensions(std::string_view body_structure);

}  // namespace hauspost::imap
