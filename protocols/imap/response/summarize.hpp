#pragma once

#include "protocols/message/summary.hpp"

#include <string_view>

namespace hauspost::imap {

/// As message::summarize, with the texts that FETCH tells as they stand in the summary: ENVELOPE
/// and BODYSTRUCTURE. The message is taken apart once for both.
[[nodiscard]] message::summary summarize(std::string_view octets);

}  // namespace hauspost::imap
