#include "protocols/query/number_set.hpp"

#include <algorithm>
#include <iterator>

namespace hauspost::query {
namespace {

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

bool contains(const mail::uid_ranges& ranges, uid id) noexcept {
    const auto at =
        std::lower_bound(ranges.begin(), ranges.end(), id,
                         [](const mail::uid_range& one, uid wanted) { return one.last < wanted; });
    return at != ranges.end() && at->first <= id;
}

number_set number_set::saved_result() {
    number_set set;
    set.is_saved_result_ = true;
    return set;
}

void number_set::add(std::uint32_t one_end, std::uint32_t other_end) {
    ranges_.push_back({std::min(one_end, other_end), std::max(one_end, other_end)});
}

void number_set::add_to_largest(std::uint32_t partner) {
    has_largest_ = true;
    if (partner == 0) return;
    lowest_partner_ = std::min(lowest_partner_, partner);
    highest_partner_ = std::max(highest_partner_, partner);
}

void number_set::close() {
    normalise(ranges_);
}

number_ranges number_set::resolve(std::uint32_t largest) const {
    auto ranges = ranges_;
    if (has_largest_ && largest != 0) {
        ranges.push_back({std::min(largest, lowest_partner_), std::max(largest, highest_partner_)});
        normalise(ranges);
    }
    return ranges;
}

std::uint32_t number_set::largest_number() const noexcept {
    return std::max(highest_partner_, ranges_.empty() ? 0 : ranges_.back().last);
}

}  // namespace hauspost::query
