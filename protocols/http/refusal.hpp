#pragma once

#include <string_view>

namespace hauspost::http {

/// Why a request is not answered by its handler. After one that was read only in part nobody can
/// tell where the next one begins: the connection ends.
struct refusal {
    refusal() = default;
    constexpr refusal(unsigned with, std::string_view why) noexcept : status(with), reason(why) {}

    unsigned status = 400;
    std::string_view reason;  // a word, a constant: "bare_cr"
};

}  // namespace hauspost::http
