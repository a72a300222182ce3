#pragma once

#include <boost/asio/ip/address.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hauspost {

/// Networks that somebody names: "192.0.2.7 198.51.100.0/24 2001:db8:1::/48".
class network_list {
public:
    static constexpr std::size_t max_networks = 50;
    /// No wider ones: a slip of the finger must not mean everybody.
    static constexpr unsigned least_ipv4_bits = 8;
    static constexpr unsigned least_ipv6_bits = 32;

    network_list() = default;

    /// Addresses and networks with blanks or commas between; empty: none. nullopt: one of them is neither,
    /// or too wide, or there are too many.
    [[nodiscard]] static std::optional<network_list> parse(std::string_view text);

    /// address  as of a peer; what is no address is in no network. IPv4-mapped counts as IPv4
    [[nodiscard]] bool contains(std::string_view address) const;

    /// As parse takes it: each once, without bits behind the prefix.
    [[nodiscard]] std::string to_text() const;

    [[nodiscard]] bool empty() const noexcept { return all_.empty(); }

private:
    struct network {
        std::array<unsigned char, 16> octets{};  // IPv4 in the first four
        unsigned bits = 0;
        bool is_v4 = false;
        friend bool operator==(const network&, const network&) = default;
    };
    static std::optional<network> network_of(std::string_view text);
    static network whole(const boost::asio::ip::address& address);
    static void cut(network& to, unsigned bits);

    std::vector<network> all_;
};

}  // namespace hauspost
