#include "protocols/net/tls_client.hpp"

#include "protocols/net/tls_layer.hpp"

#include <openssl/err.h>
#include <openssl/x509v3.h>

#include <new>
#include <utility>

namespace hauspost::net {
namespace {

constexpr std::uint8_t usage_dane_ta = 2;  // RFC 7218 2.1
constexpr std::uint8_t usage_dane_ee = 3;
/// Who is verified may not get by with keys and hashes that can be broken: 112 bits.
constexpr int verified_security_level = 2;

class x509_category final : public boost::system::error_category {
public:
    [[nodiscard]] const char* name() const noexcept override { return "certificate"; }
    [[nodiscard]] std::string message(int code) const override {
        return X509_verify_cert_error_string(code);
    }
};

void require_memory(bool done) {
    if (!done) throw std::bad_alloc();
}

}  // namespace

const boost::system::error_category& verification_category() noexcept {
    static const x509_category category;
    return category;
}

std::string_view tls_report_type(const error_code& failed) noexcept {
    if (failed.category() != verification_category()) return "validation-failure";
    switch (failed.value()) {
    case X509_V_ERR_HOSTNAME_MISMATCH: return "certificate-host-mismatch";
    case X509_V_ERR_CERT_HAS_EXPIRED:
    case X509_V_ERR_CERT_NOT_YET_VALID: return "certificate-expired";
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
    case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
    case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
    case X509_V_ERR_CERT_SIGNATURE_FAILURE:
    case X509_V_ERR_CERT_UNTRUSTED:
    case X509_V_ERR_CERT_REJECTED:
    case X509_V_ERR_INVALID_CA: return "certificate-not-trusted";
    case X509_V_ERR_DANE_NO_MATCH: return "tlsa-invalid";
    default: return "validation-failure";
    }
}

tls_client::tls_client(SSL_CTX* context, tls_client_settings settings)
    : context_(context), settings_(std::move(settings)) {
    SSL_CTX_up_ref(context_);
    if (settings_.verify != verification::dane) return;
    try {
        const ssl_ptr trial(SSL_new(context_));
        require_memory(trial != nullptr);
        usable_records_ = demand_dane(trial.get());
    } catch (...) {
        SSL_CTX_free(context_);
        throw;
    }
}

tls_client::~tls_client() {
    SSL_CTX_free(context_);
}

ssl_ptr tls_client::begin() const {
    ssl_ptr made(SSL_new(context_));
    require_memory(made != nullptr);
    SSL* ssl = made.get();
    SSL_set_mode(ssl, tls_layer::modes);
    SSL_set_read_ahead(ssl, 1);
    SSL_set_connect_state(ssl);
    if (!settings_.host.empty()) SSL_set_tlsext_host_name(ssl, settings_.host.c_str());
    const bool is_verified =
        settings_.verify == verification::pkix || (usable_records_ != 0 && demand_dane(ssl) != 0);
    if (settings_.verify == verification::pkix) demand_pkix(ssl);
    if (is_verified) SSL_set_security_level(ssl, verified_security_level);
    SSL_set_verify(ssl, is_verified ? SSL_VERIFY_PEER : SSL_VERIFY_NONE, nullptr);
    return made;
}

/// RFC 8461 4.1: a DNS-ID has to match; the common name does not count (RFC 6125 6.4.4).
void tls_client::demand_pkix(SSL* ssl) const {
    SSL_set_hostflags(ssl,
                      X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS | X509_CHECK_FLAG_NEVER_CHECK_SUBJECT);
    require_memory(SSL_set1_host(ssl, settings_.host.c_str()) == 1);
    for (const auto& name : settings_.other_names)
        require_memory(SSL_add1_host(ssl, name.c_str()) == 1);
}

/// Returns  how many records can be used
std::size_t tls_client::demand_dane(SSL* ssl) const {
    require_memory(SSL_dane_enable(ssl, settings_.host.c_str()) > 0);
    // RFC 7672 3.1.1: with DANE-EE neither names nor dates of the certificate count.
    SSL_dane_set_flags(ssl, DANE_FLAG_NO_DANE_EE_NAMECHECKS);
    SSL_set_hostflags(ssl, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
    for (const auto& name : settings_.other_names)
        require_memory(SSL_add1_host(ssl, name.c_str()) == 1);
    std::size_t usable = 0;
    for (const auto& record : settings_.tlsa) {
        if (record.usage != usage_dane_ta && record.usage != usage_dane_ee) continue;
        const auto* data = reinterpret_cast<const unsigned char*>(record.data.data());
        const int added = SSL_dane_tlsa_add(ssl, record.usage, record.selector,
                                            record.matching_type, data, record.data.size());
        if (added > 0) ++usable;
    }
    ERR_clear_error();  // of records that are none
    return usable;
}

}  // namespace hauspost::net
