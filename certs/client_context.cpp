#include "certs/client_context.hpp"

#include <stdexcept>
#include <string>

namespace hauspost::certs {
namespace {

// Without those that encrypt badly or authenticate by something else than certificates.
constexpr const char* client_ciphers = "DEFAULT:!aNULL:!eNULL:!RC4:!3DES:!MD5:!PSK:!SRP";

void require_client(bool done) {
    if (!done) throw std::runtime_error("cannot set TLS up: " + openssl_reason());
}

}  // namespace

client_context::client_context(const std::filesystem::path& trusted)
    : context_(SSL_CTX_new(TLS_client_method())) {
    SSL_CTX* context = context_.get();
    require_client(context != nullptr);
    require_client(SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION) == 1);
    SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION);
    // Without it an end of the socket inside TLS is an error, as it must be (E11).
    SSL_CTX_clear_options(context, SSL_OP_IGNORE_UNEXPECTED_EOF);
    SSL_CTX_set_security_level(context, 1);
    require_client(SSL_CTX_set_cipher_list(context, client_ciphers) == 1);
    SSL_CTX_set_verify(context, SSL_VERIFY_NONE, nullptr);
    SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
    require_client(SSL_CTX_dane_enable(context) == 1);
    if (trusted.empty()) {
        require_client(SSL_CTX_set_default_verify_paths(context) == 1);
    } else if (SSL_CTX_load_verify_file(context, trusted.c_str()) != 1) {
        throw std::runtime_error("cannot read the trusted certificates in " + trusted.string() +
                                 ": " + openssl_reason());
    }
}

}  // namespace hauspost::certs
