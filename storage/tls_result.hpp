#pragma once

#include <cstdint>
#include <string>

namespace hauspost::storage {

/// Sessions with servers of one domain on one day that ended alike, as reports count them (RFC 8460
/// 4.3). Texts of strangers; too long ones are cut by the store.
struct tls_result {
    tls_result() = default;
    std::uint32_t day = 0;     // since 1970-01-01, UTC
    std::string domain;        // whose policy it is: lower case, A-labels
    std::string policy_type;   // "sts", "tlsa", "no-policy-found"
    std::string policy_lines;  // "\n" between them
    std::string mx_hosts;      // that the policy names, "\n" between them
    std::string failure;  // result type, "certificate-expired"; "": they were protected as wanted
    std::string mx;       // of a failure: the host
    std::string address;  // of a failure: where it was reached; "": it was not
    std::uint64_t sessions = 1;
};

}  // namespace hauspost::storage
