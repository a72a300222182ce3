#pragma once

#include <cstddef>
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

/// Octets of the encoded word that `text` begins with; 0 when it begins with none. Looks at no more
/// than the next four "?".
[[nodiscard]] std::size_t encoded_word_length(std::string_view text) noexcept;

/// UTF-8 text without C0 and C1 controls and DEL; tabs and line ends become spaces.
[[nodiscard]] std::string without_controls(std::string_view utf8);

}  // namespace hauspost::message
