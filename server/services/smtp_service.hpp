#pragma once

#include "protocols/smtp/server/server_session.hpp"
#include "server/services/current.hpp"
#include "server/services/service.hpp"

#include <memory>

namespace hauspost::server {

/// Mail from other servers.
class smtp_service final : public service {
public:
    /// What all roles of SMTP have in common: nothing.
    struct shared {};

    smtp_service(const listener_role& role,
                 const service_parts& with,
                 const config& c,
                 std::shared_ptr<shared> with_others);

    awaitable<void> serve(net::stream& peer) override;
    void reload(const config& c) override;

private:
    [[nodiscard]] smtp::session_config settings_of(const config& c) const;

    current<smtp::session_config> settings_;
};

}  // namespace hauspost::server
