#include "server/config/item_text.hpp"

#include "base/ascii.hpp"
#include "base/utf8.hpp"
#include "server/config/config_values.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <utility>

namespace hauspost::server {
namespace {

using named_unit = std::pair<std::uint64_t, std::string_view>;

constexpr std::array<named_unit, 4> units_of_size{{{std::uint64_t{1} << 40, " TiB"},
                                                   {std::uint64_t{1} << 30, " GiB"},
                                                   {std::uint64_t{1} << 20, " MiB"},
                                                   {std::uint64_t{1} << 10, " KiB"}}};
constexpr std::array<named_unit, 3> units_of_time{{{86'400, "d"}, {3600, "h"}, {60, "min"}}};

template <class Units>
std::string in_largest(const Units& units, std::uint64_t number, std::string_view smallest) {
    for (const auto& [factor, name] : units)
        if (number != 0 && number % factor == 0)
            return std::to_string(number / factor) + std::string(name);
    return std::to_string(number) + (number == 0 ? "" : std::string(smallest));
}

std::optional<std::uint64_t> whole_number(std::string_view typed) {
    std::uint64_t number = 0;
    const auto* const end = typed.data() + typed.size();
    const auto [stop, wrong] = std::from_chars(typed.data(), end, number);
    if (wrong != std::errc{} || stop != end) return std::nullopt;
    return number;
}

text_fault set_within(const config_item& item, std::uint64_t number) {
    const bool is_off = number == 0 && item.zero_is_off;
    if (!is_off && (number < item.least || number > item.most)) return text_fault::out_of_range;
    item.set(number);
    return text_fault::none;
}

text_fault set_flag(const config_item& item, std::string_view typed) {
    const auto word = ascii::lowered(typed);
    const bool is_on = word == "on" || word == "true";
    if (!is_on && word != "off" && word != "false") return text_fault::no_flag;
    item.set(is_on);
    return text_fault::none;
}

text_fault set_words(const config_item& item, std::string_view typed) {
    if (typed.size() > max_item_text || !utf8::is_valid(typed)) return text_fault::too_long;
    if (!item.words.empty() &&
        std::find(item.words.begin(), item.words.end(), typed) == item.words.end())
        return text_fault::none_of_words;
    item.set(std::string(typed));
    return text_fault::none;
}

}  // namespace

text_fault set_from_text(const config_item& item, std::string_view text) {
    const auto typed = ascii::trimmed(text);
    switch (item.kind) {
    case item_kind::text: return set_words(item, typed);
    case item_kind::flag: return set_flag(item, typed);
    case item_kind::count:
        if (const auto number = whole_number(typed)) return set_within(item, *number);
        return text_fault::no_count;
    case item_kind::octets:
        if (const auto size = parse_octet_size(typed)) return set_within(item, size->octets);
        return text_fault::no_size;
    case item_kind::time:
        // Seconds are what nobody means who leaves the unit out.
        if (const auto number = whole_number(typed); number && *number != 0)
            return text_fault::no_time;
        if (const auto time = parse_duration(typed))
            return set_within(item, static_cast<std::uint64_t>(time->count()));
        return text_fault::no_time;
    case item_kind::addresses: break;
    }
    return text_fault::none_of_words;
}

std::string text_of(item_kind kind, std::uint64_t number) {
    switch (kind) {
    case item_kind::octets: return in_largest(units_of_size, number, "");
    case item_kind::time: return in_largest(units_of_time, number, "s");
    default: return std::to_string(number);
    }
}

std::string text_of(const config_item& item) {
    switch (item.kind) {
    case item_kind::text: return item.text();
    case item_kind::flag: return item.flag() ? "on" : "off";
    case item_kind::addresses: return {};
    default: return text_of(item.kind, item.number());
    }
}

}  // namespace hauspost::server
