#include "protocols/http/session/session.hpp"

#include "protocols/http/event.hpp"
#include "protocols/http/session/connection.hpp"

#include <utility>

namespace hauspost::http {

answer::answer(std::shared_ptr<event_source> from) : events(std::move(from)) {
    fields.add("Content-Type", event_stream_type);
    fields.add("Cache-Control", "no-store");
    route = "events";
}

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

}  // namespace hauspost::http
