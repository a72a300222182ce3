#include "protocols/sasl/plain.hpp"

#include "base/address.hpp"

namespace hauspost::sasl {

outcome plain::begin() {
    return ask("");
}

outcome plain::receive(secret response) {
    const auto message = response.reveal();
    const auto first = message.find('\0');
    if (first == std::string_view::npos) return outcome::malformed;
    const auto second = message.find('\0', first + 1);
    if (second == std::string_view::npos) return outcome::malformed;
    const auto authzid = message.substr(0, first);
    const auto authcid = message.substr(first + 1, second - first - 1);
    // A third NUL is caught here: a password holds none (RFC 4616 2, SAFE).
    if (!accept_user(authcid) || !accept_password(message.substr(second + 1)))
        return outcome::malformed;
    if (!authzid.empty()) {
        const auto name = address::canonical(authzid);
        if (!name || name != address::canonical(authcid)) return outcome::refused;
    }
    return outcome::credentials;
}

}  // namespace hauspost::sasl
