#pragma once

#include "base/awaitable.hpp"
#include "base/result.hpp"

#include <string>
#include <vector>

namespace hauspost::admin {

/// A key as the DNS has to know it.
struct published_key {
    published_key() = default;
    std::string selector;
    std::string record;  // strings of the TXT record at SELECTOR._domainkey.DOMAIN, quoted
};

/// The port to the DKIM keys of our domains; implemented in server/ over server/outbound. Names of
/// domains are canonical.
///
/// Throws  storage::fault, all calls
/// Thread  any; all resume on the caller's executor
class signing_keys {
public:
    virtual ~signing_keys() = default;
    /// Makes the keys that a domain lacks. Takes a while, on other threads.
    /// Refuses  as storage's writes; busy
    virtual awaitable<error_code> ensure(std::string domain) = 0;
    /// Makes the next ones; today's sign for another day and are published for a week more.
    /// Refuses  as ensure()
    virtual awaitable<error_code> rotate(std::string domain) = 0;
    /// All that have to be in the DNS now.
    virtual awaitable<std::vector<published_key>> published(std::string domain) = 0;
};

}  // namespace hauspost::admin
