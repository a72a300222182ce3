#pragma once

#include "protocols/message/summary.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace hauspost::message {

/// How a part's body is wrapped. RFC 2045 6.
enum class transfer_encoding : std::uint8_t { identity, base64, quoted_printable, unknown };
/// name: lower case; "" 7bit 8bit binary are identity.
[[nodiscard]] transfer_encoding transfer_encoding_of(std::string_view name) noexcept;

/// The body of a leaf without its transfer encoding; an unknown encoding is left as it is.
///
/// octets      the whole message that `where` belongs to
/// max_octets  stop after about so many decoded octets
/// RFC         2045 6; 3516 (BINARY)
[[nodiscard]] std::string decoded_octets(std::string_view octets,
                                         const part& where,
                                         std::size_t max_octets);

/// The text of a text part in UTF-8: transfer encoding and charset decoded, for SEARCH and preview.
/// "" for parts that are no text. Control characters stay; line ends are as in the message.
[[nodiscard]] std::string decoded_text(std::string_view octets,
                                       const part& where,
                                       std::size_t max_octets);

}  // namespace hauspost::message
