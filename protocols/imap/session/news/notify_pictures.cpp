#include "protocols/imap/session/news/notify_pictures.hpp"

#include <algorithm>
#include <utility>

namespace hauspost::imap {

notify_pictures::notify_pictures(std::chrono::milliseconds least_gap) : least_gap_(least_gap) {}

notify_pictures& notify_pictures::shared() {
    static notify_pictures all;
    return all;
}

notify_pictures::taken notify_pictures::latest(const kind& of) const {
    const std::lock_guard lock(mutex_);
    const auto at = entries_.find(of);
    if (at == entries_.end()) return {};
    return {at->second.began, at->second.picture};
}

std::optional<steady_time> notify_pictures::reserve(const kind& of, steady_time now) {
    const std::lock_guard lock(mutex_);
    if (entries_.size() >= tidy_at_) forget_unused(now);
    auto& mine = entries_[of];
    if (mine.next_at > now) return mine.next_at;
    mine.next_at = now + least_gap_;
    return std::nullopt;
}

void notify_pictures::keep(const kind& of,
                           steady_time began,
                           steady_time ended,
                           std::shared_ptr<const notify_picture> picture) {
    const std::lock_guard lock(mutex_);
    auto& mine = entries_[of];
    ++count_;
    const auto rest = std::min<steady_time::duration>((ended - began) * rest_share, longest_gap);
    mine.next_at = std::max(mine.next_at, ended + rest);
    if (mine.began > began) return;
    mine.began = began;
    mine.picture = std::move(picture);
}

void notify_pictures::forget(const void* store) {
    const std::lock_guard lock(mutex_);
    std::erase_if(entries_, [store](const auto& one) { return one.first.store == store; });
}

std::uint64_t notify_pictures::count() const {
    const std::lock_guard lock(mutex_);
    return count_;
}

/// Who waits for a picture takes it within the gap, or a newer one.
void notify_pictures::forget_unused(steady_time now) {
    std::erase_if(entries_,
                  [now](const auto& one) { return one.second.next_at + longest_gap <= now; });
    tidy_at_ = std::max(fewest_to_tidy, entries_.size() * 2);
}

}  // namespace hauspost::imap
