#pragma once

#include "protocols/message/mime_part.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace hauspost::message {

/// The beginning of the message's text in one line: the first text/plain part that is no
/// attachment, else the first text/html without its markup. At most 200 characters, UTF-8, white
/// space joined, no control characters. RFC 8970 3.
[[nodiscard]] std::string make_preview(std::string_view octets, const std::vector<mime_node>& tree);

/// HTML as plain text: tags, comments, style and script gone, the common entities decoded. For
/// preview and search only, never for display as HTML. Linear.
[[nodiscard]] std::string text_of_html(std::string_view html);

}  // namespace hauspost::message
