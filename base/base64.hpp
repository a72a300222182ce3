#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace hauspost::base64 {

/// With padding, without line ends. RFC 4648 4
[[nodiscard]] std::string encode(std::string_view octets);

/// Base64 as AUTH exchanges need it, stricter than mail's: the whole text is one run of the
/// alphabet, padded to a multiple of four, without blanks or line ends, and the bits behind the
/// last octet are zero, so that each value has exactly one spelling.
///
/// Returns  nullopt for anything else
/// RFC      4648 3.2, 3.3, 3.5; 4954 4 ("=" alone is the caller's matter)
[[nodiscard]] std::optional<std::string> decode(std::string_view text);

/// Decodes base64 as mail has it: octets outside the alphabet are skipped, "=" ends a quantum and
/// what follows begins a new one. Input may be cut anywhere. RFC 2045 6.8.
class mime_decoder {
public:
    /// Appends what can be decoded so far to `out`.
    void feed(std::string_view octets, std::string& out);
    /// The end of input: an incomplete quantum gives the whole octets it has.
    void finish(std::string& out);

private:
    std::uint32_t bits_ = 0;
    unsigned digits_ = 0;  // of the quantum that is not complete, 0 to 3
};

}  // namespace hauspost::base64
