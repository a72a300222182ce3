#pragma once

#include "base/awaitable.hpp"
#include "protocols/sasl/mechanism.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace hauspost::access {

/// How a protocol carries the lines of an AUTH exchange.
class exchange_lines {
public:
    virtual ~exchange_lines() = default;
    /// challenge  base64, perhaps of nothing
    virtual void send_challenge(std::string_view challenge) = 0;
    /// One line of the client, without CRLF. nullopt: there will be none, and the client has heard
    /// why or is gone.
    virtual awaitable<std::optional<std::string>> read_response() = 0;
};

/// Asks and listens until the mechanism knows enough. The exchange must outlive the call.
/// initial  as mechanism::start takes it
/// Returns  anything but `challenge`; nullopt when a line is missing
/// RFC      4954 4, 5034 4, 9051 6.2.2
awaitable<std::optional<sasl::outcome>> run_exchange(sasl::mechanism& mechanism,
                                                     std::optional<std::string_view> initial,
                                                     exchange_lines& lines);

}  // namespace hauspost::access
