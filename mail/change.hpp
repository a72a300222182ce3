#pragma once

#include <cstdint>

namespace hauspost::mail {

/// What becomes of a set, of flags or of rights, with those that are named: these and no others,
/// these too, or without these. RFC 9051 6.4.6; 4314 3.1
enum class change : std::uint8_t { set, add, remove };

}  // namespace hauspost::mail
