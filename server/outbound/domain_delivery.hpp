#pragma once

#include "base/awaitable.hpp"
#include "base/monotonic_clock.hpp"
#include "protocols/dns/resolver.hpp"
#include "protocols/net/tls_client.hpp"
#include "protocols/smtp/client/client_session.hpp"
#include "server/outbound/attempt_result.hpp"
#include "server/outbound/connector.hpp"
#include "server/outbound/delivery_settings.hpp"
#include "server/outbound/host_protection.hpp"
#include "server/outbound/mail_hosts.hpp"
#include "server/outbound/session_counts.hpp"
#include "server/tls_policy/sts_policies.hpp"
#include "storage/blob_store.hpp"
#include "storage/queue_store.hpp"

#include <boost/asio/ip/address.hpp>

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace hauspost::outbound {

/// What a delivery works with. All outlive it.
struct delivery_ports {
    storage::blob_store& blobs;
    dns::resolver& resolver;
    host_finder& hosts;
    connector& servers;
    SSL_CTX* tls;  // of certs::client_context
    const monotonic_clock& monotonic;
    tls_policy::sts_policies* policies = nullptr;  // nullptr: MTA-STS is switched off
};

/// One attempt to give the recipients of one domain to one of its hosts, in the order of trying,
/// over as few connections as possible. Each recipient ends with a result; nothing is thrown for
/// what a server does.
///
/// A host must prove itself by its TLSA records, or as the domain's MTA-STS policy says; else TLS is
/// used where it is offered, and done without where the handshake fails, since the other choice would
/// be no mail (RFC 7435). Messages that say "TLS-Required: No" go apart from others, as if there were
/// neither.
///
/// Lifetime: ports, settings and claim must outlive it. Thread: one, on which it runs.
/// RFC  5321 5.1, 7672 2, 8461 5
class domain_delivery {
public:
    domain_delivery(const delivery_ports& ports,
                    const delivery_settings& settings,
                    const storage::queue_claim& claim);

    /// Once.
    /// Returns  in the order of the claim's items and their recipients
    /// Throws   storage::fault
    awaitable<std::vector<attempt_result>> run();

    /// After run(): some server of the domain was ready to take mail.
    [[nodiscard]] bool was_reached() const noexcept { return was_reached_; }

    /// After run(): how connections were protected, for reports; without the day.
    [[nodiscard]] std::vector<storage::tls_result> take_counts() noexcept { return counts_.take(); }

    /// Ends soon: what has no result yet is left untried, or as unsure as it is. Thread: its own.
    void stop() noexcept;

private:
    struct recipient {
        const storage::queue_item* item;
        const storage::queue_recipient* row;
        std::optional<attempt_result> result;
    };
    enum class talk_end : std::uint8_t { over, connect_again };

    awaitable<mail_hosts> find_hosts();
    awaitable<void> find_policy();
    awaitable<void> try_all(const mail_hosts& where, bool without_policies);
    awaitable<void> try_host(const mail_hosts& where, const mail_host& host);
    awaitable<std::optional<host_protection>> protect(const mail_hosts& where,
                                                      const mail_host& host);
    awaitable<void> try_address(const mail_host& host,
                                boost::asio::ip::address address,
                                host_protection how);
    awaitable<talk_end> talk(const std::string& server,
                             boost::asio::ip::tcp::endpoint to,
                             host_protection& how);
    /// The next try with the same server; nullopt: none.
    [[nodiscard]] std::optional<host_protection> weaker(const host_protection& how,
                                                        const smtp::send_outcome& refused) const;
    void count_start(const host_protection& how,
                     const std::string& address,
                     const std::optional<smtp::send_outcome>& refused,
                     bool is_encrypted);
    awaitable<void> send_all(smtp::client_session& session, const std::string& server);
    awaitable<bool> send(smtp::client_session& session,
                         const storage::queue_item& item,
                         const std::string& server);
    [[nodiscard]] std::shared_ptr<const smtp::client_settings> session_settings(
        const host_protection& how) const;
    void note_failure(const smtp::send_outcome& outcome,
                      const std::string& server,
                      const host_protection& how);
    void note_failure(attempt_result result);
    [[nodiscard]] attempt_result without_host() const;
    void decide(recipient& one, attempt_result result, const std::string& server);
    [[nodiscard]] std::size_t decided() const noexcept;
    [[nodiscard]] bool is_of_turn(const recipient& one) const noexcept;
    [[nodiscard]] bool is_done() const noexcept;

    const delivery_ports& ports_;
    const delivery_settings& settings_;
    const storage::queue_claim& claim_;
    std::vector<recipient> recipients_;
    std::optional<attempt_result> failure_;  // of the last host that could not be used
    bool may_come_again_ = false;            // some host may do better later
    net::stream* stream_ = nullptr;          // while one is used
    std::string tls_;                        // of it, for results
    std::optional<mta_sts::policy> sts_;     // in force
    session_counts counts_;
    bool without_policies_ = false;  // it is the turn of messages that say so
    bool was_reached_ = false;
    bool is_stopping_ = false;
};

}  // namespace hauspost::outbound
