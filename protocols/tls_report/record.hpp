#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace hauspost::tls_report {

/// So many of the places that a record names are looked at.
inline constexpr std::size_t max_receivers = 4;

/// Who wants reports.
struct receivers {
    /// "reports@example.com", of mailto: URIs; each is printable and has an "@".
    std::vector<std::string> mailboxes;
    std::size_t others = 0;  // of another scheme, https: as a rule
};

/// Of the TXT records at _smtp._tls.DOMAIN.
///
///   tlsrpt-record = "v=TLSRPTv1" 1*(field-delim field) [field-delim]
///   tlsrpt-rua    = "rua=" uri *(*WSP "," *WSP uri)
///
/// texts    each record's strings put together; others than of TLSRPT are passed over
/// Returns  nobody when there is no such record, or more than one
/// RFC      8460 3
[[nodiscard]] receivers find_receivers(const std::vector<std::string>& texts);

}  // namespace hauspost::tls_report
