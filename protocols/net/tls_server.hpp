#pragma once

#include "protocols/net/tls_endpoint.hpp"

namespace hauspost::net {

/// The TLS settings of one role (certs::server_context makes the SSL_CTX), prepared for our
/// streams. Thread: any, once constructed.
class tls_server final : public tls_endpoint {
public:
    /// Takes a reference of its own on `context` and sets the modes that tls_layer needs.
    explicit tls_server(SSL_CTX* context);
    ~tls_server() override;
    tls_server(const tls_server&) = delete;
    tls_server& operator=(const tls_server&) = delete;

    [[nodiscard]] SSL_CTX* context() const noexcept { return context_; }
    [[nodiscard]] ssl_ptr begin() const override;

private:
    SSL_CTX* context_;
};

}  // namespace hauspost::net
