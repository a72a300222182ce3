#pragma once

#include <openssl/x509.h>

#include <string>

namespace hauspost::certs {

/// "CN=mail.example.test": RFC 4514, letters beyond US-ASCII as they are.
[[nodiscard]] std::string name_text(const X509_NAME* name);

}  // namespace hauspost::certs
