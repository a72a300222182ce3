#pragma once

#include "base/clock.hpp"
#include "base/monotonic_clock.hpp"
#include "certs/client_context.hpp"
#include "protocols/dns/unbound_resolver.hpp"
#include "protocols/net/io_loop.hpp"
#include "server/config/config.hpp"
#include "server/outbound/breaker.hpp"
#include "server/outbound/delivery_probe.hpp"
#include "server/outbound/net_connector.hpp"
#include "server/outbound/outward_probe.hpp"
#include "server/outbound/queue_runner.hpp"
#include "server/outbound/tls_reporter.hpp"
#include "server/tls_policy/https_fetcher.hpp"
#include "server/tls_policy/https_reports.hpp"
#include "server/tls_policy/sts_policies.hpp"
#include "storage/ports.hpp"

#include <boost/asio/steady_timer.hpp>

#include <list>
#include <memory>
#include <vector>

namespace hauspost::server {

/// All that brings mail to other servers.
///
/// Calling sequence: construct, start(), stop(), then stop_lookups() before the loop goes.
class sending {
public:
    /// sink    delivers everywhere: for what is written to senders, and what waited to be
    ///         delivered here
    /// watch   hears of recipients that nobody knows
    /// loop    on which all of it runs
    /// Throws  std::runtime_error in words for the operator
    sending(const config& c,
            const storage::ports& store,
            smtp::mail_sink& sink,
            outbound::sender_watch& watch,
            outbound::dkim_signer& signer,
            worker_pool& workers,
            const clock& time,
            const monotonic_clock& monotonic,
            net::io_loop& loop);

    /// Thread: any.
    void start();
    /// Returns when no delivery goes on any more. Thread: the loop's.
    awaitable<void> stop(std::chrono::steady_clock::duration at_most);
    /// Thread: any.
    void stop_lookups() { resolver_.stop(); }

    /// Nothing once stop() was called. Thread: any; resumes on the caller's executor.
    awaitable<std::vector<outbound::probe_step>> probe(smtp::mailbox_address to,
                                                       std::string sender);
    /// Whether servers of the domain can be reached. The same.
    awaitable<outbound::outward_verdict> reach(std::string domain);
    [[nodiscard]] dns::resolver& resolver() noexcept { return resolver_; }

private:
    awaitable<std::vector<outbound::probe_step>> probe_here(smtp::mailbox_address to,
                                                            std::string sender);
    awaitable<outbound::outward_verdict> reach_here(std::string domain);

    const outbound::delivery_settings settings_;
    dns::unbound_resolver resolver_;
    outbound::host_finder hosts_;
    const certs::client_context tls_;
    outbound::net_connector servers_;
    outbound::own_delivery own_;
    tls_policy::https_client https_;
    tls_policy::https_fetcher policy_hosts_;
    tls_policy::https_reports report_places_;
    tls_policy::sts_policies policies_;
    outbound::sender_reports reports_;
    outbound::owner_letters letters_;
    outbound::forward_watch forwards_;
    std::unique_ptr<outbound::forwarded_author> authors_;  // null: all leaves as it is
    std::unique_ptr<outbound::arc_sealer> sealer_;         // null: nothing is sealed
    net::io_loop& loop_;
    const outbound::delivery_ports delivery_;
    outbound::queue_runner runner_;
    outbound::tls_reporter reporter_;
    // Of the loop's thread:
    std::list<outbound::delivery_probe*> probes_;
    std::list<outbound::breaker*> reaches_;
    bool is_stopping_ = false;
    asio::steady_timer probe_ended_;
};

}  // namespace hauspost::server
