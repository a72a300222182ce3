#pragma once

#include "base/awaitable.hpp"
#include "base/worker_pool.hpp"
#include "server/outbound/stored_message.hpp"

#include <utility>

namespace hauspost::outbound {

/// Gives a message to `consumer` as it is stored, a piece at a time, on a worker. False: not now.
template <class Consumer>
awaitable<bool> read_all(stored_message& source, worker_pool& workers, Consumer& consumer) {
    for (;;) {
        const auto piece = co_await source.next();
        if (!piece) co_return false;
        if (piece->empty()) break;
        auto feed = [&consumer, octets = *piece] { consumer.feed(octets); };
        if (!co_await workers.run(std::move(feed))) co_return false;
    }
    auto finish = [&consumer] { consumer.finish(); };
    const auto done = co_await workers.run(std::move(finish));
    co_return done.has_value();
}

}  // namespace hauspost::outbound
