#include "server/services/imap_service.hpp"

#include <boost/asio/this_coro.hpp>

#include <algorithm>
#include <utility>

namespace hauspost::server {

imap::session_config imap_settings_of(const config& c) {
    auto made = c.imap;
    made.hostname = hostname_of(c);
    auto& limits = made.limits;
    if (limits.append_command_octets != 0)
        limits.append_command_octets = std::max(limits.append_command_octets, limits.append_octets);
    return made;
}

imap_service::imap_service(const listener_role& role,
                           const service_parts& with,
                           const config& c,
                           std::shared_ptr<shared> with_others)
    : service(
          role, with, {"* BYE [UNAVAILABLE] Too many connections, try again later\r\n", {"imap"}}),
      shared_(std::move(with_others)),
      settings_(imap_settings_of(c)) {
    shared_->logins.set_most(c.imap_sessions_per_account);
}

awaitable<void> imap_service::serve(net::stream& peer) {
    const auto& store = with_.store;
    counted_credentials login(with_.credentials, shared_->logins);
    const imap::session_ports ports{
        store.mailboxes, store.blobs,   store.changes, store.sharing,   store.annotations, login,
        with_.summaries, with_.workers, with_.time,    with_.monotonic, with_.index};
    imap::session session(peer, ports, settings_.get());
    const auto executor = co_await asio::this_coro::executor;
    const session_list::registration here(with_.sessions, executor,
                                          [&session] { session.request_stop(); });
    co_await session.run();
}

void imap_service::reload(const config& c) {
    settings_.set(imap_settings_of(c));
    shared_->logins.set_most(c.imap_sessions_per_account);
}

}  // namespace hauspost::server
