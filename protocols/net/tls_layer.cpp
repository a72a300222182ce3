#include "protocols/net/tls_layer.hpp"

#include "base/ascii.hpp"
#include "protocols/net/tls_client.hpp"

#include <boost/asio/error.hpp>
#include <openssl/err.h>

#include <algorithm>
#include <array>
#include <new>
#include <utility>

namespace hauspost::net {
namespace {

class openssl_category final : public boost::system::error_category {
public:
    [[nodiscard]] const char* name() const noexcept override { return "tls"; }
    [[nodiscard]] std::string message(int code) const override {
        const char* reason = ERR_reason_error_string(static_cast<unsigned long>(code));
        return reason != nullptr ? reason : "TLS error " + std::to_string(code);
    }
};

/// The oldest error of this thread's queue, which names the cause; the rest are consequences.
error_code first_error() {
    const auto code = ERR_get_error();
    if (ERR_GET_LIB(code) == ERR_LIB_SSL &&
        ERR_GET_REASON(code) == SSL_R_UNEXPECTED_EOF_WHILE_READING)
        return asio::error::connection_reset;
    if (code == 0) return asio::error::connection_aborted;
    return {static_cast<int>(code), tls_category()};
}

bool is_host_name(std::string_view name) {
    return !name.empty() && name.size() <= 255 && std::all_of(name.begin(), name.end(), [](char c) {
        return ascii::is_alnum(c) || c == '-' || c == '.' || c == '_';
    });
}

}  // namespace

const boost::system::error_category& tls_category() noexcept {
    static const openssl_category category;
    return category;
}

tls_layer::tls_layer(ssl_ptr begun, int descriptor, buffer_pool& pool)
    : bio_(descriptor, pool), ssl_(std::move(begun)) {
    BIO* bio = bio_.make_bio();
    if (bio == nullptr) throw std::bad_alloc();
    SSL_set_bio(ssl_.get(), bio, bio);
}

attempt tls_layer::judge(int returned) {
    attempt made;
    switch (SSL_get_error(ssl_.get(), returned)) {
    case SSL_ERROR_NONE: made.octets = static_cast<std::size_t>(returned); return made;
    case SSL_ERROR_WANT_READ: made.then = attempt::next::wait_read; return made;
    case SSL_ERROR_WANT_WRITE: made.then = attempt::next::wait_write; return made;
    case SSL_ERROR_ZERO_RETURN: made.ec = asio::error::eof; return made;
    default: break;
    }
    broken_ = true;
    if (bio_.failure())
        made.ec = bio_.failure();
    else if (bio_.is_at_eof())
        made.ec = asio::error::connection_reset;
    else
        made.ec = first_error();
    return made;
}

// Errors that another connection left in this thread's queue would be taken for ours, so it is
// emptied before every call.

attempt tls_layer::handshake() {
    ERR_clear_error();
    attempt made = judge(SSL_do_handshake(ssl_.get()));
    const auto verified = SSL_get_verify_result(ssl_.get());
    if (made.ec && is_verifying() && verified != X509_V_OK)
        made.ec.assign(static_cast<int>(verified), verification_category());
    established_ = !made.ec && made.then == attempt::next::done;
    return made;
}

attempt tls_layer::read(std::span<char> into) {
    ERR_clear_error();
    const auto most = std::min<std::size_t>(into.size(), 1U << 30);
    return judge(SSL_read(ssl_.get(), into.data(), static_cast<int>(most)));
}

attempt tls_layer::peek() {
    ERR_clear_error();
    char octet;
    return judge(SSL_peek(ssl_.get(), &octet, 1));
}

attempt tls_layer::write(std::string_view octets) {
    ERR_clear_error();
    const auto most = std::min<std::size_t>(octets.size(), SSL3_RT_MAX_PLAIN_LENGTH);
    return judge(SSL_write(ssl_.get(), octets.data(), static_cast<int>(most)));
}

void tls_layer::shut_down() noexcept {
    if (broken_ || SSL_in_init(ssl_.get()) != 0) return;
    ERR_clear_error();
    SSL_shutdown(ssl_.get());  // its result tells whether the peer did the same: no matter
}

bool tls_layer::is_verifying() const noexcept {
    return SSL_is_server(ssl_.get()) == 0 &&
           (SSL_get_verify_mode(ssl_.get()) & SSL_VERIFY_PEER) != 0;
}

authentication tls_layer::verified() const noexcept {
    if (!is_verifying() || SSL_get_verify_result(ssl_.get()) != X509_V_OK)
        return authentication::none;
    if (SSL_get0_dane_authority(ssl_.get(), nullptr, nullptr) < 0) return authentication::pkix;
    std::uint8_t usage = 0;
    SSL_get0_dane_tlsa(ssl_.get(), &usage, nullptr, nullptr, nullptr, nullptr);
    return usage == 3 ? authentication::dane_ee : authentication::dane_ta;
}

tls_info tls_layer::info() const {
    tls_info known;
    known.version = SSL_get_version(ssl_.get());
    const char* cipher = SSL_get_cipher_name(ssl_.get());
    if (cipher != nullptr) known.cipher = cipher;
    const char* name = SSL_get_servername(ssl_.get(), TLSEXT_NAMETYPE_host_name);
    if (name != nullptr && is_host_name(name)) known.server_name = name;
    known.verified = verified();
    return known;
}

}  // namespace hauspost::net
