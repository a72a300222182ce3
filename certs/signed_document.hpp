#pragma once

#include "certs/certificate.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace hauspost::certs {

/// The document within a CMS SignedData in DER, signed by a server's certificate, with its chain: as
/// an Apple device shows a configuration profile as verified.
///
/// document  any octets; they are signed as they are
/// Returns   nullopt: the certificate is self-signed. Nobody would trust the signature, and a device
///           warns more of a bad one than of none
/// Throws    std::runtime_error when OpenSSL cannot sign with this key
/// RFC       5652 5
[[nodiscard]] std::optional<std::string> sign_document(const certificate& by,
                                                       std::string_view document);

}  // namespace hauspost::certs
