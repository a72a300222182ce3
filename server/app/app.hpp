#pragma once

#include "certs/cert_store.hpp"
#include "protocols/net/connection_gate.hpp"
#include "protocols/net/io_threads.hpp"
#include "protocols/query/run/index_text.hpp"
#include "server/app/backend.hpp"
#include "server/app/index_view.hpp"
#include "server/app/instance_lock.hpp"
#include "server/app/outside_view.hpp"
#include "server/app/resent_mail.hpp"
#include "server/app/sending.hpp"
#include "server/auth/counted_credentials.hpp"
#include "server/config/config.hpp"
#include "server/config/config_change.hpp"
#include "server/control/control_socket.hpp"
#include "server/delivery/local_sink.hpp"
#include "server/delivery/refusal_trace.hpp"
#include "server/outbound/dkim_signer.hpp"
#include "server/outbound/forwarded_paths.hpp"
#include "server/outbound/own_addresses.hpp"
#include "server/outbound/resender.hpp"
#include "server/outbound/submission_sink.hpp"
#include "server/services/listeners.hpp"
#include "server/services/service_list.hpp"
#include "server/services/session_list.hpp"
#include "server/summaries/stored_summaries.hpp"
#include "storage/index/search_indexer.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <vector>

namespace hauspost::server {

/// The running server. Builds all parts in the order of the members below, serves until SIGTERM or
/// SIGINT, drains, and takes the parts down in the opposite order.
///
/// A store that is broken (storage::store_keeper::on_broken) stops it, too: at once no connection is
/// taken any more, and what is in flight is refused for the moment.
///
/// Signals: SIGTERM and SIGINT drain (a second one ends at once), SIGHUP reads certificate and log
/// file again and puts into force what config_items marks as reloading.
class app {
public:
    /// file         without faults
    /// config_path  read again at SIGHUP
    /// ports        all that the file listens on
    /// Throws       std::runtime_error in words for the operator: a certificate that cannot be
    ///              used, a broken store
    app(loaded_config file, std::string config_path, open_ports ports, instance_lock lock);
    app(const app&) = delete;
    app& operator=(const app&) = delete;

    /// Returns when the server has stopped. False: because its store is broken, so that somebody
    /// has to start it anew. Thread: the one that constructed it.
    [[nodiscard]] bool run();

private:
    void listen(open_ports& ports);
    /// Where nobody owns this server yet: prints the set-up link, or says how to get it.
    awaitable<void> greet_owner();
    /// Asks for the records of our domains now and then.
    awaitable<void> watch_dns();
    void await_signal();
    void on_signal(int number);
    void drain(std::chrono::seconds at_most);
    void stop_sending(std::chrono::seconds at_most);
    void on_store_broken();
    void on_listener_stopped();
    void reload();
    /// What of `fresh` need not wait for a start.
    /// Returns  what became of each item
    config_change put_in_force(const config& fresh);
    /// Returns  what is wrong with a file, in words; none: all are in use
    std::vector<std::string> reload_files(const config& fresh);
    [[nodiscard]] bool reload_log(const config& fresh);
    [[nodiscard]] bool reload_certificate(const config& fresh);
    void log_certificates();

    const std::string config_path_;
    const instance_lock lock_;
    backend backend_;
    config config_;  // in force: the file's, with what the owner has set
    const query::index_text index_text_;
    const stored_summaries summaries_;
    std::unique_ptr<storage::index::search_indexer> index_;  // null: switched off
    std::unique_ptr<index_view> index_view_;                 // null alike
    certs::cert_store certificates_;
    net::connection_gate gate_;
    outbound::dkim_signer signer_;
    outbound::forwarded_paths forwards_;
    outbound::sending_limits limits_;
    delivery::local_sink inbound_;  // mail of other servers
    delivery::local_sink relay_;    // mail of people, once it may go anywhere
    outbound::resender resender_;   // by relay_
    resent_mail resent_;
    outbound::own_addresses senders_;
    outbound::submission_sink submission_;  // in front of relay_
    delivery::directory_lookup owners_;
    delivery::owner_mail owner_;
    outbound::sender_watch watch_;
    delivery::refusal_trace refusals_;
    const admin::web::office office_;
    auth::counted_credentials logins_;
    session_list sessions_;
    const service_list services_;
    net::io_threads threads_;
    std::unique_ptr<sending> sending_;       // null: mail for others waits
    std::unique_ptr<outside_view> outside_;  // null alike
    listener_list listeners_;
    asio::io_context main_;  // signals and the control socket, on the thread that calls run()
    admin::web::page_news news_;
    asio::signal_set signals_;
    control::control_server control_;
    std::size_t listeners_stopping_ = 0;
    bool is_draining_ = false;
    bool is_store_broken_ = false;
};

}  // namespace hauspost::server
