#pragma once

#include <optional>
#include <string_view>

namespace hauspost::pop3 {

/// The lines that LANG without an argument lists: tag, space, its own name. We speak English only;
/// i-default is what RFC 2277 4.5 asks of every server.
inline constexpr std::string_view language_lines = "en English\r\ni-default English\r\n";

/// The tag of the language that is spoken from now on when this one is asked for: the tag itself, a
/// shorter one ("en" for "en-GB", RFC 4647 3.4), or for "*" the server's own.
/// RFC 6856 3
[[nodiscard]] std::optional<std::string_view> find_language(std::string_view wanted) noexcept;

}  // namespace hauspost::pop3
