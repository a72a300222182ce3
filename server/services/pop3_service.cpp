#include "server/services/pop3_service.hpp"

#include <boost/asio/this_coro.hpp>

#include <utility>

namespace hauspost::server {
namespace {

pop3::session_config settings_of(const config& c) {
    auto made = c.pop3;
    made.hostname = hostname_of(c);
    return made;
}

}  // namespace

pop3_service::pop3_service(const listener_role& role,
                           const service_parts& with,
                           const config& c,
                           std::shared_ptr<shared> with_others)
    : service(role, with, {"-ERR [SYS/TEMP] too many connections, try again later\r\n", {"pop3"}}),
      shared_(std::move(with_others)),
      settings_(settings_of(c)) {}

awaitable<void> pop3_service::serve(net::stream& peer) {
    const auto& store = with_.store;
    const pop3::session_ports ports{store.mailboxes,   store.blobs,   store.changes,
                                    with_.credentials, with_.workers, shared_->maildrops,
                                    with_.monotonic};
    pop3::session session(peer, ports, settings_.get());
    const auto executor = co_await asio::this_coro::executor;
    const session_list::registration here(with_.sessions, executor,
                                          [&session] { session.request_stop(); });
    co_await session.run();
}

void pop3_service::reload(const config& c) {
    settings_.set(settings_of(c));
}

}  // namespace hauspost::server
