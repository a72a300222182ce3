#include "storage/lmdb/trace_notes.hpp"

#include <exception>
#include <utility>

namespace hauspost::storage::lmdb {

void trace_notes::add(trace_event event) noexcept {
    const std::lock_guard lock(mutex_);
    if (!is_any_) since_ = std::chrono::steady_clock::now();
    is_any_ = true;
    if (waiting_.size() >= max_waiting) {
        ++lost_;
        return;
    }
    try {
        waiting_.push_back(std::move(event));
    } catch (const std::exception&) {
        ++lost_;  // no memory: what is being done is worth more than its trace
    }
}

void trace_notes::count_lost(std::size_t steps) noexcept {
    const std::lock_guard lock(mutex_);
    if (!is_any_) since_ = std::chrono::steady_clock::now();
    is_any_ = true;
    lost_ += steps;
}

bool trace_notes::is_waiting(std::chrono::steady_clock::duration at_least) const {
    const std::lock_guard lock(mutex_);
    return is_any_ && std::chrono::steady_clock::now() - since_ >= at_least;
}

void trace_notes::take_in_hand() {
    const std::lock_guard lock(mutex_);
    if (!in_hand_.empty() || lost_in_hand_ != 0) return;  // of a commit that failed: first these
    in_hand_.swap(waiting_);
    lost_in_hand_ = std::exchange(lost_, 0);
}

void trace_notes::hand_out(function_ref<void(const trace_event&)> write) {
    take_in_hand();
    for (const auto& one : in_hand_)
        write(one);
    if (lost_in_hand_ == 0) return;
    trace_event lost;
    lost.step = trace_step::steps_lost;
    lost.number = lost_in_hand_;
    write(lost);
}

void trace_notes::forget_written() noexcept {
    in_hand_.clear();
    lost_in_hand_ = 0;
    const std::lock_guard lock(mutex_);
    is_any_ = !waiting_.empty() || lost_ != 0;
}

void trace_notes::drop() noexcept {
    const std::lock_guard lock(mutex_);
    lost_ += waiting_.size() + in_hand_.size() + std::exchange(lost_in_hand_, 0);
    waiting_.clear();
    in_hand_.clear();
}

}  // namespace hauspost::storage::lmdb
