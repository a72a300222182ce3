#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace hauspost::http {

/// One server-sent event (WHATWG HTML 9.2).
struct event {
    event() = default;
    explicit event(std::string octets) : data(std::move(octets)) {}

    std::string data;  // UTF-8; may have several lines
    std::string name;  // "": "message"
    std::string id;    // "": none; comes back as Last-Event-ID
    std::optional<std::chrono::milliseconds>
        retry;  // how long a client waits before it comes again
};

/// Appends it as it is sent, an empty line at its end.
/// Throws  std::logic_error when name or id hold a line end, or id a NUL
void append_event(std::string& out, const event& what);
[[nodiscard]] std::string to_octets(const event& what);

/// A line that clients pass over: so both sides and all between see that the connection stands.
inline constexpr std::string_view heartbeat = ":\n\n";

inline constexpr std::string_view event_stream_type = "text/event-stream";

}  // namespace hauspost::http
