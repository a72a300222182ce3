#pragma once

#include <cstdint>

namespace hauspost::outbound {

/// In which the server writes to people.
enum class language : std::uint8_t { german, english };

}  // namespace hauspost::outbound
