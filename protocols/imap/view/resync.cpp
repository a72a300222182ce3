#include "protocols/imap/view/resync.hpp"

#include <algorithm>

namespace hauspost::imap {

mail::uid_ranges common(const mail::uid_ranges& uids, const number_ranges& wanted) {
    mail::uid_ranges both;
    std::size_t a = 0, b = 0;
    while (a < uids.size() && b < wanted.size()) {
        const auto first = std::max(uids[a].first.value(), wanted[b].first);
        const auto last = std::min(uids[a].last.value(), wanted[b].last);
        if (first <= last) both.push_back({uid(first), uid(last)});
        if (uids[a].last.value() < wanted[b].last)
            ++a;
        else
            ++b;
    }
    return both;
}

uid last_match(const mailbox_view& view, const sequence_set& sequences, const sequence_set& uids) {
    const auto numbers = sequences.resolve(0);
    const auto ids = uids.resolve(0);
    uid matched;
    std::size_t a = 0, b = 0;
    std::uint32_t a_done = 0, b_done = 0;  // of the ranges at a and b
    while (a < numbers.size() && b < ids.size()) {
        const auto number = numbers[a].first + a_done;
        const auto id = ids[b].first + b_done;
        // Both are consecutive for so many, less one; that many may be 2^32.
        const auto more = std::min(numbers[a].last - number, ids[b].last - id);
        const auto is_match = [&](std::uint32_t n) {
            return view.uid_at(number + n) == uid(id + n);
        };
        if (!is_match(0)) return matched;
        std::uint32_t low = 0, high = more;
        while (low < high) {
            const auto middle = low + (high - low + 1) / 2;
            if (is_match(middle))
                low = middle;
            else
                high = middle - 1;
        }
        matched = uid(id + low);
        if (low < more) return matched;
        const bool a_ends = number + more == numbers[a].last;
        const bool b_ends = id + more == ids[b].last;
        a_done = a_ends ? 0 : a_done + more + 1;
        b_done = b_ends ? 0 : b_done + more + 1;
        a += a_ends ? 1 : 0;
        b += b_ends ? 1 : 0;
    }
    return matched;
}

}  // namespace hauspost::imap
