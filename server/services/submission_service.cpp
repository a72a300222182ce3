#include "server/services/submission_service.hpp"

#include <boost/asio/this_coro.hpp>

#include <utility>

namespace hauspost::server {

submission_service::submission_service(const listener_role& role,
                                       const service_parts& with,
                                       const config& c,
                                       std::shared_ptr<shared> with_others)
    : service(role, with, {"421 4.7.0 too many connections, try again later\r\n", {}}),
      shared_(std::move(with_others)),
      settings_(settings_of(c)) {
    shared_->logins.set_most(c.submission_sessions_per_account);
}

smtp::session_config submission_service::settings_of(const config& c) const {
    auto made = c.submission;
    made.hostname = hostname_of(c);
    made.offer_dsn = c.sending.is_on();  // reports leave by the same way
    // Who holds back, and who keeps the promise of TLS, is the runner of the queue.
    made.offer_require_tls = c.sending.is_on();
    if (!c.sending.is_on()) made.max_hold = std::chrono::seconds(0);
    made.is_under_stress = [&gate = with_.gate] { return gate.is_stressed(); };
    return made;
}

awaitable<void> submission_service::serve(net::stream& peer) {
    counted_credentials login(with_.credentials, shared_->logins);
    const smtp::submission_ports ports{login, with_.store.changes, with_.senders, with_.time};
    const smtp::session_policy policy{"submission", with_.submitted, &ports, &with_.refusals};
    smtp::server_session session(peer, policy, with_.monotonic, settings_.get());
    const auto executor = co_await asio::this_coro::executor;
    const session_list::registration here(with_.sessions, executor,
                                          [&session] { session.request_stop(); });
    co_await session.run();
}

void submission_service::reload(const config& c) {
    settings_.set(settings_of(c));
    shared_->logins.set_most(c.submission_sessions_per_account);
}

}  // namespace hauspost::server
