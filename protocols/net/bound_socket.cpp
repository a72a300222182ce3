#include "protocols/net/bound_socket.hpp"

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <stdexcept>

namespace hauspost::net {
namespace {

std::string advice(int reason) {
    if (reason == EADDRINUSE) return "; is another server running there?";
    if (reason == EACCES)
        return "; ports below 1024 need a start as root with [server] user, or "
               "CAP_NET_BIND_SERVICE";
    if (reason == EADDRNOTAVAIL) return "; this machine does not have the address";
    return "";
}

}  // namespace

bound_socket::bound_socket(const endpoint& at, const std::string& service)
    : at_(at),
      descriptor_(::socket(at.protocol().family(), SOCK_STREAM | SOCK_CLOEXEC, IPPROTO_TCP)) {
    const int on = 1;
    const bool bound = descriptor_ >= 0 &&
                       ::setsockopt(descriptor_, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) == 0 &&
                       (!at.address().is_v6() || ::setsockopt(descriptor_, IPPROTO_IPV6,
                                                              IPV6_V6ONLY, &on, sizeof(on)) == 0) &&
                       ::bind(descriptor_, at.data(), static_cast<socklen_t>(at.size())) == 0;
    if (bound) return;
    const int reason = errno;
    if (descriptor_ >= 0) ::close(descriptor_);
    throw std::runtime_error("cannot listen on " + at.address().to_string() + " port " +
                             std::to_string(at.port()) + " for " + service + ": " +
                             std::strerror(reason) + advice(reason));
}

bound_socket::~bound_socket() {
    if (descriptor_ >= 0) ::close(descriptor_);
}

}  // namespace hauspost::net
