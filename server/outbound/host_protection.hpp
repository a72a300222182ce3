#pragma once

#include "base/awaitable.hpp"
#include "protocols/dns/resolver.hpp"
#include "protocols/mta_sts/policy.hpp"
#include "protocols/net/stream.hpp"
#include "protocols/net/tls_client.hpp"
#include "protocols/smtp/client/client_settings.hpp"
#include "server/outbound/mail_hosts.hpp"
#include "storage/tls_result.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace hauspost::outbound {

/// How a host has to prove itself, and by whose word.
struct host_protection {
    host_protection() = default;
    enum class source : std::uint8_t { nobody, operator_, dane, sts_enforce, sts_testing };
    source by = source::nobody;
    std::string name;  // of the server, in SNI and certificate
    std::vector<std::string> other_names;
    net::verification verify = net::verification::none;
    std::vector<net::tlsa_record> records;  // with verification::dane
    smtp::tls_use use = smtp::tls_use::if_offered;
    /// As sessions with it are counted: policy, and the host itself.
    storage::tls_result counted;

    [[nodiscard]] net::tls_client_settings tls_settings() const;
    [[nodiscard]] bool is_sts() const noexcept {
        return by == source::sts_enforce || by == source::sts_testing;
    }
};

/// The host may be used so, or may not be now.
struct protection_choice {
    protection_choice() = default;
    host_protection how;
    std::string refused;  // why it may not, in words; "": it may
    /// Result type of what is wrong with it so far: of a host that is refused, or would be if its
    /// domain did not only test its policy. RFC 8460 4.3
    std::string failure;
};

struct protection_ports {
    dns::resolver& resolver;
    SSL_CTX* tls;             // of certs::client_context
    std::uint32_t port = 25;  // of the hosts
};

/// DANE where the host has TLSA records that can be used, else what MTA-STS says, else TLS as it is
/// offered. RFC 8461 2: a policy never makes good what DANE refuses.
///
/// domain  behind the "@", in A-labels
/// where   its hosts, of which `host` is one; all that is passed in outlives the call
/// sts     in force; nullptr: none is
/// RFC     7672 2, 8461 4
awaitable<protection_choice> choose_protection(const protection_ports& ports,
                                               std::string domain,
                                               const mail_hosts& where,
                                               const mail_host& host,
                                               const mta_sts::policy* sts);

/// "TLSv1.3 dane", "TLSv1.3 sts": with what the server has proven. "" in the clear.
[[nodiscard]] std::string protection_text(const net::tls_info& tls, const host_protection& how);

}  // namespace hauspost::outbound
