#pragma once

#include <boost/asio/ip/address.hpp>

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <string>

namespace hauspost {

/// A range of addresses that is taken as one peer.
struct peer_network {
    std::array<unsigned char, 16> octets{};  // IPv4 as IPv4-mapped; zero behind the prefix
    std::uint8_t prefix = 128;
    friend auto operator<=>(const peer_network&, const peer_network&) = default;
};

/// The networks that one person may have for himself, the narrowest first: an IPv4 address; of an
/// IPv6 address the /64, the /56 that most homes get, and the /48 that anybody gets who asks
/// (RFC 6177). An IPv4-mapped address counts as IPv4. Allocates nothing.
class peer_networks {
public:
    explicit peer_networks(const boost::asio::ip::address& of) noexcept;

    [[nodiscard]] const peer_network* begin() const noexcept { return all_.data(); }
    [[nodiscard]] const peer_network* end() const noexcept { return all_.data() + size_; }
    [[nodiscard]] std::size_t size() const noexcept { return size_; }

private:
    std::array<peer_network, 3> all_;
    std::size_t size_ = 1;
};

/// Each wider network may hold three times as many people: what is allowed for number n of
/// peer_networks when this much is allowed for the narrowest.
[[nodiscard]] constexpr std::uint64_t limit_of_network(std::uint64_t narrowest,
                                                       std::size_t n) noexcept {
    for (; n > 0 && narrowest <= UINT64_MAX / 3; --n)
        narrowest *= 3;
    return narrowest;
}

/// "192.0.2.1", "2001:db8:1:100::/56".
[[nodiscard]] std::string to_text(const peer_network& network);

}  // namespace hauspost
