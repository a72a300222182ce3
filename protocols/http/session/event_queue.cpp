#include "protocols/http/session/event_queue.hpp"

#include <utility>

namespace hauspost::http {

bool event_queue::push(const event& what) {
    const auto octets = to_octets(what);
    const std::lock_guard lock(mutex_);
    if (is_over_) return false;
    if (octets.size() > max_octets_ - waiting_.size()) {
        is_over_ = true;
        resume_waiter();
        return false;
    }
    waiting_ += octets;
    resume_waiter();
    return true;
}

void event_queue::end() noexcept {
    const std::lock_guard lock(mutex_);
    is_over_ = true;
    resume_waiter();
}

void event_queue::stop() noexcept {
    const std::lock_guard lock(mutex_);
    is_over_ = true;
    waiting_.clear();
    resume_waiter();
}

/// Holding the mutex.
void event_queue::resume_waiter() noexcept {
    if (auto* waiter = std::exchange(waiter_, nullptr)) waiter->post();
}

awaitable<std::string> event_queue::next() {
    suspension here;
    auto start = [this, &here] {
        const std::lock_guard lock(mutex_);
        if (waiting_.empty() && !is_over_)
            waiter_ = &here;
        else
            here.post();
    };
    co_await suspend(here, start);
    const std::lock_guard lock(mutex_);
    co_return std::exchange(waiting_, std::string());
}

}  // namespace hauspost::http
