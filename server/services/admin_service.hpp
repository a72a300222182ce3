#pragma once

#include "admin/web/owner_handler.hpp"
#include "protocols/http/session/settings.hpp"
#include "server/services/service.hpp"

#include <memory>

namespace hauspost::server {

/// The owner at his page.
class admin_service final : public service {
public:
    /// What all roles of the page have in common: nothing.
    struct shared {};

    admin_service(const listener_role& role,
                  const service_parts& with,
                  const config& c,
                  std::shared_ptr<shared> with_others);

    awaitable<void> serve(net::stream& peer) override;
    /// All that it says changes with the next start.
    void reload(const config& c) override;

private:
    admin::web::owner_handler page_;
    const std::shared_ptr<const http::session_config> settings_;
};

}  // namespace hauspost::server
