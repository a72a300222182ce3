#pragma once

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace hauspost::jmap {

namespace json = boost::json;

enum class json_fault : std::uint8_t {
    none,
    not_json,  // or not the JSON that is asked for: a name twice, no UTF-8, half a surrogate pair
    too_deep,
    too_many,  // values
};

struct json_bounds {
    std::size_t depth;
    std::size_t values;
};

/// A text that a client sends, as JSON. Depth and number of values are counted before anything is
/// taken apart, so that a text costs no more memory than its bounds allow.
/// RFC  7493 2.1, 2.3; 8620 1.8
[[nodiscard]] json_fault parse_json(std::string_view text, json_bounds within, json::value& into);

[[nodiscard]] inline std::string_view view_of(const json::string& text) noexcept {
    return {text.data(), text.size()};
}
[[nodiscard]] inline std::string_view view_of(json::string_view text) noexcept {
    return {text.data(), text.size()};
}
[[nodiscard]] inline json::value text_or_null(std::string_view text) {
    return text.empty() ? json::value(nullptr) : json::value(text);
}
/// nullptr: there is no such member.
[[nodiscard]] inline const json::value* find_in(const json::object& of,
                                                std::string_view name) noexcept {
    return of.if_contains(json::string_view(name.data(), name.size()));
}

/// What a value costs to keep or to write, roughly in octets. Stops counting at `enough`.
[[nodiscard]] std::size_t weight_of(const json::value& of, std::size_t enough);

}  // namespace hauspost::jmap
