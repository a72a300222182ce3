#pragma once

#include "admin/domain_check.hpp"

#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <vector>

namespace hauspost::admin {

/// Records of a domain that were right once, and that the DNS does not say any more.
struct changed_records {
    changed_records() = default;
    std::string domain;
    std::vector<std::string> kinds;  // "MX", "SPF", "DKIM"; each once
    std::uint64_t count = 0;
    std::int64_t right_at = 0;  // when the first of them was last seen right; Unix seconds
};

/// What the last look at the DNS found, of each domain.
///
/// Thread: any.
class dns_watch {
public:
    void put(changed_records found);
    void forget(const std::string& domain);
    /// Only those with something changed, by name.
    [[nodiscard]] std::vector<changed_records> all() const;

private:
    mutable std::mutex mutex_;
    std::map<std::string, changed_records> found_;
};

/// Remembers what is right of it in the store, and finds what was so and is not any more. What the
/// DNS did not answer stays as it was seen the last time.
awaitable<void> note_checked(ports& at, checked_domain seen);

/// "SPF" for a TXT record that says so, else the type.
[[nodiscard]] std::string kind_of_record(const dns_record& of);

}  // namespace hauspost::admin
