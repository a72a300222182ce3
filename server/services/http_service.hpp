#pragma once

#include "protocols/http/session/session.hpp"
#include "protocols/jmap/session/jmap_handler.hpp"
#include "server/client_setup/setup_handlers.hpp"
#include "server/services/https_handler.hpp"
#include "server/services/service.hpp"
#include "storage/view/account_index.hpp"

#include <memory>

namespace hauspost::server {

/// What mail programs are told of the services of this configuration.
[[nodiscard]] client_setup::setup_config setup_config_of(const config& c);

/// How JMAP is spoken with this configuration.
[[nodiscard]] jmap::door_settings jmap_settings_of(const config& c);

/// HTTP and HTTPS for everybody: mail programs that set an account up by themselves, and, by HTTPS
/// alone, JMAP.
class http_service final : public service {
public:
    /// What both roles have in common: nothing.
    struct shared {};

    http_service(const listener_role& role,
                 const service_parts& with,
                 const config& c,
                 std::shared_ptr<shared> with_others);

    awaitable<void> serve(net::stream& peer) override;
    /// Host name and listeners, all that is told, change with the next start.
    void reload(const config& c) override;

private:
    client_setup::setup_answers answers_;
    client_setup::secure_handler secure_;
    client_setup::plain_handler plain_;
    storage::view::account_index pictures_;
    jmap::jmap_handler mail_;
    https_handler https_;
    const std::shared_ptr<const http::session_config> settings_;
};

}  // namespace hauspost::server
