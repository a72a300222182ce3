#include "protocols/http/field_list.hpp"

#include "base/ascii.hpp"

#include <algorithm>

namespace hauspost::http {

void field_list::add(std::string_view name, std::string_view value) {
    place here{};
    here.name_at = static_cast<std::uint32_t>(octets_.size());
    here.name_octets = static_cast<std::uint32_t>(name.size());
    octets_ += name;
    here.value_at = static_cast<std::uint32_t>(octets_.size());
    here.value_octets = static_cast<std::uint32_t>(value.size());
    octets_ += value;
    places_.push_back(here);
}

field_list::field field_list::at(std::size_t index) const noexcept {
    const auto& here = places_[index];
    const std::string_view octets(octets_);
    return {octets.substr(here.name_at, here.name_octets),
            octets.substr(here.value_at, here.value_octets)};
}

std::optional<std::string_view> field_list::find(std::string_view name) const noexcept {
    for (std::size_t i = 0; i < size(); ++i) {
        const auto one = at(i);
        if (ascii::equal_nocase(one.name, name)) return one.value;
    }
    return std::nullopt;
}

std::size_t field_list::count(std::string_view name) const noexcept {
    std::size_t found = 0;
    for (std::size_t i = 0; i < size(); ++i)
        found += ascii::equal_nocase(at(i).name, name) ? 1 : 0;
    return found;
}

std::optional<std::string> field_list::joined(std::string_view name) const {
    std::optional<std::string> all;
    for (std::size_t i = 0; i < size(); ++i) {
        const auto one = at(i);
        if (!ascii::equal_nocase(one.name, name)) continue;
        if (all)
            *all += ", ";
        else
            all.emplace();
        *all += one.value;
    }
    return all;
}

bool list_reader::next(std::string_view& element) noexcept {
    while (!rest_.empty()) {
        const auto comma = std::min(rest_.find(','), rest_.size());
        element = ascii::trimmed(rest_.substr(0, comma));
        rest_.remove_prefix(std::min(comma + 1, rest_.size()));
        if (!element.empty()) return true;
    }
    return false;
}

bool is_token(std::string_view text) noexcept {
    constexpr std::string_view marks = "!#$%&'*+-.^_`|~";
    const auto is_mark = [marks](char c) {
        return ascii::is_alnum(c) || marks.find(c) != std::string_view::npos;
    };
    return !text.empty() && std::all_of(text.begin(), text.end(), is_mark);
}

}  // namespace hauspost::http
