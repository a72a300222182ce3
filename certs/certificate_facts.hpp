#pragma once

#include "certs/certificate.hpp"

#include <cstddef>
#include <string>

namespace hauspost::certs {

// What people are shown of a certificate.

/// Who made it, as certificate::subject: "CN=R11,O=Let's Encrypt,C=US".
[[nodiscard]] std::string issuer_of(const certificate& one);
/// "EC P-256", "RSA 2048", "ED25519".
[[nodiscard]] std::string key_kind(const certificate& one);
/// SHA-256 of the certificate, lower-case hex.
[[nodiscard]] std::string fingerprint(const certificate& one);
[[nodiscard]] bool is_self_signed(const certificate& one);
/// How many certificates are sent behind the server's own.
[[nodiscard]] std::size_t intermediates_of(const certificate& one);

}  // namespace hauspost::certs
