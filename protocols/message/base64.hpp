#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace hauspost::message {

/// Decodes base64 as mail has it: octets outside the alphabet are skipped, "=" ends a quantum and
/// what follows begins a new one. Input may be cut anywhere. RFC 2045 6.8.
class base64_decoder {
public:
    /// Appends what can be decoded so far to `out`.
    void feed(std::string_view octets, std::string& out);
    /// The end of input: an incomplete quantum gives the whole octets it has.
    void finish(std::string& out);

private:
    std::uint32_t bits_ = 0;
    unsigned digits_ = 0;  // of the quantum that is not complete, 0 to 3
};

/// Without line ends; with padding.
[[nodiscard]] std::string encode_base64(std::string_view octets);

}  // namespace hauspost::message
