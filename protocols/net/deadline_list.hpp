#pragma once

#include "base/awaitable.hpp"
#include "base/clock.hpp"
#include "base/result.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include <cstdint>
#include <map>
#include <optional>

namespace hauspost::net {

/// The limits of all waits of one io_context, with one timer for all of them. `read || timer` costs
/// an idle connection 3 KB; a node here costs 32 octets inside the object that waits.
///
/// Nodes with the same limit stand in one queue, which is ordered by itself, so arming and
/// disarming take constant time. Limits are rounded up by at most 1/32 (and to whole milliseconds),
/// so there are few queues whatever limits are asked for.
///
/// Thread: that of the io_context.
class deadline_list {
    struct link {
        link* previous = nullptr;
        link* next = nullptr;
        void unlink() noexcept;
    };

public:
    using duration = steady_time::duration;

    /// Derive from it privately. The node disarms itself when it goes.
    class node : link {
    public:
        node(const node&) = delete;
        node& operator=(const node&) = delete;
        [[nodiscard]] bool is_armed() const noexcept { return next != nullptr; }

    protected:
        node() = default;
        ~node() { disarm(); }
        void disarm() noexcept;

    private:
        friend class deadline_list;
        /// The time has come; the node is disarmed already and may be armed again.
        virtual void on_deadline() noexcept = 0;
        steady_time at_;
    };

    explicit deadline_list(asio::io_context& io);
    deadline_list(const deadline_list&) = delete;
    deadline_list& operator=(const deadline_list&) = delete;

    /// Calls on_deadline after `limit` (at least 1 ms), unless disarmed before. An armed node
    /// starts anew.
    void arm(node& waiting, duration limit);

    /// Drops the timer, so that the io_context may go before the nodes do. Nothing expires then.
    void detach() noexcept { timer_.reset(); }

private:
    struct queue {
        queue() noexcept { ends.previous = ends.next = &ends; }
        [[nodiscard]] bool is_empty() const noexcept { return ends.next == &ends; }
        [[nodiscard]] node& first() const noexcept { return static_cast<node&>(*ends.next); }
        link ends;
    };
    void set_timer(steady_time at);
    void expire();

    std::optional<asio::steady_timer> timer_;
    steady_time timer_at_ = steady_time::max();
    std::map<std::uint64_t, queue> queues_;  // by limit in ms; never shrinks, a few hundred at most
};

}  // namespace hauspost::net
