#pragma once

#include "base/function_ref.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace hauspost::dkim {

/// Gives on so many line ends, in pieces: a body of empty lines costs no memory.
inline void pass_line_ends(std::uint64_t count, function_ref<void(std::string_view)> out) {
    constexpr std::size_t at_once = 256;
    static constexpr auto ends = [] {
        std::array<char, at_once * 2> text{};
        for (std::size_t i = 0; i < at_once; ++i) {
            text[2 * i] = '\r';
            text[2 * i + 1] = '\n';
        }
        return text;
    }();
    while (count > 0) {
        const auto now = std::min<std::uint64_t>(count, at_once);
        out(std::string_view(ends.data(), static_cast<std::size_t>(now) * 2));
        count -= now;
    }
}

}  // namespace hauspost::dkim
