#pragma once

#include "protocols/smtp/client/client_settings.hpp"
#include "server/outbound/language.hpp"
#include "server/outbound/mail_hosts.hpp"
#include "server/outbound/rate_settings.hpp"
#include "server/outbound/retry_schedule.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace hauspost::outbound {

/// A server that takes mail for others, instead of theirs.
struct smarthost {
    std::string host;  // a name, or an address literal
    std::uint16_t port = 587;
    std::optional<smtp::client_login> login;
    bool must_be_proven = true;  // its certificate, by its name
};

struct delivery_settings {
    std::string hostname = "localhost";  // said in EHLO, and in reports
    retry_settings retry;
    host_settings hosts;
    smtp::client_timeouts timeouts;
    std::chrono::seconds connect_limit{30};  // for one address
    std::uint32_t port = 25;                 // of the servers of other domains
    bool uses_mta_sts = true;
    std::uint32_t policy_port = 443;  // of the hosts of MTA-STS policies
    bool reports_tls = true;          // counts how connections are protected, and reports it
    std::string report_contact;       // whom reports name; "": postmaster@ the hostname
    std::optional<smarthost> relay;
    /// Instead of it for the mail of senders of a domain, in lower case and A-labels; nullopt: that
    /// goes to the servers of its recipients.
    std::map<std::string, std::optional<smarthost>, std::less<>> relays_of;
    /// That go on at the same time, in all and to one domain; each has a connection.
    std::size_t max_deliveries = 50;
    std::size_t max_deliveries_of_domain = 4;
    std::size_t max_recipients = 100;  // of one delivery
    rate_settings rates;
    /// Who has not renewed a claim for so long has died, and others may have it.
    std::chrono::seconds lease{180};
    language speech = language::english;  // of what is written to senders

    /// The smarthost for mail of this sender, a reverse-path; null: it goes to the servers of its
    /// recipients. What has no sender goes as all else does. Valid as long as the settings are.
    [[nodiscard]] const smarthost* relay_of(std::string_view sender) const;
    /// One server takes all that leaves.
    [[nodiscard]] bool has_relay_alone() const noexcept { return relay && relays_of.empty(); }
};

}  // namespace hauspost::outbound
