#include "server/services/smtp_service.hpp"

#include <boost/asio/this_coro.hpp>

namespace hauspost::server {

smtp_service::smtp_service(const listener_role& role,
                           const service_parts& with,
                           const config& c,
                           std::shared_ptr<shared>)
    : service(role, with, {"421 4.7.0 too many connections, try again later\r\n", {}}),
      settings_(settings_of(c)) {}

smtp::session_config smtp_service::settings_of(const config& c) const {
    auto made = c.smtp;
    made.hostname = hostname_of(c);
    made.offer_require_tls = c.sending.is_on();  // what goes on keeps the promise
    made.is_under_stress = [&gate = with_.gate] { return gate.is_stressed(); };
    return made;
}

awaitable<void> smtp_service::serve(net::stream& peer) {
    const smtp::session_policy policy{"smtp", with_.mail, nullptr, &with_.refusals};
    smtp::server_session session(peer, policy, with_.monotonic, settings_.get());
    const auto executor = co_await asio::this_coro::executor;
    const session_list::registration here(with_.sessions, executor,
                                          [&session] { session.request_stop(); });
    co_await session.run();
}

void smtp_service::reload(const config& c) {
    settings_.set(settings_of(c));
}

}  // namespace hauspost::server
