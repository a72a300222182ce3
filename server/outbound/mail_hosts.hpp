#pragma once

#include "base/awaitable.hpp"
#include "base/random.hpp"
#include "protocols/dns/resolver.hpp"

#include <boost/asio/ip/address.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace hauspost::outbound {

/// How the search for the hosts of a domain ended.
enum class hosts_verdict : std::uint8_t {
    found,
    no_such_domain,  // or what is behind the "@" is none
    takes_no_mail,   // the domain says so (RFC 7505)
    no_usable_host,  // neither MX nor address, or none of its hosts has an address that may be used
    loops_back,      // we are its best host, and do not know the domain
    lookup_failed,   // the DNS does not answer: try again later
};

/// As a report about the message tells it (RFC 3463, 7505 4.2); "" for found.
[[nodiscard]] std::string_view enhanced_status(hosts_verdict verdict) noexcept;

/// Another try later cannot end otherwise: the message goes back.
[[nodiscard]] bool is_permanent(hosts_verdict verdict) noexcept;

/// One host to which mail may be given.
struct mail_host {
    std::string name;            // as the MX record has it, in A-labels; of a literal "[192.0.2.1]"
    std::string canonical_name;  // the one that has the addresses, behind CNAMEs; "": no plain name
    std::vector<boost::asio::ip::address> addresses;  // at least one, in the order of trying
    bool are_addresses_secure = false;                // proven by DNSSEC, CNAMEs too
};

/// Where the mail of a domain goes.
struct mail_hosts {
    hosts_verdict verdict = hosts_verdict::lookup_failed;
    std::vector<mail_host> hosts;  // in the order of trying; of `found` only, then at least one
    /// The MX records, or that there are none, are proven by DNSSEC: without it the names of the
    /// hosts are anybody's (RFC 7672 2.2.1).
    bool is_mx_secure = false;
    std::string canonical_domain;  // behind CNAMEs; "": no plain name
    std::string why;               // one line for the log and the report; "" for found
};

/// By which this server is known in the mail of others. RFC 5321 5.1
struct own_hosts {
    std::set<std::string> names;                   // lower case, A-labels
    std::set<boost::asio::ip::address> addresses;  // of all interfaces where it listens on all
};

struct host_settings {
    std::size_t max_hosts = 10;               // that are tried for one domain, at least 1
    std::size_t max_addresses_of_a_host = 4;  // at least 1
    /// Addresses of this machine and of private networks count as any other. Off: a domain whose
    /// MX leads there (a stranger's, to reach what stands behind our firewall) has no host.
    bool may_lead_inwards = false;
    dns::families families = dns::families::both;
};

/// Finds the hosts of domains.
///
/// MX records by preference, those of the same in random order, without all that stand at or behind
/// our own; without MX the domain itself. The addresses of all hosts are asked for together.
/// A host that is a CNAME is taken, although RFC 5321 5.1 leaves that open: many domains have one.
///
/// Whether a host is ours is told by its name for all MX records, by its addresses for the first
/// max_hosts.
///
/// Lifetime: the resolver must outlive it. Thread: any, many at a time, when `random` can.
/// RFC  5321 5.1, 7505, 7672 2.2
class host_finder {
public:
    using random_number = std::function<std::uint64_t()>;

    host_finder(dns::resolver& resolver,
                own_hosts own,
                host_settings settings = {},
                random_number random = random::number);

    /// domain  what stands behind the "@": a domain in U-labels or A-labels, or an address literal
    awaitable<mail_hosts> find(std::string domain);

private:
    struct candidate {
        std::uint16_t preference = 0;
        std::string name;
    };
    using candidates = std::vector<candidate>;

    [[nodiscard]] mail_hosts of_literal(const std::string& text) const;
    [[nodiscard]] candidates in_order(const std::vector<dns::mx_record>& records) const;
    awaitable<void> add_hosts(candidates wanted, mail_hosts& into);
    [[nodiscard]] bool is_own(const dns::address_answer& answer) const;
    [[nodiscard]] std::vector<boost::asio::ip::address> usable(
        const std::vector<boost::asio::ip::address>& all) const;

    dns::resolver& resolver_;
    const own_hosts own_;
    const host_settings settings_;
    const random_number random_;
};

}  // namespace hauspost::outbound
