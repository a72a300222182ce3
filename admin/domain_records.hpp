#pragma once

#include "admin/ports.hpp"
#include "admin/refusal.hpp"
#include "base/awaitable.hpp"

#include <string>
#include <vector>

namespace hauspost::admin {

/// One record as a zone file has it: names end with a dot, texts are quoted. RFC 1035 5.1
struct dns_record {
    dns_record() = default;
    std::string name;
    std::string type;
    std::string value;
    /// When it is wanted, in words; "": always.
    std::string note;
};

/// What the DNS has to say of a domain.
struct domain_records {
    domain_records() = default;
    std::string domain;
    std::vector<dns_record> records;
    bool is_relayed = false;  // mail leaves by a server of which the SPF record knows nothing
};

// Use cases on what the DNS has to say of a domain. Names are as somebody typed them.

/// Where mail for it goes (MX), who may send for it (SPF), with which keys (DKIM), what becomes of
/// the rest (DMARC), and where programs log in (SRV; "." where a service is not offered); where they
/// learn by themselves how to (autoconfig, autodiscover: where HTTPS is served); where others report
/// TLS that fails (TLSRPT). With a note: what ties this server's key to its name (TLSA),
/// whoever may make certificates (CAA), and a policy on TLS (MTA-STS). Keys that the domain lacks are
/// made.
/// RFC  5321 5, 7208, 6376 3.6.2, 7489 6.1, 6186, 8314 5.1, 8460 3, 7672 3.1, 8659, 8461 3.1
awaitable<outcome<domain_records>> show_domain_records(ports& at, std::string domain);

/// New keys, which sign after a day: time to publish them. Gives all records, with the new ones.
/// Where new ones wait already they stay.
awaitable<outcome<domain_records>> rotate_domain_keys(ports& at, std::string domain);

}  // namespace hauspost::admin
