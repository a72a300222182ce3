#pragma once

#include "protocols/sasl/mechanism.hpp"

namespace hauspost::sasl {

/// "Username:", the name, "Password:", the password (draft-murchison-sasl-login-00 2). Old, but the
/// only one some clients know. An initial response is taken as the name.
class login final : public mechanism {
protected:
    outcome begin() override;
    outcome receive(secret response) override;

private:
    bool has_user_ = false;
};

}  // namespace hauspost::sasl
