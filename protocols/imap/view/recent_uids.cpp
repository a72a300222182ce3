#include "protocols/imap/view/recent_uids.hpp"

#include "protocols/query/number_set.hpp"

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
    return query::contains(ranges_, id);
}

}  // namespace hauspost::imap
