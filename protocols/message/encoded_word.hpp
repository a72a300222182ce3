#pragma once

#include <string>
#include <string_view>

namespace hauspost::message {

/// Header text as people read it: encoded words decoded (RFC 2047, with RFC 2231 language tags),
/// raw 8-bit text taken as UTF-8 or else as Latin-1, control characters removed after decoding, so
/// that nothing decoded is ever syntax. Unknown charsets and broken words stay as they are.
///
/// text  unfolded or not; line ends are white space
[[nodiscard]] std::string decode_encoded_words(std::string_view text);

/// UTF-8 text as a header value or phrase: unchanged when it is printable ASCII without "=?", else
/// as encoded words of at most 75 octets each, with one space between them. Never has line ends.
[[nodiscard]] std::string encode_encoded_words(std::string_view utf8);

/// Octets of unknown charset as UTF-8: themselves when they are UTF-8, else read as Latin-1.
[[nodiscard]] std::string utf8_or_latin1(std::string_view octets);

}  // namespace hauspost::message
