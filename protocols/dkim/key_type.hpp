#pragma once

#include <cstdint>

namespace hauspost::dkim {

/// RFC 6376 3.6.1 k=; RFC 8463 4.
enum class key_type : std::uint8_t { rsa, ed25519 };

}  // namespace hauspost::dkim
