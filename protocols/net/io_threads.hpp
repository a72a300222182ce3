#pragma once

#include "protocols/net/io_loop.hpp"

#include <boost/asio/executor_work_guard.hpp>

#include <cstddef>
#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace hauspost::net {

/// The network threads: one io_loop each.
///
/// Calling sequence: construct, start(), stop(). stop() ends the loops wherever their coroutines
/// stand; these are destroyed with this object, so what they use must live longer.
class io_threads {
public:
    /// count  0: one per core
    explicit io_threads(std::size_t count = 0);
    ~io_threads();
    io_threads(const io_threads&) = delete;
    io_threads& operator=(const io_threads&) = delete;

    /// name  shown by ps and top with the number of the thread: "net" gives net-0, net-1, ...
    void start(const std::string& name = "net");
    /// Waits for the threads. May be called twice. Thread: none of these.
    void stop() noexcept;

    [[nodiscard]] std::size_t size() const noexcept { return loops_.size(); }
    [[nodiscard]] io_loop& loop(std::size_t index) noexcept { return *loops_[index]; }

private:
    using guard = asio::executor_work_guard<asio::io_context::executor_type>;
    std::vector<std::unique_ptr<io_loop>> loops_;
    std::vector<guard> guards_;
    std::vector<std::thread> threads_;
};

}  // namespace hauspost::net
