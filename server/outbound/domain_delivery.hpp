#pragma once

#include "base/awaitable.hpp"
#include "base/monotonic_clock.hpp"
#include "protocols/dns/resolver.hpp"
#include "protocols/net/tls_client.hpp"
#include "protocols/smtp/client/client_session.hpp"
#include "server/outbound/arc_sealer.hpp"
#include "server/outbound/attempt_result.hpp"
#include "server/outbound/breaker.hpp"
#include "server/outbound/connector.hpp"
#include "server/outbound/delivery_settings.hpp"
#include "server/outbound/forwarded_author.hpp"
#include "server/outbound/host_protection.hpp"
#include "server/outbound/mail_hosts.hpp"
#include "server/outbound/session_counts.hpp"
#include "server/tls_policy/sts_policies.hpp"
#include "storage/blob_store.hpp"
#include "storage/queue_store.hpp"

#include <boost/asio/ip/address.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
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
    forwarded_author* authors = nullptr;           // null: all leaves as it is
    tls_policy::sts_policies* policies = nullptr;  // null: MTA-STS is switched off
    arc_sealer* sealer = nullptr;                  // null: nothing gets a set of ARC
};

/// A recipient whose message a server has taken.
struct delivered_recipient {
    const storage::queue_item* item;
    const storage::queue_recipient* row;
    attempt_result result;
};

/// Who remembers what was delivered, so that it is not delivered again by whoever comes after a crash.
class delivery_keeper {
public:
    virtual ~delivery_keeper() = default;

    /// Returns when it is on stable storage, or cannot get there now.
    /// Throws  storage::fault
    virtual awaitable<void> keep(std::vector<delivered_recipient> delivered) = 0;
    /// A server is ready to take mail, or has said what becomes of a message.
    virtual void on_heard() noexcept = 0;
};

/// One attempt to give the recipients of one domain to one of its hosts, in the order of trying,
/// over as few connections as possible. Each recipient ends with a result; nothing is thrown for
/// what a server does.
///
/// A host must prove itself by its TLSA records, or as the domain's MTA-STS policy says; else TLS is
/// used where it is offered, and done without where the handshake fails, since the other choice would
/// be no mail (RFC 7435).
/// Messages that require TLS (RFC 8689) have connections of their own, to hosts that are proven to be
/// the domain's and prove themselves; so have those that need none ("TLS-Required: No").
///
/// What a server has taken is kept before it gets the next message: who dies in between delivers one
/// message again, not all of a connection.
///
/// Lifetime: ports, settings, claim and relay must outlive it. Thread: one, on which it runs.
/// RFC  5321 5.1, 7672 2, 8461 5, 8689 4
class domain_delivery {
public:
    /// relay  the one that is asked instead of the domain's hosts; null: those
    domain_delivery(const delivery_ports& ports,
                    const delivery_settings& settings,
                    const storage::queue_claim& claim,
                    const smarthost* relay = nullptr);

    /// Before run(). It must outlive this.
    void keep_by(delivery_keeper& keeper) noexcept { keeper_ = &keeper; }

    /// Once.
    /// Returns  in the order of the claim's items and their recipients
    /// Throws   storage::fault
    awaitable<std::vector<attempt_result>> run();

    /// After run(): some server of the domain was ready to take mail, or none had to be asked.
    [[nodiscard]] bool was_reached() const noexcept { return was_reached_; }

    /// After run(): how connections were protected, for reports; without the day.
    [[nodiscard]] std::vector<storage::tls_result> take_counts() noexcept { return counts_.take(); }

    /// After run(): keeps what was delivered and is not kept yet, where what follows may take long.
    /// Throws  storage::fault
    awaitable<void> keep_rest() { return keep_delivered(); }

