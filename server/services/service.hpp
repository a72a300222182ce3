#pragma once

#include "admin/web/office.hpp"
#include "base/awaitable.hpp"
#include "base/clock.hpp"
#include "base/monotonic_clock.hpp"
#include "base/worker_pool.hpp"
#include "certs/cert_store.hpp"
#include "certs/server_context.hpp"
#include "protocols/net/connection_gate.hpp"
#include "protocols/net/stream.hpp"
#include "protocols/net/tls_server.hpp"
#include "protocols/sasl/credentials.hpp"
#include "protocols/smtp/server/mail_sink.hpp"
#include "protocols/smtp/server/policy.hpp"
#include "server/config/config.hpp"
#include "server/config/listener_roles.hpp"
#include "server/services/session_list.hpp"
#include "storage/ports.hpp"
#include "storage/search_index.hpp"
#include "storage/summary_maker.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hauspost::server {

/// What services are made of. All outlive them.
struct service_parts {
    const storage::ports& store;
    storage::search_index* index;  // null: switched off
    sasl::credentials& credentials;
    const storage::summary_maker& summaries;
    smtp::mail_sink& mail;       // of other servers, for own mailboxes
    smtp::mail_sink& submitted;  // of people who have logged in, for everybody
    smtp::sender_rules& senders;
    smtp::refusal_watch& refusals;
    const admin::web::office& office;
    worker_pool& workers;
    const clock& time;
    const monotonic_clock& monotonic;
    const certs::cert_store& certificates;
    const net::connection_gate& gate;
    session_list& sessions;
};

/// What a protocol says on every listener of its own.
struct service_manners {
    /// To a connection that the gate refuses, with its line end.
    std::string_view refusal;
    /// ALPN names (certs::server_context).
    std::vector<std::string> alpn;
};

/// What stands behind one listener role: how TLS is spoken there, what somebody hears for whom
/// there is no room, the settings of its sessions, and how one of them is run.
///
/// Lifetime: must outlive the listeners' connections.
class service {
public:
    service(const listener_role& role, const service_parts& with, service_manners manners);
    virtual ~service() = default;
    service(const service&) = delete;
    service& operator=(const service&) = delete;

    [[nodiscard]] const listener_role& role() const noexcept { return role_; }
    [[nodiscard]] std::string_view refusal() const noexcept { return refusal_; }
    /// null: TLS is never spoken.
    [[nodiscard]] const net::tls_server* tls() const noexcept { return tls_ ? &*tls_ : nullptr; }

    /// The life of one session. Thread: the connection's.
    virtual awaitable<void> serve(net::stream& peer) = 0;

    /// Settings for the sessions to come. Thread: any.
    virtual void reload(const config& c) = 0;

protected:
    const service_parts with_;

private:
    const listener_role& role_;
    const std::string_view refusal_;
    std::optional<certs::server_context> context_;
    std::optional<net::tls_server> tls_;
};

}  // namespace hauspost::server
