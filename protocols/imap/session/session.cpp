#include "protocols/imap/session/session.hpp"

#include "protocols/imap/session/connection.hpp"

#include <utility>

namespace hauspost::imap {

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

}  // namespace hauspost::imap
