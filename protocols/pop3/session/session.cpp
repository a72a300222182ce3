#include "protocols/pop3/session/session.hpp"

#include "protocols/pop3/session/connection.hpp"

#include <utility>

namespace hauspost::pop3 {

session::session(net::stream& peer,
                 const session_ports& ports,
                 std::shared_ptr<const session_config> config)
    : connection_(std::make_unique<connection>(peer, ports, std::move(config))) {}

session::~session() = default;

awaitable<void> session::run() {
    return connection_->run();
}

void session::request_stop() noexcept {
    connection_->request_stop();
}

}  // namespace hauspost::pop3
