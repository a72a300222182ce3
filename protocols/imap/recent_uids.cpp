#include "protocols/imap/recent_uids.hpp"

#include <algorithm>

namespace hauspost::imap {

void recent_uids::add(uid first, uid last) {
    if (first > last) return;
    if (!ranges_.empty()) {
        auto& before = ranges_.back();
        if (last <= before.last) return;
        if (first.value() <= before.last.value() + 1) {
            before.last = last;
            return;
        }
    }
    if (ranges_.size() == max_ranges) ranges_.erase(ranges_.begin());
    ranges_.push_back({first, last});
}

bool recent_uids::contains(uid id) const noexcept {
    const auto at =
        std::lower_bound(ranges_.begin(), ranges_.end(), id,
                         [](const mail::uid_range& one, uid wanted) { return one.last < wanted; });
    return at != ranges_.end() && at->first <= id;
}

}  // namespace hauspost::imap
