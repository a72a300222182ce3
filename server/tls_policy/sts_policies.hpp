#pragma once

#include "base/awaitable.hpp"
#include "base/clock.hpp"
#include "protocols/dns/resolver.hpp"
#include "protocols/mta_sts/policy.hpp"
#include "server/tls_policy/policy_fetcher.hpp"
#include "storage/tls_store.hpp"

#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>

namespace hauspost::tls_policy {

/// What MTA-STS says of a domain now.
struct sts_policy {
    sts_policy() = default;
    /// In force, never of mode none; nullopt: the domain asks for nothing.
    std::optional<mta_sts::policy> in_force;
    /// What went wrong on the way to it, as reports name it (RFC 8460 4.3.2.2): "sts-policy-invalid",
    /// "sts-webpki-invalid", "sts-policy-fetch-error"; "": nothing.
    std::string failure;
    std::string why;  // of a failure: one line for the log
};

struct sts_ports {
    dns::resolver& resolver;
    storage::tls_store& store;
    policy_fetcher& fetcher;
    const clock& time;
};

/// The MTA-STS policies of other domains, kept in the store.
///
/// A policy that was fetched stays in force until its time is over, whatever the DNS and the policy
/// host say meanwhile, unless they give another one: who can suppress both could else take it away.
/// It is fetched anew when the id in the DNS is another, and before its time is over; after a fetch
/// that failed not within five minutes, for the same id. That is all that is only remembered: a
/// restart forgets it.
///
/// Lifetime: ports must outlive it, and it its calls. Thread: one, that of all callers.
/// RFC  8461 3, 5.1, 10.2
class sts_policies {
public:
    explicit sts_policies(const sts_ports& ports) : ports_(ports) {}
    sts_policies(const sts_policies&) = delete;
    sts_policies& operator=(const sts_policies&) = delete;

    /// Takes as long as a fetch at most. Who asks for a domain whose policy is just being fetched
    /// waits for it.
    /// domain  lower case, A-labels
    /// Throws  storage::fault
    awaitable<sts_policy> find(std::string domain);
    /// No policy is fetched any more.
    void stop() noexcept { ports_.fetcher.stop(); }

private:
    struct failed_fetch {
        std::string id;
        std::int64_t at = 0;
        std::string failure;
        std::string why;
    };
    using fetch_end = std::shared_ptr<boost::asio::steady_timer>;

    awaitable<std::optional<storage::kept_policy>> kept(std::string domain);
    awaitable<sts_policy> fetch(std::string domain,
                                std::string id,
                                std::optional<storage::kept_policy> before);
    awaitable<void> keep(std::string domain, std::string id, const mta_sts::policy& policy);
    [[nodiscard]] bool is_current(const storage::kept_policy& kept, const std::string& id) const;
    [[nodiscard]] const failed_fetch* recent_failure(const std::string& domain,
                                                     const std::string& id) const;
    void note(const std::string& domain, failed_fetch failed);
    [[nodiscard]] std::int64_t now() const;

    const sts_ports ports_;
    std::map<std::string, failed_fetch> failed_;  // by domain; bounded
    std::map<std::string, fetch_end> fetches_;    // that go on; cancelled when they end
};

}  // namespace hauspost::tls_policy
