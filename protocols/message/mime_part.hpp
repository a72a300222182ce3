#pragma once

#include "protocols/message/content_type.hpp"
#include "protocols/message/summary.hpp"

#include <cstddef>
#include <string_view>
#include <vector>

namespace hauspost::message {

/// reliability.md 1.3. What lies deeper or behind is an opaque leaf.
struct mime_limits {
    static constexpr std::size_t max_depth = 64;
    static constexpr std::size_t max_parts = 1000;
    static constexpr std::size_t max_boundary_octets = 200;  // RFC 2046 5.1.1 wants at most 70
};

/// A part and those of its header fields that BODYSTRUCTURE tells of. Views: raw, folded values
/// that live as long as the message's octets; "" when there is no such field.
struct mime_node {
    part span;
    content_type type;
    std::string_view id, description, disposition, language, location, md5;
};

/// The MIME tree in pre-order; never empty. Linear in the size, without recursion. A multipart
/// without any part is a text/plain leaf; what a limit keeps closed is application/octet-stream.
/// RFC 2045, 2046.
[[nodiscard]] std::vector<mime_node> parse_mime_tree(std::string_view octets);

}  // namespace hauspost::message
