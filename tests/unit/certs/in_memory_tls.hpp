#pragma once

#include "certs/openssl_ptr.hpp"

#include <openssl/err.h>
#include <openssl/ssl.h>

#include <functional>
#include <string>

namespace hauspost::test {

struct ssl_free {
    void operator()(SSL* ssl) const noexcept { SSL_free(ssl); }
};
using ssl_ptr = std::unique_ptr<SSL, ssl_free>;

/// A client and a server joined by memory, for the rules of a handshake.
struct in_memory_tls {
    /// prepare  sets up the client before the handshake: SNI, ALPN, versions, session
    explicit in_memory_tls(
        SSL_CTX* server_context, const std::function<void(SSL*)>& prepare = [](SSL*) {})
        : context(SSL_CTX_new(TLS_client_method())),
          client(SSL_new(context.get())),
          server(SSL_new(server_context)) {
        BIO* to_server = BIO_new(BIO_s_mem());
        BIO* to_client = BIO_new(BIO_s_mem());
        BIO_up_ref(to_server);
        BIO_up_ref(to_client);
        SSL_set_bio(client.get(), to_client, to_server);
        SSL_set_bio(server.get(), to_server, to_client);
        SSL_set_connect_state(client.get());
        SSL_set_accept_state(server.get());
        prepare(client.get());
    }

    /// True when both ends have finished. Otherwise client_error tells the alert that came.
    bool handshake() {
        ERR_clear_error();
        for (int round = 0; round < 20; ++round) {
            const bool client_done = SSL_do_handshake(client.get()) == 1;
            if (!client_done && SSL_get_error(client.get(), -1) == SSL_ERROR_SSL) {
                client_error = ERR_GET_REASON(ERR_peek_last_error());
                ERR_clear_error();
                return false;
            }
            const bool server_done = SSL_do_handshake(server.get()) == 1;
            ERR_clear_error();  // what the server dislikes it tells the client by an alert
            if (client_done && server_done) return true;
        }
        return false;
    }

    /// Lets the client take the tickets that follow a TLS 1.3 handshake.
    void deliver_tickets() {
        char octet;
        SSL_read(client.get(), &octet, 1);
        ERR_clear_error();
    }

    /// Common name of the certificate that the client was shown.
    [[nodiscard]] std::string shown() const {
        const certs::x509_ptr peer(SSL_get1_peer_certificate(client.get()));
        if (!peer) return "";
        char name[256] = "";
        X509_NAME_get_text_by_NID(X509_get_subject_name(peer.get()), NID_commonName, name,
                                  sizeof(name));
        return name;
    }

    certs::ssl_ctx_ptr context;
    ssl_ptr client;
    ssl_ptr server;
    int client_error = 0;
};

inline std::string alpn(std::initializer_list<std::string> names) {
    std::string wire;
    for (const auto& name : names)
        wire += static_cast<char>(name.size()) + name;
    return wire;
}

inline void offer(SSL* ssl, std::initializer_list<std::string> names) {
    const auto wire = alpn(names);
    SSL_set_alpn_protos(ssl, reinterpret_cast<const unsigned char*>(wire.data()),
                        static_cast<unsigned int>(wire.size()));
}

}  // namespace hauspost::test
