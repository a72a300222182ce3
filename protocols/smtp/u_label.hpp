#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace hauspost::smtp {

/// A domain with its "xn--" labels as the UTF-8 they stand for (RFC 5890 2.3.2.1), so that a domain
/// is found however a peer writes it. Labels that cannot be decoded stay as they are; nothing is
/// mapped or judged.
[[nodiscard]] std::string to_u_labels(std::string_view domain);

/// RFC 3492 6.2: what stands behind "xn--", as UTF-8. nullopt: not Punycode.
/// text  at most 59 octets
[[nodiscard]] std::optional<std::string> decode_punycode(std::string_view text);

}  // namespace hauspost::smtp
