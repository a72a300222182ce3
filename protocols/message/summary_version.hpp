#pragma once

#include <cstdint>

namespace hauspost::message {

/// Of what summarize() says. Raised with each change of it: at the next start the server makes the
/// summaries of all stored messages anew, and the full-text indexes with them.
inline constexpr std::uint32_t summary_version = 3;

}  // namespace hauspost::message
