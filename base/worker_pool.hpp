#pragma once

#include "base/awaitable.hpp"
#include "base/suspension.hpp"

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <exception>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

namespace hauspost {

/// A fixed number of threads with a bounded queue, for work that would hold up a network thread:
/// password hashes, long walks of the store, cold disk reads, parsing of large messages.
///
/// Calling sequence: construct, run(...) from any coroutine, stop() before the io_contexts of the
/// callers go away. When the queue is full run() refuses at once, so memory stays flat.
class worker_pool {
public:
    /// name         shown by ps and top, at most 15 octets
    /// max_waiting  how many pieces of work may wait beside those that run
    worker_pool(std::string name, std::size_t threads, std::size_t max_waiting);
    ~worker_pool();
    worker_pool(const worker_pool&) = delete;
    worker_pool& operator=(const worker_pool&) = delete;

    template <class Work>
    using result_of = std::conditional_t<std::is_void_v<std::invoke_result_t<Work&>>,
                                         std::monostate,
                                         std::invoke_result_t<Work&>>;

    /// Runs work() on a pool thread and resumes the caller on its own executor.
    ///
    /// Returns  what work() returns, or a value without meaning when that is nothing; nullopt
    ///          when the pool is full or stopped
    /// Throws   what work() throws
    /// Thread   any
    /// Note     name the callable before: `auto work = [..]{..};
    ///          co_await pool.run(std::move(work));`
    template <class Work>
    awaitable<std::optional<result_of<Work>>> run(Work work) {
        std::optional<result_of<Work>> value;
        std::exception_ptr fault;
        auto block = [&] {
            try {
                if constexpr (std::is_void_v<std::invoke_result_t<Work&>>) {
                    work();
                    value.emplace();
                } else {
                    value.emplace(work());
                }
            } catch (...) {
                fault = std::current_exception();  // handed to the caller, who logs it
            }
        };
        job todo;
        todo.call = [](void* context) { (*static_cast<decltype(block)*>(context))(); };
        todo.context = &block;
        auto start = [this, &todo] { enqueue(todo); };
        co_await suspend(todo.caller, start);
        if (fault) std::rethrow_exception(fault);
        co_return value;  // empty when refused
    }

    /// Finishes what runs, refuses what waits, joins the threads. May be called twice.
    void stop();

    [[nodiscard]] std::size_t waiting() const;

private:
    struct job {
        void (*call)(void*) = nullptr;
        void* context = nullptr;
        suspension caller;
    };

    void enqueue(job& todo);
    void work_loop();

    const std::size_t max_waiting_;
    mutable std::mutex mutex_;
    std::condition_variable wake_;
    std::deque<job*> queue_;
    bool stopping_ = false;
    std::vector<std::thread> threads_;
};

}  // namespace hauspost
