#pragma once

#include "base/awaitable.hpp"

#include <string>

namespace hauspost::http {

/// Where the events of one stream come from.
///
/// Thread: that of the session; next() resumes there.
class event_source {
public:
    virtual ~event_source() = default;

    /// Waits for events, as they are sent (to_octets); "": there will be none any more. Called again
    /// once what it gave is on its way, so a client that reads slowly is felt here: what waits must
    /// be bounded.
    virtual awaitable<std::string> next() = 0;

    /// The client is gone or the server stops: next() returns soon, whatever with, and is not called
    /// again.
    virtual void stop() noexcept = 0;
};

}  // namespace hauspost::http
