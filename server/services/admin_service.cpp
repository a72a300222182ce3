#include "server/services/admin_service.hpp"

#include "protocols/http/session/session.hpp"
#include "server/services/http_settings.hpp"
#include "web/files.hpp"

#include <boost/asio/this_coro.hpp>

namespace hauspost::server {
admin_service::admin_service(const listener_role& role,
                             const service_parts& with,
                             const config&,
                             std::shared_ptr<shared> /*with_others*/)
    : service(role, with, {http::busy_response, {"http/1.1"}}),
      page_(with.office, {web::admin_files(), web::admin_content_security_policy()}),
      settings_(http_settings(with.gate)) {}

awaitable<void> admin_service::serve(net::stream& peer) {
    const http::session_ports ports{page_, with_.time, with_.monotonic};
    http::session session(peer, ports, settings_);
    const auto executor = co_await asio::this_coro::executor;
    const session_list::registration here(with_.sessions, executor,
                                          [&session] { session.request_stop(); });
    co_await session.run();
}

void admin_service::reload(const config&) {}

}  // namespace hauspost::server
