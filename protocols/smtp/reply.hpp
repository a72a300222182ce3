#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace hauspost::smtp {

/// A reply of one line: code, enhanced status code (RFC 3463, RFC 5248; empty where RFC 2034 4 has
/// none), text. The views are of constants.
struct reply {
    std::uint16_t code = 0;
    std::string_view enhanced;
    std::string_view text;

    /// As it goes out, with CRLF.
    void append_to(std::string& out) const;
};

}  // namespace hauspost::smtp
