#include "admin/page.hpp"

#include "base/address.hpp"
#include "base/ascii.hpp"
#include "base/lower_nfc.hpp"

#include <algorithm>

namespace hauspost::admin {
namespace {

std::string folded(std::string_view text) {
    return lower_nfc(text).value_or(std::string(text));
}

/// Nothing in it is folded or spelt in another way but for A to Z; so are nearly all.
bool is_plain(std::string_view text) {
    return std::all_of(text.begin(), text.end(), [](char c) { return (c & 0x80) == 0; }) &&
           text.find("--") == std::string_view::npos;
}

bool plain_holds(std::string_view text, std::string_view folded_part) {
    const auto found =
        std::search(text.begin(), text.end(), folded_part.begin(), folded_part.end(),
                    [](char letter, char wanted) { return ascii::to_lower(letter) == wanted; });
    return found != text.end();
}

}  // namespace

text_filter::text_filter(std::string_view filter) : filter_(folded(filter)) {}

/// Names are looked at in both spellings of their domain.
bool text_filter::wants(std::initializer_list<std::string_view> texts) const {
    if (filter_.empty()) return true;
    const auto holds = [this](std::string_view text) {
        return folded(text).find(filter_) != std::string::npos;
    };
    return std::any_of(texts.begin(), texts.end(), [this, &holds](std::string_view text) {
        if (is_plain(text)) return plain_holds(text, filter_);
        return holds(text) || holds(address::shown(text));
    });
}

bool text_filter::wants_any_line(std::string_view lines) const {
    for (;;) {
        const auto end = lines.find('\n');
        if (wants({lines.substr(0, end)})) return true;
        if (end == std::string_view::npos) return false;
        lines.remove_prefix(end + 1);
    }
}

}  // namespace hauspost::admin
