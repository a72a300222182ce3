#pragma once

#include <string>
#include <string_view>

namespace hauspost::message {

/// Text in seven bits with escape sequences, as ISO-2022-JP, -KR and -CN have it, to UTF-8. The
/// sequences say themselves which set of characters begins, so one reader serves all of them.
/// Lenient: a line end and the end of the text end each set, a set may be empty, and sets that the
/// charset's name does not promise are read as well.
///
/// eight_bit  what octets beyond ASCII are taken for, when the text is not UTF-8
/// RFC        1468, 1554, 1557, 1922, 2237
[[nodiscard]] std::string iso_2022_to_utf8(std::string_view octets, std::string_view eight_bit);

/// HZ: "~{" and "~}" around Chinese of seven bits. RFC 1843
[[nodiscard]] std::string hz_to_utf8(std::string_view octets);

}  // namespace hauspost::message
