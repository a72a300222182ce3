#pragma once

#include "protocols/message/summary.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

/// The text of a message that SEARCH looks at: decoded (RFC 2047, transfer encodings, charsets),
/// UTF-8, casemapped by i;unicode-casemap. The search and the full-text index both make it here, so
/// that the index knows exactly what a search would read.
namespace hauspost::query {

/// Of one message's body at most so much is searched.
inline constexpr std::size_t max_searched_octets_of_body = 16 * 1024 * 1024;

/// One stretch of a message that a search reads: the header of an inner part, or a text part.
struct text_range {
    std::uint64_t offset = 0;  // in the blob
    std::uint64_t octets = 0;
    bool is_header = false;
    message::part where;  // of a text part: its offsets count from the range's first octet
};

/// What of a message is its searchable body, in order.
/// parts  of the summary; empty (damaged): nothing
[[nodiscard]] std::vector<text_range> body_ranges(const std::vector<message::part>& parts,
                                                  std::size_t max_octets);

/// Octets of the header that stand in the blob.
[[nodiscard]] std::uint64_t header_octets(const std::vector<message::part>& parts) noexcept;

/// Header octets as text: one field a line, "NAME: VALUE".
[[nodiscard]] std::string searchable_header(std::string_view octets);

/// The addresses of all fields of a name as ENVELOPE has them, one a line: "NAME <LOCAL@DOMAIN>" or
/// "<LOCAL@DOMAIN>"; of a group its name alone. Without comments, quotes and blanks that mean
/// nothing, so that a search does not depend on how they were written (RFC 9051 6.4.4).
[[nodiscard]] std::string searchable_addresses(std::string_view header, std::string_view field);

/// The text of all ranges, a line end after each.
/// octets  what stands in each of `ranges`; shorter where the blob ended before
[[nodiscard]] std::string searchable_body(std::span<const text_range> ranges,
                                          std::span<const std::string> octets);

}  // namespace hauspost::query
