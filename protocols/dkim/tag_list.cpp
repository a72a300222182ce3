#include "protocols/dkim/tag_list.hpp"

#include "base/ascii.hpp"
#include "base/base64.hpp"
#include "base/utf8.hpp"
#include "protocols/dkim/limits.hpp"

#include <algorithm>

namespace hauspost::dkim {
namespace {

bool is_space(char c) noexcept {
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

bool is_tag_name(std::string_view name) noexcept {
    return !name.empty() && ascii::is_alpha(name.front()) &&
           std::all_of(name.begin(), name.end(),
                       [](char c) { return ascii::is_alnum(c) || c == '_'; });
}

bool is_tag_value(std::string_view value) noexcept {
    return std::none_of(value.begin(), value.end(),
                        [](char c) { return ascii::is_control(c) && !is_space(c); });
}

}  // namespace

std::optional<tag_list> tag_list::parse(std::string_view text) {
    if (!utf8::is_valid(text)) return std::nullopt;
    tag_list list;
    while (!ascii::trimmed(text).empty()) {
        const auto spec = text.substr(0, text.find(';'));
        text.remove_prefix(std::min(text.size(), spec.size() + 1));
        const auto equals = spec.find('=');
        if (equals == std::string_view::npos) return std::nullopt;
        const tag one{ascii::trimmed(spec.substr(0, equals)),
                      ascii::trimmed(spec.substr(equals + 1))};
        if (!is_tag_name(one.name) || !is_tag_value(one.value)) return std::nullopt;
        if (list.find(one.name) || list.tags_.size() == limits::max_tags) return std::nullopt;
        list.tags_.push_back(one);
    }
    return list;
}

std::optional<std::string_view> tag_list::find(std::string_view name) const noexcept {
    const auto at = std::find_if(tags_.begin(), tags_.end(),
                                 [name](const tag& one) { return one.name == name; });
    if (at == tags_.end()) return std::nullopt;
    return at->value;
}

std::optional<std::string> decode_base64(std::string_view value) {
    std::string dense(value);
    std::erase_if(dense, is_space);
    return base64::decode(dense);
}

std::optional<std::vector<std::string_view>> split_at_colons(std::string_view value,
                                                             std::size_t max_parts) {
    std::vector<std::string_view> parts;
    for (;;) {
        if (parts.size() == max_parts) return std::nullopt;
        const auto colon = value.find(':');
        parts.push_back(ascii::trimmed(value.substr(0, colon)));
        if (colon == std::string_view::npos) return parts;
        value.remove_prefix(colon + 1);
    }
}

}  // namespace hauspost::dkim
