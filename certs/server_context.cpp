#include "certs/server_context.hpp"

#include <openssl/err.h>
#include <openssl/sha.h>

#include <exception>
#include <stdexcept>
#include <string_view>

namespace hauspost::certs {
namespace {

// Mozilla's "intermediate" list without DHE, whose parameters cost more than they give. TLS 1.3
// has only good ones.
constexpr const char* tls12_ciphers =
    "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:"
    "ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384:"
    "ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305";
constexpr const char* groups = "X25519:P-256:P-384";

void require_set_up(bool done) {
    if (!done) throw std::runtime_error("cannot set TLS up: " + openssl_reason());
}

/// The name is taken (and kept with the session); which certificate goes with it is decided later.
int accept_server_name(SSL*, int*, void*) {
    return SSL_TLSEXT_ERR_OK;
}

}  // namespace

server_context::server_context(const cert_store& store,
                               const std::string& service,
                               const std::vector<std::string>& protocols)
    : store_(store), context_(SSL_CTX_new(TLS_server_method())) {
    for (const auto& name : protocols)
        protocols_ += static_cast<char>(name.size()) + name;
    SSL_CTX* context = context_.get();
    require_set_up(context != nullptr);
    require_set_up(SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION) == 1);
    SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION |
                                     SSL_OP_CIPHER_SERVER_PREFERENCE | SSL_OP_PRIORITIZE_CHACHA);
    // Without it an end of the socket inside TLS is an error, as it must be (E11).
    SSL_CTX_clear_options(context, SSL_OP_IGNORE_UNEXPECTED_EOF);
    SSL_CTX_set_security_level(context, 2);
    require_set_up(SSL_CTX_set_cipher_list(context, tls12_ciphers) == 1);
    require_set_up(SSL_CTX_set1_groups_list(context, groups) == 1);
    SSL_CTX_set_verify(context, SSL_VERIFY_NONE, nullptr);
    SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
    SSL_CTX_set_num_tickets(context, 2);
    SSL_CTX_set_max_early_data(context, 0);
    // Each context has random ticket keys of its own; the id context says the same once more.
    unsigned char id[SHA256_DIGEST_LENGTH];
    SHA256(reinterpret_cast<const unsigned char*>(service.data()), service.size(), id);
    require_set_up(SSL_CTX_set_session_id_context(context, id, sizeof(id)) == 1);
    SSL_CTX_set_tlsext_servername_callback(context, accept_server_name);
    SSL_CTX_set_cert_cb(context, &choose_certificate, this);
    SSL_CTX_set_alpn_select_cb(context, &choose_protocol, this);
}

int server_context::choose_certificate(SSL* ssl, void* self) {
    try {
        const char* name = SSL_get_servername(ssl, TLSEXT_NAMETYPE_host_name);
        const auto cert = static_cast<server_context*>(self)->store_.choose(name ? name : "");
        // The connection takes references: a reload does not touch it.
        return SSL_use_cert_and_key(ssl, cert->own.get(), cert->key.get(), cert->chain.get(), 1);
    } catch (const std::exception&) {  // no memory; it may not pass through OpenSSL
        return 0;
    }
}

int server_context::choose_protocol(SSL*,
                                    const unsigned char** chosen,
                                    unsigned char* chosen_size,
                                    const unsigned char* offered,
                                    unsigned int offered_size,
                                    void* self) {
    const std::string& ours = static_cast<server_context*>(self)->protocols_;
    unsigned char* found = nullptr;
    const auto outcome = SSL_select_next_proto(
        &found, chosen_size, reinterpret_cast<const unsigned char*>(ours.data()),
        static_cast<unsigned int>(ours.size()), offered, offered_size);
    if (ours.empty() || outcome != OPENSSL_NPN_NEGOTIATED) return SSL_TLSEXT_ERR_ALERT_FATAL;
    *chosen = found;
    return SSL_TLSEXT_ERR_OK;
}

}  // namespace hauspost::certs
