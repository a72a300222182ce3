#include "protocols/pop3/session/maildrop_locks.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <utility>

namespace hauspost::pop3 {

maildrop_locks::lock::lock(lock&& other) noexcept
    : locks_(other.locks_), account_(other.account_), entry_(std::move(other.entry_)) {}

maildrop_locks::lock& maildrop_locks::lock::operator=(lock&& other) noexcept {
    if (this == &other) return *this;
    give_back();
    locks_ = other.locks_;
    account_ = other.account_;
    entry_ = std::move(other.entry_);
    return *this;
}

void maildrop_locks::lock::give_back() noexcept {
    if (!entry_) return;
    entry_->holder = nullptr;
    std::vector<std::shared_ptr<asio::steady_timer>> waiting;
    {
        const std::lock_guard guard(locks_->mutex_);
        locks_->held_.erase(account_);
        waiting.swap(entry_->waiting);
    }
    entry_.reset();
    wake(std::move(waiting));
}

void maildrop_locks::lock::keep() noexcept {
    if (!entry_) return;
    std::vector<std::shared_ptr<asio::steady_timer>> waiting;
    {
        const std::lock_guard guard(locks_->mutex_);
        waiting.swap(entry_->waiting);
    }
    wake(std::move(waiting));
}

/// A waiter looks again when its timer is cancelled, on its own thread.
void maildrop_locks::wake(std::vector<timer> waiting) noexcept {
    for (auto& waiter : waiting) {
        const auto executor = waiter->get_executor();
        asio::post(executor, [waiter = std::move(waiter)] { waiter->cancel(); });
    }
}

/// When another has it and there is a waiter, the holder is asked and the waiter told.
maildrop_locks::lock maildrop_locks::try_take(account_id account,
                                              maildrop_holder& holder,
                                              const asio::any_io_executor& executor,
                                              timer waiter) {
    lock taken;
    std::shared_ptr<entry> other;
    {
        const std::lock_guard guard(mutex_);
        auto& here = held_[account];
        if (!here) {
            here = std::make_shared<entry>();
            here->executor = executor;
            here->holder = &holder;
            taken.locks_ = this;
            taken.account_ = account;
            taken.entry_ = here;
            return taken;
        }
        if (!waiter) return taken;
        other = here;
        other->waiting.push_back(std::move(waiter));
    }
    auto ask = [other] {
        if (other->holder != nullptr) other->holder->on_maildrop_wanted();
    };
    asio::post(other->executor, std::move(ask));
    return taken;
}

awaitable<maildrop_locks::lock> maildrop_locks::take(account_id account,
                                                     maildrop_holder& holder,
                                                     std::chrono::steady_clock::duration patience) {
    const asio::any_io_executor executor = co_await asio::this_coro::executor;
    const auto waiter = std::make_shared<asio::steady_timer>(executor, patience);
    auto taken = try_take(account, holder, executor, waiter);
    if (taken) co_return taken;
    // Whoever wakes it does so on this thread, so not before it waits.
    co_await waiter->async_wait(asio::as_tuple(asio::use_awaitable));
    // Who lost the race to another newcomer is told IN-USE.
    co_return try_take(account, holder, executor, nullptr);
}

}  // namespace hauspost::pop3
