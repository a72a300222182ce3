#pragma once

#include "protocols/imap/grammar/section.hpp"
#include "protocols/message/summary.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hauspost::imap {

/// Some octets of a message: of the copy's prefix or of its blob.
struct octet_piece {
    enum class source : std::uint8_t { prefix, blob };
    source from = source::blob;
    std::uint64_t offset = 0;
    std::uint64_t count = 0;
    friend bool operator==(const octet_piece&, const octet_piece&) = default;
};

/// Where a section's octets stand, to be sent one after the other: at most two pieces, none empty
/// (no piece at all: the empty string).
struct section_octets {
    std::vector<octet_piece> pieces;
    [[nodiscard]] std::uint64_t count() const noexcept;
    friend bool operator==(const section_octets&, const section_octets&) = default;
};

/// Finds a section in a message that consists of `prefix_octets` octets of header lines and a blob.
///
/// parts    of message::summary, in pre-order; a part of kind message is followed by the root part
///          of the message in it, one deeper. Empty: as one opaque part of blob_octets.
/// Returns  the section's octets. With HEADER.FIELDS[.NOT] the octets of the whole header, which
///          the caller reads and gives to filter_header. nullopt: no such part (answer NIL)
[[nodiscard]] std::optional<section_octets> locate(const section& wanted,
                                                   const std::vector<message::part>& parts,
                                                   std::uint64_t prefix_octets,
                                                   std::uint64_t blob_octets);

/// The part that a section's numbers name; null when there is none, or no numbers.
[[nodiscard]] const message::part* named_part(const section& wanted,
                                              const std::vector<message::part>& parts) noexcept;

/// Cuts to <offset.count>; beyond the end nothing is left. RFC 9051 6.4.5
[[nodiscard]] section_octets cut(section_octets whole, const std::optional<partial>& part);
[[nodiscard]] std::string_view cut(std::string_view whole,
                                   const std::optional<partial>& part) noexcept;

/// The lines of those header fields that are named (or, HEADER.FIELDS.NOT, that are not), with
/// their continuation lines, in the order of the message, and the empty line that ends the header.
/// Names are compared without case. Linear in the header's octets.
///
/// header  lines ending in CRLF or LF; its empty line may be missing
[[nodiscard]] std::string filter_header(std::string_view header, const section& wanted);

}  // namespace hauspost::imap
