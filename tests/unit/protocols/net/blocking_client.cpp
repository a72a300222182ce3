#include "tests/unit/protocols/net/blocking_client.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <stdexcept>

namespace hauspost::test {
namespace {

[[noreturn]] void give_up(const std::string& what) {
    throw std::runtime_error("client: " + what + ": " + std::strerror(errno));
}

SSL_CTX* client_context() {
    static const std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> context(
        SSL_CTX_new(TLS_client_method()), &SSL_CTX_free);
    return context.get();
}

}  // namespace

blocking_client::blocking_client(std::uint16_t port, const char* address) {
    const bool v6 = std::strchr(address, ':') != nullptr;
    descriptor_ = ::socket(v6 ? AF_INET6 : AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (descriptor_ < 0) give_up("socket");
    const timeval limit{20, 0};
    ::setsockopt(descriptor_, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
    ::setsockopt(descriptor_, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof(limit));
    const int on = 1;
    ::setsockopt(descriptor_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
    sockaddr_storage to{};
    socklen_t size = sizeof(sockaddr_in);
    if (v6) {
        auto& in6 = reinterpret_cast<sockaddr_in6&>(to);
        in6.sin6_family = AF_INET6;
        in6.sin6_port = htons(port);
        ::inet_pton(AF_INET6, address, &in6.sin6_addr);
        size = sizeof(sockaddr_in6);
    } else {
        auto& in = reinterpret_cast<sockaddr_in&>(to);
        in.sin_family = AF_INET;
        in.sin_port = htons(port);
        ::inet_pton(AF_INET, address, &in.sin_addr);
    }
    if (::connect(descriptor_, reinterpret_cast<sockaddr*>(&to), size) != 0) give_up("connect");
}

blocking_client::~blocking_client() {
    close();
}

void blocking_client::send_raw(std::string_view octets) {
    while (!octets.empty()) {
        const auto sent = ::send(descriptor_, octets.data(), octets.size(), MSG_NOSIGNAL);
        if (sent <= 0) give_up("send");
        octets.remove_prefix(static_cast<std::size_t>(sent));
    }
}

void blocking_client::send(std::string_view octets) {
    if (!ssl_) return send_raw(octets);
    if (SSL_write(ssl_.get(), octets.data(), static_cast<int>(octets.size())) !=
        static_cast<int>(octets.size()))
        give_up("TLS write");
}

std::string blocking_client::receive_some(std::size_t at_most) {
    std::string octets(at_most, '\0');
    if (ssl_) {
        ERR_clear_error();
        const int got = SSL_read(ssl_.get(), octets.data(), static_cast<int>(at_most));
        if (got <= 0 && SSL_get_error(ssl_.get(), got) != SSL_ERROR_ZERO_RETURN)
            give_up("TLS read");
        octets.resize(got <= 0 ? 0 : static_cast<std::size_t>(got));
        return octets;
    }
    const auto got = ::recv(descriptor_, octets.data(), octets.size(), 0);
    if (got < 0) give_up("receive");
    octets.resize(static_cast<std::size_t>(got));
    return octets;
}

std::string blocking_client::receive(std::size_t octets) {
    std::string all;
    while (all.size() < octets) {
        const auto some = receive_some(std::min<std::size_t>(octets - all.size(), 1 << 16));
        if (some.empty()) give_up("the end came too soon, after \"" + all + "\"");
        all += some;
    }
    return all;
}

std::string blocking_client::receive_to_end() {
    std::string all;
    for (;;) {
        const auto some = receive_some(1 << 16);
        if (some.empty()) return all;
        all += some;
    }
}

bool blocking_client::try_tls(const std::function<void(SSL*)>& prepare) {
    ssl_.reset(SSL_new(client_context()));
    SSL_set_fd(ssl_.get(), descriptor_);
    prepare(ssl_.get());
    ERR_clear_error();
    return SSL_connect(ssl_.get()) == 1;
}

void blocking_client::start_tls(const std::function<void(SSL*)>& prepare) {
    if (!try_tls(prepare)) give_up("TLS handshake");
}

std::string blocking_client::encrypt(std::string_view octets) {
    BIO* memory = BIO_new(BIO_s_mem());
    SSL_set0_wbio(ssl_.get(), memory);
    send(octets);
    char* data = nullptr;
    const auto size = BIO_get_mem_data(memory, &data);
    std::string records(data, static_cast<std::size_t>(size));
    SSL_set0_wbio(ssl_.get(), BIO_new_socket(descriptor_, BIO_NOCLOSE));
    return records;
}

void blocking_client::shut_down_tls() {
    SSL_shutdown(ssl_.get());
}

void blocking_client::finish_sending() {
    ::shutdown(descriptor_, SHUT_WR);
}

void blocking_client::close() {
    if (descriptor_ >= 0) ::close(descriptor_);
    descriptor_ = -1;
}

void blocking_client::reset() {
    const linger at_once{1, 0};
    ::setsockopt(descriptor_, SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once));
    close();
}

}  // namespace hauspost::test
