#include "protocols/imap/sequence_set.hpp"

#include "base/ascii.hpp"

#include <algorithm>

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

void normalise(number_ranges& ranges) {
    std::sort(ranges.begin(), ranges.end(),
              [](const auto& a, const auto& b) { return a.first < b.first; });
    std::size_t kept = 0;
    for (const auto& range : ranges) {
        // 64 bits, because last + 1 may not fit.
        if (kept > 0 && range.first <= std::uint64_t{ranges[kept - 1].last} + 1)
            ranges[kept - 1].last = std::max(ranges[kept - 1].last, range.last);
        else
            ranges[kept++] = range;
    }
    ranges.resize(kept);
}

}  // namespace

bool contains(const number_ranges& ranges, std::uint32_t number) noexcept {
    const auto after = std::upper_bound(
        ranges.begin(), ranges.end(), number,
        [](std::uint32_t n, const number_range& range) { return n < range.first; });
    return after != ranges.begin() && number <= std::prev(after)->last;
}

std::optional<sequence_set> sequence_set::parse(std::string_view text) {
    sequence_set set;
    if (text == "$") {
        set.is_saved_result_ = true;
        return set;
    }
    for (;;) {
        const auto first = take_number(text);
        if (!first) return std::nullopt;
        auto last = first;
        if (!text.empty() && text.front() == ':') {
            text.remove_prefix(1);
            last = take_number(text);
            if (!last) return std::nullopt;
        }
        if (*first == 0 || *last == 0) {
            set.has_star_ = true;
            if (const auto partner = std::max(*first, *last); partner != 0) {
                set.lowest_partner_ = std::min(set.lowest_partner_, partner);
                set.highest_partner_ = std::max(set.highest_partner_, partner);
            }
        } else {
            set.ranges_.push_back({std::min(*first, *last), std::max(*first, *last)});
        }
        if (text.empty()) break;
        if (text.front() != ',') return std::nullopt;
        text.remove_prefix(1);
    }
    normalise(set.ranges_);
    return set;
}

number_ranges sequence_set::resolve(std::uint32_t largest) const {
    auto ranges = ranges_;
    if (has_star_ && largest != 0) {
        ranges.push_back({std::min(largest, lowest_partner_), std::max(largest, highest_partner_)});
        normalise(ranges);
    }
    return ranges;
}

std::uint32_t sequence_set::largest_number() const noexcept {
    return std::max(highest_partner_, ranges_.empty() ? 0 : ranges_.back().last);
}

}  // namespace hauspost::imap