    /// What is being sent to a server goes on; no other is looked for or reached, and what has no result
    /// then is left untried. Thread: its own.
    void request_stop();
    /// Ends soon: what has no result yet is left untried, or as unsure as it is. Thread: its own.
    void stop();

private:
    /// How much TLS a message needs; RFC 8689 2, 3.
    enum class tls_need : std::uint8_t { usual, proven, none };
    /// Of recipients with one need: why hosts could not be used.
    struct failures {
        std::optional<attempt_result> last;
        bool may_come_again = false;  // some host may do better later
    };
    struct recipient {
        const storage::queue_item* item;
        const storage::queue_recipient* row;
        std::optional<attempt_result> result;
    };
    /// How a host has to prove itself for messages of one need.
    struct way {
        host_protection how;
        tls_need serves = tls_need::usual;
    };
    enum class talk_end : std::uint8_t { over, connect_again };

    awaitable<leaving_form> form_of(const storage::queue_item& item);
    awaitable<void> find_forms();
    awaitable<mail_hosts> find_hosts();
    awaitable<void> find_policy();
    awaitable<void> try_host(const mail_hosts& where, const mail_host& host);
    awaitable<std::optional<host_protection>> protect(const mail_hosts& where,
                                                      const mail_host& host);
    [[nodiscard]] std::optional<way> adapted(const std::optional<host_protection>& usual,
                                             tls_need need,
                                             const mail_hosts& where,
                                             const mail_host& host);
    [[nodiscard]] static tls_need need_of(const storage::queue_item& item) noexcept;
    [[nodiscard]] bool has_open(tls_need need) const noexcept;
    [[nodiscard]] failures& failures_of(tls_need need) noexcept {
        return failures_[static_cast<std::size_t>(need)];
    }
    awaitable<void> try_address(const mail_host& host, boost::asio::ip::address address, way to_it);
    awaitable<talk_end> talk(const std::string& server, boost::asio::ip::tcp::endpoint to, way& by);
    /// The next try with the same server; nullopt: none.
    [[nodiscard]] std::optional<host_protection> weaker(const way& by,
                                                        const smtp::send_outcome& refused) const;
    void count_start(const host_protection& how,
                     const std::string& address,
                     const std::optional<smtp::send_outcome>& refused,
                     bool is_encrypted);
    awaitable<void> send_all(smtp::client_session& session,
                             const std::string& server,
                             tls_need need);
    awaitable<bool> send(smtp::client_session& session,
                         const storage::queue_item& item,
                         const std::string& server);
    [[nodiscard]] std::shared_ptr<const smtp::client_settings> session_settings(
        const host_protection& how) const;
    void note_failure(const way& by, const smtp::send_outcome& outcome, const std::string& server);
    void note_failure(tls_need need, attempt_result result);
    void note_failure_of_all(const attempt_result& result);
    [[nodiscard]] attempt_result without_host(tls_need need);
    void decide(recipient& one, attempt_result result, const std::string& server);
    awaitable<void> keep_delivered();
    void note_heard() noexcept;
    [[nodiscard]] std::size_t decided() const noexcept;
    [[nodiscard]] bool is_done() const noexcept;

    const delivery_ports& ports_;
    const delivery_settings& settings_;
    const storage::queue_claim& claim_;
    const smarthost* const relay_;  // null: the domain's own hosts
    std::vector<recipient> recipients_;
    delivery_keeper* keeper_ = nullptr;
    std::vector<const recipient*> unkept_;    // delivered meanwhile
    std::map<queue_id, leaving_form> forms_;  // of those that do not leave as they are
    std::array<failures, 3> failures_;        // by need
    net::stream* stream_ = nullptr;           // while one is used
    std::string tls_;                         // of it, for results
    std::optional<mta_sts::policy> sts_;      // in force
    session_counts counts_;
    bool was_reached_ = false;
    breaker waits_;           // for the DNS, for policies, for connections
    bool is_ending_ = false;  // nothing more is begun
    bool is_stopping_ = false;
};

}  // namespace hauspost::outbound
