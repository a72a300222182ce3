#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace hauspost::outbound {

/// Who stands in a message's From instead of its author, whose domain would have it refused.
struct standing_author {
    std::string address;  // of ours, ASCII, as it is written: "list@example.org"
    std::string via;      // the domain of that, as people read it
};

/// The header with `From: "Ann via example.org" <list@example.org>`. What stood there is kept as
/// X-Original-From, and as Reply-To when there is none, so that answers go to who wrote. All other
/// fields stay as they are and where they are.
///
/// header   all fields, each with its line end, without the empty line
/// Returns  nullopt: it has no From, several, or a line that is no field
[[nodiscard]] std::optional<std::string> with_standing_author(std::string_view header,
                                                              const standing_author& instead);

}  // namespace hauspost::outbound
