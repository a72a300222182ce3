#pragma once

#include "base/clock.hpp"
#include "base/suspension.hpp"
#include "storage/errc.hpp"
#include "storage/lmdb/free_space.hpp"
#include "storage/lmdb/store_health.hpp"
#include "storage/lmdb/write_context.hpp"

#include <chrono>
#include <condition_variable>
#include <deque>
#include <exception>
#include <functional>
#include <future>
#include <mutex>
#include <optional>
#include <span>
#include <thread>
#include <type_traits>
#include <utility>
#include <vector>

namespace hauspost::storage::lmdb {

/// A refusal as the outcome of an operation: an error_code or a result<T>.
template <class Outcome>
[[nodiscard]] Outcome refusal(errc code) {
    if constexpr (std::is_same_v<Outcome, error_code>)
        return make_error_code(code);
    else
        return Outcome(boost::system::in_place_error, make_error_code(code));
}

/// The one thread that changes the store: group commit.
///
/// It takes what is queued, runs all operations in one LMDB transaction, writes the bodies of those
/// that were not refused with one call, syncs the segments, commits, and then wakes all callers,
/// each network thread once. When the last batch had more than one operation it waits up to
/// `gather_at_most` for as many again, so that woken callers meet in one commit; a lone caller
/// never waits. An operation that throws is rolled back with its batch; the others run again
/// without it, each alone, so that a fault that comes of one harms no other.
///
/// After a commit that failed for another reason than want of room, and after a failed sync, the
/// store is broken: nothing is written any more. What was in such a commit ends unsure.
class writer {
public:
    struct settings {
        std::chrono::microseconds gather_at_most{250};
        std::size_t max_waiting = 8192;
        const clock* time = nullptr;
        /// Inside the transaction, after all operations.
        std::function<void(write_context&)> before_commit;
        /// After each commit, on the writer thread, before the callers wake.
        std::function<void(write_context&)> on_commit;
    };

    writer(environment& env,
           segment_files& files,
           free_space& room,
           store_health& health,
           settings config);
    ~writer();
    writer(const writer&) = delete;
    writer& operator=(const writer&) = delete;

    /// Runs work(write_context&) in the next batch and returns what it returned, after the commit
    /// has reached the disk.
    ///
    /// work     returns result<T>; a refusal must leave the transaction as it was. May be called
    ///          again after a rollback.
    /// octets   of bodies that stand in memory and that work may add; a batch takes only so many
    /// Refuses  disk_full (map or disk), busy (queue full or stopping), unsure (the commit failed)
    /// Throws   fault
    template <class Work>
    awaitable<std::invoke_result_t<Work&, write_context&>> run(Work work, std::size_t octets = 0) {
        task<Work> todo(work, octets);
        auto start = [this, &todo] { enqueue(todo); };
        co_await suspend(todo.caller, start);
        co_return todo.take_outcome();
    }

    /// The same for threads that may block (background work); not for network threads.
    template <class Work>
    std::invoke_result_t<Work&, write_context&> run_blocking(Work work) {
        task<Work> todo(work, 0);
        std::promise<void> done;
        todo.blocked = &done;
        enqueue(todo);
        done.get_future().wait();
        return todo.take_outcome();
    }

    /// Commits what is queued, refuses what comes later. May be called twice.
    void stop();

    /// So much is waiting that run() would refuse.
    [[nodiscard]] bool is_busy() const;

private:
    /// Somebody who waits for a commit.
    struct operation {
        virtual void apply(write_context& context) = 0;
        std::size_t octets = 0;
        suspension caller;
        std::promise<void>* blocked = nullptr;  // in place of caller
        errc refused = errc::ok;
        std::exception_ptr fault;
        [[nodiscard]] bool failed() const { return refused != errc::ok || fault; }
        void fail(std::exception_ptr why);
        void wake_alone();

    protected:
        ~operation() = default;
    };
    /// The same with what he wants done, and what came of it.
    template <class Work>
    class task final : public operation {
    public:
        using outcome = std::invoke_result_t<Work&, write_context&>;
        task(Work& work, std::size_t body_octets) : work_(work) { octets = body_octets; }
        void apply(write_context& context) override { outcome_.emplace(work_(context)); }
        [[nodiscard]] outcome take_outcome() {
            if (refused != errc::ok) return refusal<outcome>(refused);
            if (fault) std::rethrow_exception(fault);
            return std::move(*outcome_);
        }

    private:
        Work& work_;
        std::optional<outcome> outcome_;
    };
    using batch = std::vector<operation*>;

    void enqueue(operation& todo);
    void loop();
    batch take();
    void gather(std::unique_lock<std::mutex>& lock);
    void commit(const batch& all);
    /// Runs all that have not failed in one transaction. False: rolled back, and who was the reason
    /// has failed, if that is known.
    bool run_transaction(const batch& all);
    void commit_or_break(write_txn& tx);
    [[noreturn]] void break_off(const fault& commit);
    [[nodiscard]] bool is_disk_full() const noexcept;
    std::exception_ptr why_it_failed();
    void give_back() noexcept;
    void tell(write_context& context) noexcept;
    static void wake(const batch& all);

    environment& env_;
    segment_files& files_;
    free_space& room_;
    store_health& health_;
    settings config_;
    system_clock system_time_;
    mutable std::mutex mutex_;
    std::condition_variable filled_;
    std::deque<operation*> queue_;
    bool stopping_ = false;
    std::size_t last_batch_ = 0;
    std::thread thread_;
};

}  // namespace hauspost::storage::lmdb
