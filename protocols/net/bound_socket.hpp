#pragma once

#include <boost/asio/ip/tcp.hpp>

#include <string>
#include <utility>

namespace hauspost::net {

/// A TCP socket that has its address and does not listen yet: what a process takes hold of while it
/// still may use low ports, and gives to a listener later.
class bound_socket {
public:
    using endpoint = boost::asio::ip::tcp::endpoint;

    /// at       port 0: a free one. An IPv6 address takes IPv6 only, so that 0.0.0.0 and [::] can
    ///          be had side by side
    /// service  named in the error text
    /// Throws   std::runtime_error with the address and the reason
    bound_socket(const endpoint& at, const std::string& service);
    bound_socket(bound_socket&& other) noexcept
        : at_(other.at_), descriptor_(std::exchange(other.descriptor_, -1)) {}
    bound_socket& operator=(bound_socket&&) = delete;
    ~bound_socket();

    /// As it was asked for.
    [[nodiscard]] const endpoint& at() const noexcept { return at_; }
    /// The descriptor, now the caller's to close.
    [[nodiscard]] int release() noexcept { return std::exchange(descriptor_, -1); }

private:
    endpoint at_;
    int descriptor_;
};

}  // namespace hauspost::net
