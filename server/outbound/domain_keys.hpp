#pragma once

#include "base/awaitable.hpp"
#include "base/clock.hpp"
#include "base/worker_pool.hpp"
#include "protocols/dkim/key.hpp"
#include "storage/secret_store.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace hauspost::outbound {

/// What a key is good for. Nothing is written down of it: it follows from when the keys of its kind
/// were made.
enum class key_use : std::uint8_t {
    waiting,   // to be published; it signs once the DNS has had publish_time to know it
    signing,   // one of each kind
    retiring,  // what it signed may still be on its way
};

struct domain_key {
    std::string selector;
    std::int64_t created_at = 0;  // Unix seconds
    key_use use = key_use::signing;
    std::shared_ptr<const dkim::private_key> key;
};

/// The strings of its TXT record, quoted for a zone file.
[[nodiscard]] std::string published_text(const domain_key& one);

/// Says what each key is good for, and leaves those out that have retired. Of each kind the newest
/// that is older than publish_time signs; without such a one the first.
/// all  in any order; they come out by kind (RSA first) and time
[[nodiscard]] std::vector<domain_key> judged_keys(std::vector<domain_key> all, std::int64_t now);

/// "h2611r" for an RSA key of November 2026, "h2611e" for one of Ed25519; with a number behind it
/// while that is taken. Names tell whoever looks at the DNS when a key was made.
[[nodiscard]] std::string new_selector(dkim::key_type type,
                                       std::int64_t now,
                                       const std::vector<domain_key>& taken);

/// The DKIM keys of our domains: two each, RSA 2048 and Ed25519, since not everybody can check the
/// second (RFC 8463 3). They stand in the store as "dkim/DOMAIN/SELECTOR".
///
/// The keys of a domain that is removed stay: when it comes back they are what the DNS may still
/// say of it, and others under the same selectors would make wrong signatures of right ones.
///
/// Rows are read each time, which costs some microseconds, so that nobody signs with a key that
/// another has replaced; keys that were parsed are remembered.
///
/// Lifetime: what is passed in must outlive it. Throws storage::fault, dkim::key_error. Thread: any.
class domain_keys {
public:
    static constexpr std::chrono::hours publish_time{24};
    static constexpr std::chrono::hours retire_time{7 * 24};  // a queue's five days, and some more
    static constexpr std::size_t max_remembered = 2000;

    using maker = std::function<dkim::private_key(dkim::key_type)>;

    /// workers  on which keys are made
    domain_keys(storage::secret_store& secrets,
                worker_pool& workers,
                const clock& time,
                maker make = dkim::private_key::generate)
        : secrets_(secrets), workers_(workers), time_(time), make_(std::move(make)) {}

    /// domain  in lower case and A-labels
    /// Returns what judged_keys leaves; empty: it has none
    awaitable<std::vector<domain_key>> find(std::string domain);

    /// Makes what the domain lacks: one of each kind. Some 100 ms.
    /// Refuses  busy, disk_full; what was made before that stays
    awaitable<error_code> ensure(std::string domain);

    /// Makes the next pair, unless one waits already, and forgets those that have retired.
    /// Refuses  busy, disk_full
    awaitable<error_code> rotate(std::string domain);

private:
    awaitable<std::vector<domain_key>> read(std::string domain);
    awaitable<error_code> add(std::string domain, dkim::key_type type);
    [[nodiscard]] std::shared_ptr<const dkim::private_key> parsed(const storage::named_secret& row);
    [[nodiscard]] std::int64_t now() const;

    struct remembered {
        std::uint64_t version = 0;
        std::shared_ptr<const dkim::private_key> key;
    };

    storage::secret_store& secrets_;
    worker_pool& workers_;
    const clock& time_;
    const maker make_;
    std::mutex mutex_;
    std::map<std::string, remembered, std::less<>> parsed_;  // by the secret's name
};

}  // namespace hauspost::outbound
