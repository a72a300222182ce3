#include "base/peer_networks.hpp"

#include <boost/asio/ip/network_v6.hpp>

#include <algorithm>

namespace hauspost {
namespace {

namespace ip = boost::asio::ip;

constexpr std::array<std::uint8_t, 3> ipv6_prefixes{64, 56, 48};

}  // namespace

peer_networks::peer_networks(const ip::address& of) noexcept {
    if (of.is_v4()) {
        all_[0].octets = ip::make_address_v6(ip::v4_mapped, of.to_v4()).to_bytes();
        return;
    }
    const auto octets = of.to_v6().to_bytes();
    if (of.to_v6().is_v4_mapped()) {
        all_[0].octets = octets;
        return;
    }
    size_ = ipv6_prefixes.size();
    for (std::size_t n = 0; n < size_; ++n) {
        all_[n].prefix = ipv6_prefixes[n];
        std::copy_n(octets.begin(), ipv6_prefixes[n] / 8, all_[n].octets.begin());
    }
}

std::string to_text(const peer_network& network) {
    const ip::address_v6 address(network.octets);
    if (address.is_v4_mapped()) return ip::make_address_v4(ip::v4_mapped, address).to_string();
    return ip::make_network_v6(address, network.prefix).to_string();
}

}  // namespace hauspost
