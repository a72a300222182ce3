#pragma once

#include "server/config/config_items.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace hauspost::server {

// Values of items as people type them one by one: "5 GiB", "14d", "500", "on", without quotes. A length of
// time has a unit here.

/// Why a text is no value of an item.
enum class text_fault : std::uint8_t {
    none,
    no_count,
    no_size,
    no_time,
    no_flag,
    none_of_words,
    too_long,
    out_of_range,
};

/// Sets the item when the text is a value of it. Not for lists of addresses.
[[nodiscard]] text_fault set_from_text(const config_item& item, std::string_view typed);

/// As set_from_text takes it: in the largest unit that leaves a whole number.
[[nodiscard]] std::string text_of(const config_item& item);

/// A number of its kind alike: "14d" for so many seconds.
[[nodiscard]] std::string text_of(item_kind kind, std::uint64_t number);

inline constexpr std::size_t max_item_text = 800;

}  // namespace hauspost::server
