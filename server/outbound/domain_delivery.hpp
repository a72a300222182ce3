#pragma once

#include "base/awaitable.hpp"
#include "base/monotonic_clock.hpp"
#include "protocols/dns/resolver.hpp"
#include "protocols/net/tls_client.hpp"
#include "protocols/smtp/client/client_session.hpp"
#include "server/outbound/attempt_result.hpp"
#include "server/outbound/connector.hpp"
#include "server/outbound/delivery_settings.hpp"
#include "server/outbound/forwarded_author.hpp"
#include "server/outbound/mail_hosts.hpp"
#include "storage/blob_store.hpp"
#include "storage/queue_store.hpp"

#include <boost/asio/ip/address.hpp>

#include <map>
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
    forwarded_author* authors = nullptr;  // null: all leaves as it is
};

/// One attempt to give the recipients of one domain to one of its hosts, in the order of trying,
/// over as few connections as possible. Each recipient ends with a result; nothing is thrown for
/// what a server does.
///
/// A host with usable TLSA records must prove itself by them; else TLS is used where it is offered,
/// and done without where the handshake fails, since the other choice would be no mail (RFC 7435).
///
/// Lifetime: ports, settings and claim must outlive it. Thread: one, on which it runs.
/// RFC  5321 5.1, 7672 2
class domain_delivery {
public:
    domain_delivery(const delivery_ports& ports,
                    const delivery_settings& settings,
                    const storage::queue_claim& claim);

    /// Once.
    /// Returns  in the order of the claim's items and their recipients
    /// Throws   storage::fault
    awaitable<std::vector<attempt_result>> run();

    /// After run(): some server of the domain was ready to take mail, or none had to be asked.
    [[nodiscard]] bool was_reached() const noexcept { return was_reached_; }

    /// Ends soon: what has no result yet is left untried, or as unsure as it is. Thread: its own.
    void stop() noexcept;

private:
    struct recipient {
        const storage::queue_item* item;
        const storage::queue_recipient* row;
        std::optional<attempt_result> result;
    };
    /// How a host has to prove itself.
    struct protection {
        net::verification verify = net::verification::none;
        std::vector<net::tlsa_record> records;
        smtp::tls_use use = smtp::tls_use::if_offered;
        std::vector<std::string> other_names;
        std::string name;  // of the server
    };
    enum class talk_end : std::uint8_t { over, connect_again };

    awaitable<void> find_forms();
    awaitable<mail_hosts> find_hosts();
    awaitable<void> try_host(const mail_hosts& where, const mail_host& host);
    awaitable<std::optional<protection>> protect(const mail_hosts& where, const mail_host& host);
    awaitable<void> try_address(const mail_host& host,
                                boost::asio::ip::address address,
                                protection how);
    awaitable<talk_end> talk(const std::string& server,
                             boost::asio::ip::tcp::endpoint to,
                             protection& how);
    awaitable<void> send_all(smtp::client_session& session, const std::string& server);
    awaitable<bool> send(smtp::client_session& session,
                         const storage::queue_item& item,
                         const std::string& server);
    [[nodiscard]] std::shared_ptr<const smtp::client_settings> session_settings(
        const protection& how) const;
    void note_failure(const smtp::send_outcome& outcome, const std::string& server);
    void note_failure(attempt_result result);
    [[nodiscard]] attempt_result without_host() const;
    void decide(recipient& one, attempt_result result, const std::string& server);
    [[nodiscard]] std::size_t decided() const noexcept;
    [[nodiscard]] bool is_done() const noexcept;

    const delivery_ports& ports_;
    const delivery_settings& settings_;
    const storage::queue_claim& claim_;
    std::vector<recipient> recipients_;
    std::map<queue_id, leaving_form> forms_;  // of those that do not leave as they are
    std::optional<attempt_result> failure_;   // of the last host that could not be used
    bool may_come_again_ = false;             // some host may do better later
    net::stream* stream_ = nullptr;           // while one is used
    std::string tls_;                         // of it, for results
    bool was_reached_ = false;
    bool is_stopping_ = false;
};

}  // namespace hauspost::outbound
