#pragma once

#include <cstdint>

namespace hauspost::imap {

/// The states of RFC 9051 3.
enum class phase : std::uint8_t { not_authenticated, authenticated, selected, closing };

}  // namespace hauspost::imap
