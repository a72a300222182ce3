#include "protocols/imap/session/mailboxes/rename_gate.hpp"

#include <algorithm>

namespace hauspost::imap {

rename_gate& rename_gate::shared() {
    static rename_gate all;
    return all;
}

std::optional<steady_time> rename_gate::take(const account& of,
                                             steady_time now,
                                             std::size_t mailboxes) {
    if (mailboxes < large_tree) return now;
    const std::lock_guard lock(mutex_);
    std::erase_if(free_at_, [now](const auto& one) { return one.second <= now; });
    const auto at = free_at_.find(of);
    const auto begin = at == free_at_.end() ? now : at->second;
    if (begin - now > longest_wait) return std::nullopt;
    // Any tree may be renamed at some time, however large it is.
    const auto count = static_cast<std::chrono::milliseconds::rep>(mailboxes);
    free_at_[of] =
        begin + std::min<steady_time::duration>(gap_for_each_mailbox * count, longest_wait);
    return begin;
}

void rename_gate::forget(const void* store) {
    const std::lock_guard lock(mutex_);
    std::erase_if(free_at_, [store](const auto& one) { return one.first.store == store; });
}

}  // namespace hauspost::imap
