#pragma once

#include "protocols/imap/session/session.hpp"
#include "server/services/account_sessions.hpp"
#include "server/services/current.hpp"
#include "server/services/service.hpp"

#include <memory>

namespace hauspost::server {

/// What IMAP sessions go by: a message that may come alone may also come in an APPEND of several.
[[nodiscard]] imap::session_config imap_settings_of(const config& c);

/// Mail programs that speak IMAP.
class imap_service final : public service {
public:
    /// What all roles of IMAP have in common.
    struct shared {
        account_sessions logins{0};  // the first settings say how many there may be
    };

    imap_service(const listener_role& role,
                 const service_parts& with,
                 const config& c,
                 std::shared_ptr<shared> with_others);

    awaitable<void> serve(net::stream& peer) override;
    void reload(const config& c) override;

private:
    const std::shared_ptr<shared> shared_;
    current<imap::session_config> settings_;
};

}  // namespace hauspost::server
