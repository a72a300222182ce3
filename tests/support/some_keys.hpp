#pragma once

#include "protocols/dkim/key.hpp"

#include <stdexcept>
#include <string>
#include <utility>

namespace hauspost::test {

/// A key that is made once a program: RSA would take a tenth of a second for each test.
inline dkim::private_key some_key(dkim::key_type type) {
    static const std::string rsa(
        dkim::private_key::generate(dkim::key_type::rsa).to_der().reveal());
    static const std::string ed25519(
        dkim::private_key::generate(dkim::key_type::ed25519).to_der().reveal());
    auto read = dkim::private_key::from_der(type == dkim::key_type::rsa ? rsa : ed25519);
    if (!read) throw std::logic_error("a key of our own cannot be read");
    return std::move(*read);
}

}  // namespace hauspost::test
