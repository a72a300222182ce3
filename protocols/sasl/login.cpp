#include "protocols/sasl/login.hpp"

namespace hauspost::sasl {

outcome login::begin() {
    return ask("Username:");
}

outcome login::receive(secret response) {
    if (has_user_)
        return accept_password(response.reveal()) ? outcome::credentials : outcome::malformed;
    if (!accept_user(response.reveal())) return outcome::malformed;
    has_user_ = true;
    return ask("Password:");
}

}  // namespace hauspost::sasl
