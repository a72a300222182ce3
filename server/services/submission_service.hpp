#pragma once

#include "protocols/smtp/server/server_session.hpp"
#include "server/services/account_sessions.hpp"
#include "server/services/current.hpp"
#include "server/services/service.hpp"

#include <memory>

namespace hauspost::server {

/// Mail programs that send: after a login, to everybody. RFC 6409, 8314
class submission_service final : public service {
public:
    /// What all roles of submission have in common.
    struct shared {
        account_sessions logins{0};  // the first settings say how many there may be
    };

    submission_service(const listener_role& role,
                       const service_parts& with,
                       const config& c,
                       std::shared_ptr<shared> with_others);

    awaitable<void> serve(net::stream& peer) override;
    void reload(const config& c) override;

private:
    [[nodiscard]] smtp::session_config settings_of(const config& c) const;

    const std::shared_ptr<shared> shared_;
    current<smtp::session_config> settings_;
};

}  // namespace hauspost::server
