#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace hauspost::jmap {

/// The first token of a JSON pointer, unescaped, and what stands behind it.
struct pointer_step {
    std::string name;
    std::string_view rest;  // empty, or begins with "/"
};

/// "" or "/" followed by tokens in which each "~" is part of "~0" or "~1". RFC 6901 3
[[nodiscard]] bool is_pointer(std::string_view text) noexcept;

/// Precondition: is_pointer(pointer), which is not empty.
[[nodiscard]] pointer_step first_step(std::string_view pointer);

/// A place in a list: digits without a leading zero. RFC 6901 4
[[nodiscard]] std::optional<std::size_t> index_of(std::string_view token) noexcept;

}  // namespace hauspost::jmap
