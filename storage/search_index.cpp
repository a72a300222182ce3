#include "storage/search_index.hpp"

#include <algorithm>

namespace hauspost::storage {

uid index_answer::covered_below(mailbox_id mailbox) const noexcept {
    const auto at = std::lower_bound(covered.begin(), covered.end(), mailbox,
                                     [](const auto& row, mailbox_id id) { return row.first < id; });
    return at != covered.end() && at->first == mailbox ? at->second : uid();
}

}  // namespace hauspost::storage
