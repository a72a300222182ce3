#pragma once

#include <cstdint>
#include <string>

namespace hauspost::random {

/// Octets from the system's cryptographic generator. Throws std::runtime_error when it has none.
[[nodiscard]] std::string octets(std::size_t count);
[[nodiscard]] std::uint64_t number();
/// Letters and digits that cannot be mistaken for one another (no 0 O 1 l I), for passwords and
/// names. About 5.8 bits each.
[[nodiscard]] std::string readable(std::size_t count);

}  // namespace hauspost::random
