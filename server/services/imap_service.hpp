#pragma once

#include "protocols/imap/session/session.hpp"
#include "server/services/current.hpp"
#include "server/services/service.hpp"

namespace hauspost::server {

/// What IMAP sessions go by: a message that may come alone may also come in an APPEND of several.
[[nodiscard]] imap::session_config imap_settings_of(const config& c);

/// Mail programs that speak IMAP.
class imap_service final : public service {
public:
    imap_service(const listener_role& role, const service_parts& with, const config& c);

    awaitable<void> serve(net::stream& peer) override;
    void reload(const config& c) override;

private:
    current<imap::session_config> settings_;
};

}  // namespace hauspost::server
