#pragma once

#include "protocols/net/buffer_pool.hpp"
#include "protocols/net/deadline_list.hpp"

#include <boost/asio/io_context.hpp>

#include <memory>

namespace hauspost::net {

/// One io_context that one thread runs, and what its connections share. Every connection lives and
/// dies on one loop. It must outlive all streams but those whose coroutines it still holds when it
/// goes: these end with it.
class io_loop {
public:
    io_loop() : io_(std::make_unique<asio::io_context>(1)), deadlines_(*io_) {}
    ~io_loop() {
        // Coroutines that still wait are destroyed with the io_context, and they use the others.
        deadlines_.detach();
        io_.reset();
    }
    io_loop(const io_loop&) = delete;
    io_loop& operator=(const io_loop&) = delete;

    [[nodiscard]] asio::io_context& io() noexcept { return *io_; }
    [[nodiscard]] deadline_list& deadlines() noexcept { return deadlines_; }
    [[nodiscard]] buffer_pool& buffers() noexcept { return buffers_; }

private:
    std::unique_ptr<asio::io_context> io_;
    deadline_list deadlines_;
    buffer_pool buffers_;
};

}  // namespace hauspost::net
