#pragma once

#include "certs/openssl_ptr.hpp"

#include <openssl/ssl.h>

#include <filesystem>

namespace hauspost::certs {

/// TLS settings of connections to other servers: 1.2 and 1.3 only, no renegotiation, no
/// compression, no sessions that are taken up again (each handshake verifies anew), DANE ready to be
/// used. Whether and how a server is verified, its net::tls_client says; without that nothing is, and
/// old keys do: the other choice would be no encryption at all (RFC 7435).
///
///     certs::client_context outgoing({});
///     net::tls_client to_mx(outgoing.native(), {"mx.example.test", {}, net::verification::pkix, {}});
///
/// Thread: any, once constructed. Must outlive the connections made from it.
class client_context {
public:
    /// trusted  PEM file of root certificates; empty: the system's
    /// Throws   std::runtime_error with the file's name when it cannot be read
    explicit client_context(const std::filesystem::path& trusted);
    client_context(const client_context&) = delete;
    client_context& operator=(const client_context&) = delete;

    [[nodiscard]] SSL_CTX* native() const noexcept { return context_.get(); }

private:
    ssl_ctx_ptr context_;
};

}  // namespace hauspost::certs
