#pragma once

#include "protocols/message/content_type.hpp"
#include "protocols/message/summary.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace hauspost::message {

/// What the structure of one message may cost. What lies deeper or behind is an opaque leaf.
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

/// The part that an IMAP section number names, "2.1" as {2, 1}; null when there is none. The empty
/// path is the whole message.
///
/// In the tree a message part (kind::message) has one child: the message inside, whose `header` is
/// the first octet of that message. RFC 9051 6.4.5.1 numbers otherwise: below a message part count
/// the parts of the message inside, and a message without multipart has itself as part 1.
[[nodiscard]] const part* find_part(const std::vector<part>& parts,
                                    std::span<const std::uint32_t> path) noexcept;

/// The message inside a message part, of `parts` itself; null when `where` is no message part. For
/// BODY[2.HEADER] and BODY[2.TEXT].
[[nodiscard]] const part* inner_message(const std::vector<part>& parts, const part& where) noexcept;

}  // namespace hauspost::message
