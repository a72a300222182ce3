#pragma once

#include "certs/cert_store.hpp"
#include "certs/openssl_ptr.hpp"

#include <openssl/ssl.h>

#include <string>
#include <vector>

namespace hauspost::certs {

/// TLS settings of one service: 1.2 and 1.3 only, forward secret ciphers with authentication, no
/// renegotiation, no compression, no client certificates, no early data, no session cache (tickets
/// alone, so memory cannot grow). Tickets of one service are of no use at another (E09).
///
///     certs::server_context imap(store, "imap", {"imap"});
///     net::tls_server imap_tls(imap.native());            // what net::listener is given
///
/// Thread: any, once constructed. Must outlive the connections made from it.
class server_context {
public:
    /// store      must outlive this object
    /// service    a word of ours, to which tickets are bound
    /// protocols  ALPN names (RFC 7301) that the service answers to; a client that offers others
    ///            only is refused with no_application_protocol. Empty (SMTP): one that offers any.
    ///            A client that offers none is always welcome
    server_context(const cert_store& store,
                   const std::string& service,
                   const std::vector<std::string>& protocols);
    server_context(const server_context&) = delete;
    server_context& operator=(const server_context&) = delete;

    [[nodiscard]] SSL_CTX* native() const noexcept { return context_.get(); }

private:
    static int choose_certificate(SSL* ssl, void* self);
    static int choose_protocol(SSL* ssl,
                               const unsigned char** chosen,
                               unsigned char* chosen_size,
                               const unsigned char* offered,
                               unsigned int offered_size,
                               void* self);

    const cert_store& store_;
    std::string protocols_;  // RFC 7301 3.1: each with its length in front
    ssl_ctx_ptr context_;
};

}  // namespace hauspost::certs
