#pragma once

#include "base/awaitable.hpp"
#include "base/ids.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <memory>
#include <mutex>
#include <unordered_map>
#include <vector>

namespace hauspost::pop3 {

/// A session that holds a maildrop.
class maildrop_holder {
public:
    virtual ~maildrop_holder() = default;
    /// Another session wants the maildrop. Either give the lock back soon, or call
    /// lock::keep(). Called on the holder's executor.
    virtual void on_maildrop_wanted() noexcept = 0;
};

/// One POP3 session for each account (RFC 1939 4). A newcomer asks the holder whether it is still
/// there: a holder whose peer is gone, or has been silent for longer than it may, gives way.
///
/// Thread: any.
class maildrop_locks {
    struct entry;

public:
    /// A maildrop that is held; given back when it goes, on the holder's thread.
    class lock {
    public:
        lock() = default;
        lock(lock&& other) noexcept;
        lock& operator=(lock&& other) noexcept;
        ~lock() { give_back(); }
        [[nodiscard]] explicit operator bool() const noexcept { return entry_ != nullptr; }
        void give_back() noexcept;
        /// The answer to on_maildrop_wanted when the holder stays.
        void keep() noexcept;

    private:
        friend class maildrop_locks;
        maildrop_locks* locks_ = nullptr;
        account_id account_;
        std::shared_ptr<entry> entry_;
    };

    /// Waits for at most `patience` when another session holds it.
    /// holder   told on the executor of the calling coroutine while it has the lock; must live so
    ///          long
    /// Returns  an empty lock when another session goes on holding it
    awaitable<lock> take(account_id account,
                         maildrop_holder& holder,
                         std::chrono::steady_clock::duration patience);

private:
    struct entry {
        asio::any_io_executor executor;
        maildrop_holder* holder = nullptr;  // null once given back; the holder's thread only
        std::vector<std::shared_ptr<asio::steady_timer>> waiting;  // under the mutex
    };

    using timer = std::shared_ptr<asio::steady_timer>;
    lock try_take(account_id account,
                  maildrop_holder& holder,
                  const asio::any_io_executor& executor,
                  timer waiter);
    static void wake(std::vector<timer> waiting) noexcept;

    std::mutex mutex_;
    std::unordered_map<account_id, std::shared_ptr<entry>> held_;
};

}  // namespace hauspost::pop3
