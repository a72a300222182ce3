#pragma once

#include "base/result.hpp"
#include "protocols/net/gather_bio.hpp"
#include "protocols/net/stream.hpp"
#include "protocols/net/tls_endpoint.hpp"

#include <openssl/ssl.h>

#include <span>
#include <string_view>

namespace hauspost::net {

/// Errors of OpenSSL as values; the message is OpenSSL's own reason ("no shared cipher").
const boost::system::error_category& tls_category() noexcept;

/// What one try without waiting came to.
struct attempt {
    enum class next : std::uint8_t {
        done,        // see ec and octets
        wait_read,   // try again when the socket is readable
        wait_write,  // try again when the output has been sent (socket: when it is writable)
    };
    error_code ec;
    std::size_t octets = 0;
    next then = next::done;
};

/// TLS of one connection over a non-blocking socket, in either role. Waits for nothing: its owner waits.
/// After every call output() may hold octets to send; send what you can before you wait.
///
/// Thread: that of the stream.
class tls_layer {
public:
    /// What a tls_endpoint has to set for it.
    static constexpr long modes = SSL_MODE_ENABLE_PARTIAL_WRITE |
                                  SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER | SSL_MODE_RELEASE_BUFFERS;

    /// begun   of tls_endpoint::begin()
    /// Throws  std::bad_alloc
    tls_layer(ssl_ptr begun, int descriptor, buffer_pool& pool);
    tls_layer(const tls_layer&) = delete;
    tls_layer& operator=(const tls_layer&) = delete;

    /// A client that does not accept the server's certificate: an error of verification_category.
    attempt handshake();
    /// Octets: what was put into `into`. error::eof: the peer ended TLS properly;
    /// error::connection_reset: the socket ended without that, so the data may be cut (E11).
    attempt read(std::span<char> into);
    /// Like read, but takes nothing out; done: at least one octet, or an end, is there.
    attempt peek();
    /// Encrypts the beginning of `octets`, at most one record.
    attempt write(std::string_view octets);
    /// Puts close_notify into the output, unless the connection is broken.
    void shut_down() noexcept;

    /// Octets that came in are held here, so the socket alone does not tell what can be read.
    [[nodiscard]] bool has_pending() const noexcept { return SSL_has_pending(ssl_.get()) == 1; }
    /// The handshake has succeeded once.
    [[nodiscard]] bool is_established() const noexcept { return established_; }
    [[nodiscard]] gather_bio& bio() noexcept { return bio_; }
    [[nodiscard]] tls_info info() const;

private:
    attempt judge(int returned);
    [[nodiscard]] bool is_verifying() const noexcept;  // as a client
    [[nodiscard]] authentication verified() const noexcept;

    gather_bio bio_;
    ssl_ptr ssl_;
    bool broken_ = false;
    bool established_ = false;
};

}  // namespace hauspost::net
