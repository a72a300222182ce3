#pragma once

#include "protocols/pop3/session/session.hpp"
#include "server/services/current.hpp"
#include "server/services/service.hpp"

namespace hauspost::server {

/// Mail programs that fetch by POP3.
class pop3_service final : public service {
public:
    pop3_service(const listener_role& role, const service_parts& with, const config& c);

    awaitable<void> serve(net::stream& peer) override;
    void reload(const config& c) override;

private:
    current<pop3::session_config> settings_;
};

}  // namespace hauspost::server
