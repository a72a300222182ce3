#pragma once

#include "base/suspension.hpp"
#include "protocols/http/session/event_source.hpp"
#include "protocols/net/stream.hpp"

#include <exception>
#include <string>
#include <utility>

namespace hauspost::http {

/// The event that a session waits for beside its client: it is asked for, and the stream is woken
/// when it has come.
///
/// Calling sequence: ask(), take() once has_come(), ask() again ...; settle() before it goes.
///
/// Lifetime: source and stream must outlive it. Thread: the stream's.
class pending_event {
public:
    pending_event(event_source& source, net::stream& peer, asio::any_io_executor where)
        : source_(source), peer_(peer), executor_(std::move(where)) {}
    pending_event(const pending_event&) = delete;
    pending_event& operator=(const pending_event&) = delete;

    void ask();
    [[nodiscard]] bool has_come() const noexcept { return has_come_; }
    /// "": no more will come. Throws what the source threw.
    [[nodiscard]] std::string take();
    /// Waits until what was asked for has come; the source has been told to stop.
    awaitable<void> settle();

private:
    void come(std::exception_ptr fault, std::string octets) noexcept;

    event_source& source_;
    net::stream& peer_;
    asio::any_io_executor executor_;
    bool is_asked_ = false;
    bool has_come_ = false;
    std::exception_ptr fault_;
    std::string octets_;
    suspension* settling_ = nullptr;
};

}  // namespace hauspost::http
