#include "storage/lmdb/sign_in_notes.hpp"

#include "base/log.hpp"
#include "storage/lmdb/sign_in_rows.hpp"
#include "storage/sign_in_store.hpp"

#include <algorithm>
#include <exception>

namespace hauspost::storage::lmdb {

void sign_in_notes::add(const sign_in& seen, std::int64_t at) noexcept {
    try {
        const place where{seen.account, seen.door, seen.network};
        const std::lock_guard lock(mutex_);
        if (waiting_.size() >= max_waiting && !waiting_.contains(where)) return;
        if (noted_.size() >= max_remembered) noted_.clear();
        words said{where, seen.program, seen.is_encrypted};
        const auto [known, is_new] = noted_.try_emplace(std::move(said), at);
        // A clock that was set back must not silence anybody for long.
        const auto age = at - known->second;
        if (!is_new && age >= 0 && age < sign_in_store::refreshed_after.count()) return;
        known->second = at;
        if (waiting_.empty()) since_ = std::chrono::steady_clock::now();
        waiting_[where] = {seen, at, next_number_++};
    } catch (const std::exception& error) {
        log::error("sign_in_note_fault what={}", log_safe(error.what()));
    }
}

bool sign_in_notes::is_waiting(std::chrono::steady_clock::duration at_least) const {
    const std::lock_guard lock(mutex_);
    return !waiting_.empty() && std::chrono::steady_clock::now() - since_ >= at_least;
}

void sign_in_notes::write(write_context& context) {
    std::vector<note> all;
    {
        const std::lock_guard lock(mutex_);
        written_ = next_number_ - 1;
        for (const auto& [where, one] : waiting_)
            all.push_back(one);
    }
    // The last one of an account and door is the last one in its row.
    std::sort(all.begin(), all.end(),
              [](const note& a, const note& b) { return a.number < b.number; });
    if (context.is_room_low) return;  // it is worth less than the room that is left
    for (const auto& one : all)
        sign_in_rows::put(context.tx, one.seen, one.at);
}

void sign_in_notes::committed() noexcept {
    const std::lock_guard lock(mutex_);
    std::erase_if(waiting_, [this](const auto& one) { return one.second.number <= written_; });
}

}  // namespace hauspost::storage::lmdb
