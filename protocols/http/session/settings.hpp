#pragma once

#include "protocols/http/limits.hpp"
#include "protocols/net/turn.hpp"

#include <chrono>
#include <cstddef>
#include <functional>

namespace hauspost::http {

/// What all HTTP sessions of one listener share.
struct session_config {
    request_limits limits;
    std::chrono::milliseconds head_timeout{20'000};     // from the first octet of a request; of the
                                                        // first one, from the connection's begin
    std::chrono::milliseconds idle_timeout{60'000};     // between two requests
    std::chrono::milliseconds stressed_timeout{5'000};  // both of them, while the server is full
    std::chrono::milliseconds body_grace{20'000};       // for a body, and more as it comes:
    std::size_t min_body_rate = 500;                    // octets a second
    std::chrono::milliseconds write_timeout{60'000};    // without progress
    std::chrono::milliseconds heartbeat{15'000};  // of an event stream in which nothing happens
    /// What a refused client still sends is read and thrown away for so long, or it would not see
    /// its answer (RFC 9112 9.6).
    std::chrono::milliseconds linger{2'000};
    std::size_t linger_octets = 1024 * 1024;
    unsigned max_requests = 1'000;  // the answer to the last one ends the connection
    std::chrono::milliseconds turn = net::turn::default_length;
    /// Thread: any. Empty: never.
    std::function<bool()> is_under_stress;

    [[nodiscard]] bool is_stressed() const { return is_under_stress && is_under_stress(); }
};

}  // namespace hauspost::http
