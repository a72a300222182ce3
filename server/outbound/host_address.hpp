#pragma once

#include <boost/asio/ip/address.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace hauspost::outbound {

/// Whom an address that a stranger's DNS names may reach.
enum class reach : std::uint8_t {
    outside,
    inward,  // this machine or its own network: RFC 6890, private, shared, loopback, link-local ...
    nobody,  // of no single host, or only with a zone: multicast, unspecified, fe80::/10 ...
};

/// Of an address in plain form.
[[nodiscard]] reach reach_of(const boost::asio::ip::address& address) noexcept;

/// IPv4 for an IPv4-mapped IPv6 address, which reaches the same host (RFC 4291 2.5.5.2); others as
/// they are.
[[nodiscard]] boost::asio::ip::address in_plain_form(const boost::asio::ip::address& address);

/// "[192.0.2.1]", "[IPv6:2001:db8::1]" in plain form. RFC 5321 4.1.3
/// Returns  nullopt when it is something else, also a literal of another kind
[[nodiscard]] std::optional<boost::asio::ip::address> parse_address_literal(std::string_view text);

/// Both families in turn, IPv6 first, each in its order, each address once; at most `most`. So one
/// that does not work here costs one time-out, whatever the other has.
[[nodiscard]] std::vector<boost::asio::ip::address> in_turn(
    const std::vector<boost::asio::ip::address>& addresses, std::size_t most);

}  // namespace hauspost::outbound
