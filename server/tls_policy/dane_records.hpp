#pragma once

#include "base/awaitable.hpp"
#include "protocols/dns/resolver.hpp"
#include "protocols/net/tls_client.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace hauspost::tls_policy {

/// A host of a domain whose MX records are proven.
struct dane_host {
    std::string name;            // as the MX record has it
    std::string canonical_name;  // behind CNAMEs; "": no plain name
    bool are_addresses_secure = false;
};

/// What DANE says of a host.
struct dane_records {
    enum class verdict : std::uint8_t {
        none,     // nothing that is proven: DANE does not apply
        found,    // it must prove itself by `records`, of which none may be usable
        unknown,  // the DNS does not say now: the host may not be used
    };
    verdict what = verdict::none;
    std::string base_domain;  // below which the records stand: said in SNI, and looked for in the
                              // certificate (RFC 7672 2.2.3, 8.1)
    std::vector<net::tlsa_record> records;
    std::string why;  // of unknown: one line for the log
};

/// Looks TLSA records up: at the name behind all CNAMEs first, then at the one that the MX record
/// has. Where the way from one to the other is not proven as a whole the second alone counts, and
/// only when its own CNAME is proven.
///
/// RFC  7672 2.2.2
awaitable<dane_records> find_dane_records(dns::resolver& resolver,
                                          dane_host host,
                                          std::uint32_t port);

}  // namespace hauspost::tls_policy
