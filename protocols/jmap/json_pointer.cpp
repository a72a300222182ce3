#include "protocols/jmap/json_pointer.hpp"

#include "base/ascii.hpp"

#include <algorithm>

namespace hauspost::jmap {

bool is_pointer(std::string_view text) noexcept {
    if (!text.empty() && text.front() != '/') return false;
    for (auto at = text.find('~'); at != text.npos; at = text.find('~', at + 1))
        if (at + 1 == text.size() || (text[at + 1] != '0' && text[at + 1] != '1')) return false;
    return true;
}

pointer_step first_step(std::string_view pointer) {
    pointer.remove_prefix(1);
    const auto end = std::min(pointer.find('/'), pointer.size());
    pointer_step made{{}, pointer.substr(end)};
    const auto token = pointer.substr(0, end);
    for (std::size_t n = 0; n < token.size(); ++n) {
        if (token[n] == '~' && n + 1 < token.size())
            made.name += token[++n] == '1' ? '/' : '~';
        else
            made.name += token[n];
    }
    return made;
}

std::optional<std::size_t> index_of(std::string_view token) noexcept {
    constexpr std::size_t most_digits = 9;
    if (token.empty() || token.size() > most_digits) return std::nullopt;
    if (token.size() > 1 && token.front() == '0') return std::nullopt;
    std::size_t number = 0;
    for (const char c : token) {
        if (!ascii::is_digit(c)) return std::nullopt;
        number = number * 10 + static_cast<std::size_t>(c - '0');
    }
    return number;
}

}  // namespace hauspost::jmap
