#pragma once

#include <cstdint>

namespace hauspost::mail {

/// How far below a named annotation to look. RFC 5464 4.2.2
enum class metadata_depth : std::uint8_t { zero, one, infinity };

}  // namespace hauspost::mail
