#pragma once

#include "base/suspension.hpp"
#include "storage/errc.hpp"
#include "storage/lmdb/write_context.hpp"

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <exception>
#include <functional>
#include <future>
#include <mutex>
#include <optional>
#include <set>
#include <span>
#include <thread>
#include <type_traits>
#include <utility>
#include <vector>

namespace hauspost::storage {

/// A refusal as the outcome of an operation: an error_code or a result<T>.
template <class Outcome>
[[nodiscard]] Outcome refusal(errc code) {
    if constexpr (std::is_same_v<Outcome, error_code>)
        return make_error_code(code);
    else
        return Outcome(boost::system::in_place_error, make_error_code(code));
}

/// A body that the writer lays down with its batch (small ones; larger ones are placed before).
class pending_body {
public:
    virtual ~pending_body() = default;
    /// False when the octets already stand in their place.
    [[nodiscard]] virtual bool is_in_memory() const = 0;
    [[nodiscard]] virtual std::string_view memory() const = 0;
    virtual void set_place(segment_files::reservation where, std::uint64_t checksum) = 0;
    [[nodiscard]] virtual const placed_blob& placed() const = 0;
};

/// The one thread that changes the store: group commit.
///
/// It takes what is queued, writes the bodies of the batch with one call, syncs the segments, runs
/// all operations in one LMDB transaction, commits, and then wakes all callers, each network
/// thread once. When the last batch had more than one operation it waits up to
/// `gather_at_most` for as many again, so that woken callers meet in one commit; a lone caller
/// never waits. An operation that throws is rolled back with its batch; the others run again
/// without it.
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

    writer(environment& env, segment_files& files, settings config);
    ~writer();
    writer(const writer&) = delete;
    writer& operator=(const writer&) = delete;

    /// Runs work(write_context&) in the next batch and returns what it returned, after the commit
    /// has reached the disk.
    ///
    /// work     returns result<T>; a refusal must leave the transaction as it was. May be called
    ///          again after a rollback.
    /// bodies   laid down before; they must stay where they are until run() returns
    /// Refuses  disk_full (map or disk), busy (queue full or stopping)
    /// Throws   fault
    template <class Work>
    awaitable<std::invoke_result_t<Work&, write_context&>> run(
        Work work, std::span<pending_body* const> bodies = {}) {
        using outcome = std::invoke_result_t<Work&, write_context&>;
        std::optional<outcome> value;
        auto apply = [&](write_context& context) { value.emplace(work(context)); };
        operation todo;
        todo.call = [](void* object, write_context& context) {
            (*static_cast<decltype(apply)*>(object))(context);
        };
        todo.object = &apply;
        todo.bodies = bodies;
        auto start = [this, &todo] { enqueue(todo); };
        co_await suspend(todo.caller, start);
        if (todo.refused != errc::ok) co_return refusal<outcome>(todo.refused);
        if (todo.fault) std::rethrow_exception(todo.fault);
        co_return std::move(*value);
    }

    /// The same for threads that may block (background work); not for network threads.
    template <class Work>
    std::invoke_result_t<Work&, write_context&> run_blocking(Work work) {
        using outcome = std::invoke_result_t<Work&, write_context&>;
        std::optional<outcome> value;
        auto apply = [&](write_context& context) { value.emplace(work(context)); };
        operation todo;
        todo.call = [](void* object, write_context& context) {
            (*static_cast<decltype(apply)*>(object))(context);
        };
        todo.object = &apply;
        std::promise<void> done;
        todo.blocked = &done;
        enqueue(todo);
        done.get_future().wait();
        if (todo.refused != errc::ok) return refusal<outcome>(todo.refused);
        if (todo.fault) std::rethrow_exception(todo.fault);
        return std::move(*value);
    }

    /// Commits what is queued, refuses what comes later. May be called twice.
    void stop();

    /// Makes what was written to these segments durable. Throws storage_full or fault; after a
    /// fault is_broken(). Thread: any (background work; the writer for its own batches).
    void sync(const std::set<std::uint32_t>& segments);

    /// Set when a sync failed: nothing is written any more (after a failed fdatasync the kernel may
    /// have thrown the octets away; retrying would promise what is not there).
    [[nodiscard]] bool is_broken() const noexcept { return broken_; }

private:
    struct operation {
        void (*call)(void*, write_context&) = nullptr;
        void* object = nullptr;
        std::span<pending_body* const> bodies;
        suspension caller;
        std::promise<void>* blocked = nullptr;  // in place of caller
        errc refused = errc::ok;
        std::exception_ptr fault;
        [[nodiscard]] bool failed() const { return refused != errc::ok || fault; }
        void fail(std::exception_ptr why);
        void wake_alone();
    };
    using batch = std::vector<operation*>;

    void enqueue(operation& todo);
    void loop();
    batch take();
    void gather(std::unique_lock<std::mutex>& lock);
    void commit(const batch& all);
    void write_bodies(const batch& all);
    /// Runs all that have not failed in one transaction. False: rolled back, somebody failed.
    bool run_transaction(const batch& all);
    std::exception_ptr why_it_failed();
    void tell(write_context& context) noexcept;
    static void wake(const batch& all);

    environment& env_;
    segment_files& files_;
    settings config_;
    system_clock system_time_;
    std::mutex mutex_;
    std::condition_variable filled_;
    std::deque<operation*> queue_;
    bool stopping_ = false;
    std::atomic<bool> broken_ = false;
    std::size_t last_batch_ = 0;
    std::thread thread_;
};

}  // namespace hauspost::storage
