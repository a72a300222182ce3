#pragma once

#include "base/suspension.hpp"
#include "protocols/http/event.hpp"
#include "protocols/http/session/event_source.hpp"

#include <cstddef>
#include <mutex>
#include <string>

namespace hauspost::http {

/// Events that others push to one client. Whoever falls behind by more than there is room for is
/// let go: its browser comes again by itself, and then has to ask for all anew.
///
/// Thread: push and end, any.
class event_queue final : public event_source {
public:
    explicit event_queue(std::size_t max_octets = 64 * 1024) : max_octets_(max_octets) {}

    /// False: the stream is over, or ends with this, because there is no room.
    bool push(const event& what);
    /// No more events; what waits is still sent.
    void end() noexcept;

    awaitable<std::string> next() override;
    void stop() noexcept override;

private:
    void resume_waiter() noexcept;

    const std::size_t max_octets_;
    std::mutex mutex_;  // of all below
    std::string waiting_;
    bool is_over_ = false;
    suspension* waiter_ = nullptr;
};

}  // namespace hauspost::http
