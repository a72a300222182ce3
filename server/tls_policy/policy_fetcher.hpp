#pragma once

#include "base/awaitable.hpp"

#include <cstdint>
#include <string>

namespace hauspost::tls_policy {

/// How fetching a policy ended.
enum class fetch_verdict : std::uint8_t {
    fetched,
    not_reached,  // no address, no connection, no answer in time, no HTTP, another status than 200
    not_trusted,  // the certificate is not of the policy host, or of nobody we trust
};

struct fetched_policy {
    fetched_policy() = default;
    fetch_verdict verdict = fetch_verdict::not_reached;
    std::string text;  // of fetched
    std::string why;   // else: one line for the log
};

/// The port by which a domain's MTA-STS policy is fetched. Implemented by https_fetcher, and by
/// tests.
class policy_fetcher {
public:
    virtual ~policy_fetcher() = default;

    /// domain  in A-labels
    /// Returns only after a time that is bounded
    /// Thread  that of who sends
    /// RFC     8461 3.3
    virtual awaitable<fetched_policy> fetch(std::string domain) = 0;
    /// Ends what goes on soon, as not reached, and what begins at once. Thread: the same.
    virtual void stop() noexcept {}
};

}  // namespace hauspost::tls_policy
