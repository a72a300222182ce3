#include "protocols/imap/grammar/sequence_set.hpp"

#include "base/ascii.hpp"

#include <algorithm>
#include <cstdint>

namespace hauspost::imap {
namespace {

/// nz-number or "*" at the front of text, taken off. Zero stands for "*".
std::optional<std::uint32_t> take_number(std::string_view& text) {
    if (text.empty()) return std::nullopt;
    if (text.front() == '*') {
        text.remove_prefix(1);
        return 0;
    }
    if (!ascii::is_digit(text.front()) || text.front() == '0') return std::nullopt;
    std::uint64_t value = 0;
    while (!text.empty() && ascii::is_digit(text.front())) {
        value = value * 10 + static_cast<std::uint64_t>(text.front() - '0');
        if (value > UINT32_MAX) return std::nullopt;
        text.remove_prefix(1);
    }
    return static_cast<std::uint32_t>(value);
}

}  // namespace

std::optional<sequence_set> parse_sequence_set(std::string_view text) {
    if (text == "$") return sequence_set::saved_result();
    sequence_set set;
    for (;;) {
        const auto first = take_number(text);
        if (!first) return std::nullopt;
        auto last = first;
        if (!text.empty() && text.front() == ':') {
            text.remove_prefix(1);
            last = take_number(text);
            if (!last) return std::nullopt;
        }
        if (*first == 0 || *last == 0)
            set.add_to_largest(std::max(*first, *last));
        else
            set.add(*first, *last);
        if (text.empty()) break;
        if (text.front() != ',') return std::nullopt;
        text.remove_prefix(1);
    }
    set.close();
    return set;
}

}  // namespace hauspost::imap
