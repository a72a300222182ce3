#pragma once

#include "admin/sign_in_gate.hpp"
#include "base/awaitable.hpp"
#include "server/auth/authenticator.hpp"
#include "server/auth/ban_book.hpp"
#include "server/auth/owner_login.hpp"
#include "storage/ports.hpp"

namespace hauspost::server {

/// Bans of before this start, and those of administrators, on their way to who refuses.
class ban_gate final : public admin::sign_in_gate {
public:
    /// All outlive this object.
    ban_gate(auth::ban_book& book, auth::authenticator& mail, auth::owner_login& owner)
        : book_(book), mail_(mail), owner_(owner) {}

    void shut(const storage::ban& row) override;
    void lift(const storage::ban_name& name) override;

    /// Before the first sign-in.
    awaitable<void> take_up(const storage::ports& store);

private:
    /// Networks from which accounts were used, so that a ban shuts out strangers alone, as before.
    awaitable<void> take_up_networks(const storage::ports& store);

    auth::ban_book& book_;
    auth::authenticator& mail_;
    auth::owner_login& owner_;
};

}  // namespace hauspost::server
