#pragma once

#include "base/awaitable.hpp"
#include "base/result.hpp"
#include "storage/errc.hpp"
#include "storage/fault.hpp"
#include "storage/tls_result.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace hauspost::storage {

/// An MTA-STS policy as it was fetched.
struct kept_policy {
    kept_policy() = default;
    std::string domain;           // lower case, A-labels
    std::string id;               // of the TXT record it was fetched for
    std::string text;             // as mta_sts::parse_policy reads it
    std::int64_t fetched_at = 0;  // Unix seconds
    std::int64_t expires_at = 0;  // from then on it is in force no more
};

/// A domain and a day for which sessions were counted.
struct tls_day {
    tls_day() = default;
    std::uint32_t day = 0;
    std::string domain;
};

/// The port to what sending knows of secure ways to other domains. Results come in by
/// queue_store::settle as well.
///
/// All of it may be lost: a policy is fetched anew, a report counts less. So tables that are full
/// drop what is oldest, or do not count, and refuse nothing.
///
/// Throws  storage::fault, all calls; nothing was changed then
/// Thread  any; all resume on the caller's executor. Writes return after the commit has reached the
///         disk, and may be refused as busy, or end unsure
class tls_store {
public:
    static constexpr std::size_t max_policies = 10'000;
    static constexpr std::size_t max_policy_octets = 32 * 1024;
    static constexpr std::size_t max_results = 50'000;
    static constexpr std::size_t max_results_of_day = 64;  // of one domain

    virtual ~tls_store() = default;

    /// Small read on the calling thread. nullopt: none was kept; also one that has expired is given.
    virtual awaitable<std::optional<kept_policy>> find_policy(std::string domain) = 0;
    /// Replaces the domain's.
    /// Refuses  invalid_name: domain, id or text is empty or too long; disk_full
    virtual awaitable<error_code> keep_policy(kept_policy policy) = 0;

    /// The first `limit` days and domains before `day`, in their order. Small read.
    virtual awaitable<std::vector<tls_day>> days_before(std::uint32_t day, std::size_t limit) = 0;
    /// Reads them and takes them out, so that nobody gets them twice.
    virtual awaitable<result<std::vector<tls_result>>> take_results(tls_day of) = 0;
    /// Counts sessions; those of the same kind in one row.
    virtual awaitable<error_code> count(std::vector<tls_result> results) = 0;
};

}  // namespace hauspost::storage
