#pragma once

#include "base/awaitable.hpp"
#include "protocols/smtp/client/client_session.hpp"
#include "protocols/smtp/mailbox_address.hpp"
#include "server/outbound/breaker.hpp"
#include "server/outbound/domain_delivery.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace hauspost::outbound {

/// One thing that a delivery would do, and how it went; in plain English.
struct probe_step {
    probe_step() = default;
    enum class verdict : std::uint8_t { good, note, bad };
    std::string what;  // "connection"
    verdict how = verdict::good;
    std::string words;   // what was seen; strangers' words are printable ASCII, as replies are
    std::string advice;  // of bad: what can be done
};

/// Goes the way of a message to one address up to RCPT, and no further: nothing is sent, nothing is
/// kept. It goes by the same choices as domain_delivery, host by host, until one has answered to
/// RCPT.
///
/// Lifetime: ports and settings must outlive it. Thread: one, that of deliveries.
class delivery_probe {
public:
    delivery_probe(const delivery_ports& ports, const delivery_settings& settings);

    /// Once.
    /// to      with its domain in A-labels; none of ours
    /// sender  in whose name it asks, in canonical form; "": postmaster's at the server's own name
    awaitable<std::vector<probe_step>> run(smtp::mailbox_address to, std::string sender = {});

    /// Ends soon. Thread: its own.
    void stop();

private:
    awaitable<mail_hosts> find_hosts(const std::string& domain);
    awaitable<void> find_policy(std::string domain);
    awaitable<bool> try_host(const mail_hosts& where, const mail_host& host);
    awaitable<bool> try_address(const mail_host& host,
                                boost::asio::ip::address address,
                                host_protection how);
    awaitable<bool> talk(net::stream& server, const std::string& name, const host_protection& how);
    awaitable<void> say_envelope(smtp::client_session& session);
    void tell_hosts(const mail_hosts& where);
    void tell_tls(const net::tls_info& tls, const host_protection& how);
    void tell_refusal(const std::string& what, const smtp::send_outcome& refused);
    void add(std::string what, probe_step::verdict how, std::string words, std::string advice = {});

    const delivery_ports& ports_;
    const delivery_settings& settings_;
    smtp::mailbox_address to_;
    std::string sender_;
    const smarthost* relay_ = nullptr;  // null: the domain's own servers
    std::optional<mta_sts::policy> sts_;
    std::vector<probe_step> steps_;
    net::stream* stream_ = nullptr;
    breaker waits_;  // for the DNS, for policies, for connections
    bool is_stopping_ = false;
};

}  // namespace hauspost::outbound
