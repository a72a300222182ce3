#pragma once

#include <openssl/ssl.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace hauspost::test {

/// The other end of a connection: a plain blocking socket on loopback, with OpenSSL's own TLS when
/// asked for. Throws std::runtime_error when something fails or takes longer than 20 seconds.
class blocking_client {
public:
    explicit blocking_client(std::uint16_t port, const char* address = "127.0.0.1");
    ~blocking_client();
    blocking_client(const blocking_client&) = delete;
    blocking_client& operator=(const blocking_client&) = delete;

    void send(std::string_view octets);
    /// Exactly this many octets.
    std::string receive(std::size_t octets);
    /// All until the peer ends; under TLS the end must be a close_notify.
    std::string receive_to_end();

    /// prepare  sets up the client before the handshake
    void start_tls(const std::function<void(SSL*)>& prepare = [](SSL*) {});
    /// False: the server refused it.
    bool try_tls(const std::function<void(SSL*)>& prepare = [](SSL*) {});
    [[nodiscard]] SSL* ssl() const noexcept { return ssl_.get(); }
    /// TLS records by hand: what send() would put on the wire.
    std::string encrypt(std::string_view octets);
    /// Straight to the socket, past TLS.
    void send_raw(std::string_view octets);

    void shut_down_tls();
    void finish_sending();
    void close();
    void reset();

private:
    struct ssl_free {
        void operator()(SSL* ssl) const noexcept { SSL_free(ssl); }
    };
    std::string receive_some(std::size_t at_most);

    int descriptor_ = -1;
    std::unique_ptr<SSL, ssl_free> ssl_;
};

}  // namespace hauspost::test
