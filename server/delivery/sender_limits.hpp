#pragma once

#include "base/awaitable.hpp"
#include "base/result.hpp"
#include "protocols/smtp/server/envelope.hpp"
#include "storage/sending.hpp"

#include <memory>
#include <string>

namespace hauspost::delivery {

/// The port by which a sink learns how a message of somebody who has logged in counts, and how to
/// say why it may not be sent; server/outbound implements it.
///
/// Throws  storage::fault
/// Thread  any; all resume on the caller's executor
class sender_limits {
public:
    virtual ~sender_limits() = default;

    /// With the limits that count now. account 0 for mail that nobody here has submitted.
    virtual awaitable<storage::submission> count(
        std::shared_ptr<const smtp::envelope> envelope) = 0;

    /// Why the store has refused it (errc::over_sending_limit, sending_frozen), for its sender: one
    /// line of printable ASCII. "": nothing stands against it any more.
    /// login  the sender's
    virtual awaitable<std::string> explain(storage::submission refused, std::string login) = 0;
};

}  // namespace hauspost::delivery
