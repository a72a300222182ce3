#pragma once

#include "server/outbound/host_protection.hpp"
#include "storage/tls_result.hpp"

#include <string>
#include <vector>

namespace hauspost::outbound {

/// Counts how sessions with servers of a domain were protected, as it is told of it (RFC 8460 4.3).
class session_counts {
public:
    /// One that was protected as its policy wants; without a policy, at all.
    void add_success(const host_protection& how);
    /// One that was not.
    /// failure  result type
    /// address  where the host was reached; "": it was not
    void add_failure(const host_protection& how, std::string failure, std::string address);
    void add(storage::tls_result one);

    /// Without the day.
    [[nodiscard]] std::vector<storage::tls_result> take() noexcept { return std::move(counted_); }

private:
    std::vector<storage::tls_result> counted_;
};

}  // namespace hauspost::outbound
