#pragma once

#include <openssl/ssl.h>

#include <memory>

namespace hauspost::net {

struct ssl_free {
    void operator()(SSL* ssl) const noexcept { SSL_free(ssl); }
};
using ssl_ptr = std::unique_ptr<SSL, ssl_free>;

/// One side of TLS connections (RFC 8446 1.1), tls_server or tls_client: how it begins one.
class tls_endpoint {
public:
    virtual ~tls_endpoint() = default;

    /// The state of a new connection in the role of this side, ready for its handshake.
    /// Throws  std::bad_alloc
    /// Thread  any
    [[nodiscard]] virtual ssl_ptr begin() const = 0;
};

}  // namespace hauspost::net
