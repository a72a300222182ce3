#pragma once

#include "server/tls_policy/https_client.hpp"
#include "server/tls_policy/policy_fetcher.hpp"

namespace hauspost::tls_policy {

/// Asks the policy host, mta-sts.DOMAIN, by HTTPS: with a certificate of that name from somebody who
/// is trusted, without redirects, and at most 64 KiB of text/plain.
///
/// Lifetime: the client must outlive it. Thread: the client's.
/// RFC  8461 3.3
class https_fetcher final : public policy_fetcher {
public:
    explicit https_fetcher(https_client& hosts) : hosts_(hosts) {}

    awaitable<fetched_policy> fetch(std::string domain) override;
    /// Of the client, so whatever else it is asked for.
    void stop() noexcept override { hosts_.stop(); }

private:
    https_client& hosts_;
};

}  // namespace hauspost::tls_policy
