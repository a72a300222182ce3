#include "protocols/net/io_threads.hpp"

#include "base/log.hpp"

#include <pthread.h>

#include <algorithm>

namespace hauspost::net {
namespace {

/// An exception that gets here escaped from a handler that is no coroutine of a connection: a fault
/// of ours. The other connections of the thread live on.
void run(asio::io_context& io) {
    for (;;) {
        try {
            io.run();
            return;
        } catch (const std::exception& fault) {
            log::error("fault where=network_thread what={}", log_safe(fault.what(), 400));
        }
    }
}

}  // namespace

io_threads::io_threads(std::size_t count) {
    if (count == 0) count = std::max(1U, std::thread::hardware_concurrency());
    for (std::size_t i = 0; i < count; ++i)
        loops_.push_back(std::make_unique<io_loop>());
}

io_threads::~io_threads() {
    stop();
    // In order: what still waits on the first loop (listeners) may hold sockets of later ones.
    for (auto& loop : loops_)
        loop.reset();
}

void io_threads::start(const std::string& name) {
    for (auto& loop : loops_) {
        guards_.emplace_back(loop->io().get_executor());
        threads_.emplace_back([&io = loop->io()] { run(io); });
        const auto shown = name + "-" + std::to_string(threads_.size() - 1);
        pthread_setname_np(threads_.back().native_handle(), shown.substr(0, 15).c_str());
    }
}

void io_threads::stop() noexcept {
    guards_.clear();
    for (auto& loop : loops_)
        loop->io().stop();
    for (auto& thread : threads_)
        thread.join();
    threads_.clear();
}

}  // namespace hauspost::net
