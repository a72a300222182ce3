#pragma once

#include "protocols/pop3/session/maildrop_locks.hpp"
#include "protocols/pop3/session/session.hpp"
#include "server/services/current.hpp"
#include "server/services/service.hpp"

#include <memory>

namespace hauspost::server {

/// Mail programs that fetch by POP3.
class pop3_service final : public service {
public:
    /// What all roles of POP3 have in common.
    struct shared {
        pop3::maildrop_locks maildrops;
    };

    pop3_service(const listener_role& role,
                 const service_parts& with,
                 const config& c,
                 std::shared_ptr<shared> with_others);

    awaitable<void> serve(net::stream& peer) override;
    void reload(const config& c) override;

private:
    const std::shared_ptr<shared> shared_;
    current<pop3::session_config> settings_;
};

}  // namespace hauspost::server
