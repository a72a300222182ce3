#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace hauspost::tls_report {

/// So many of the places that a record names are looked at.
inline constexpr std::size_t max_receivers = 4;

/// An https: URI. RFC 3986 3.2, 3.3
struct https_place {
    https_place() = default;
    std::string host;  // a name in lower case and A-labels
    std::uint16_t port = 443;
    std::string target;  // path and query; printable ASCII without blanks, begins with "/"
    friend bool operator==(const https_place&, const https_place&) = default;
};

inline constexpr std::size_t max_target_octets = 1024;

/// Who wants reports.
struct receivers {
    /// "reports@example.com", of mailto: URIs; each is printable and has an "@".
    std::vector<std::string> mailboxes;
    /// Of https: URIs. Those with a login, or with an address in place of a name, are not taken.
    std::vector<https_place> places;
    std::size_t others = 0;  // of another scheme
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
