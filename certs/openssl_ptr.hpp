#pragma once

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <memory>
#include <string>

namespace hauspost::certs {

/// OpenSSL's objects, each freed by its own function.
template <auto Free>
struct free_with {
    template <class T>
    void operator()(T* object) const noexcept {
        Free(object);
    }
};
inline void free_chain(STACK_OF(X509) * chain) noexcept {
    sk_X509_pop_free(chain, X509_free);
}

using bio_ptr = std::unique_ptr<BIO, free_with<BIO_free>>;
using key_ptr = std::unique_ptr<EVP_PKEY, free_with<EVP_PKEY_free>>;
using x509_ptr = std::unique_ptr<X509, free_with<X509_free>>;
using chain_ptr = std::unique_ptr<STACK_OF(X509), free_with<free_chain>>;
using ssl_ctx_ptr = std::unique_ptr<SSL_CTX, free_with<SSL_CTX_free>>;
using general_names_ptr = std::unique_ptr<GENERAL_NAMES, free_with<GENERAL_NAMES_free>>;

/// OpenSSL's reason for its first error in this thread's queue, which is emptied; "" when none.
[[nodiscard]] std::string openssl_reason();

}  // namespace hauspost::certs
