#include "server/outbound/host_address.hpp"

#include "base/ascii.hpp"

#include <boost/system/error_code.hpp>

#include <algorithm>
#include <array>
#include <string>

namespace hauspost::outbound {
namespace {

namespace ip = boost::asio::ip;

struct ipv4_range {
    std::uint32_t first;
    unsigned prefix;
    reach leads;
};

/// RFC 6890 2.2.2. Not the ranges for documentation, which lead nowhere.
constexpr std::array<ipv4_range, 11> ipv4_ranges{{
    {0x00000000, 8, reach::nobody},   // 0.0.0.0/8, "this network"
    {0x0a000000, 8, reach::inward},   // 10.0.0.0/8
    {0x64400000, 10, reach::inward},  // 100.64.0.0/10, of a provider
    {0x7f000000, 8, reach::inward},   // 127.0.0.0/8
    {0xa9fe0000, 16, reach::inward},  // 169.254.0.0/16
    {0xac100000, 12, reach::inward},  // 172.16.0.0/12
    {0xc0000000, 24, reach::inward},  // 192.0.0.0/24
    {0xc0a80000, 16, reach::inward},  // 192.168.0.0/16
    {0xc6120000, 15, reach::inward},  // 198.18.0.0/15
    {0xe0000000, 4, reach::nobody},   // 224.0.0.0/4, multicast
    {0xf0000000, 4, reach::nobody},   // 240.0.0.0/4, broadcast too
}};

reach reach_of_ipv4(std::uint32_t address) noexcept {
    for (const auto& range : ipv4_ranges)
        if ((address ^ range.first) >> (32 - range.prefix) == 0) return range.leads;
    return reach::outside;
}

/// RFC 6890 2.2.3, 4291 2.4
reach reach_of_ipv6(const ip::address_v6& address) noexcept {
    const auto octets = address.to_bytes();
    const auto begins = [&octets](std::initializer_list<unsigned char> with) {
        return std::equal(with.begin(), with.end(), octets.begin());
    };
    if (address.is_loopback()) return reach::inward;
    // ::/96: unspecified, and IPv4-compatible, which no host has any more.
    if (begins({0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0})) return reach::nobody;
    if (address.is_multicast() || address.is_link_local()) return reach::nobody;
    if ((octets[0] & 0xfe) == 0xfc || address.is_site_local()) return reach::inward;
    if (begins({0x00, 0x64, 0xff, 0x9b, 0x00, 0x01})) return reach::inward;  // RFC 8215
    // A translator makes IPv4 of these (RFC 6052 2.1).
    if (begins({0x00, 0x64, 0xff, 0x9b, 0, 0, 0, 0, 0, 0, 0, 0}))
        return reach_of_ipv4(static_cast<std::uint32_t>(octets[12]) << 24 |
                             static_cast<std::uint32_t>(octets[13]) << 16 |
                             static_cast<std::uint32_t>(octets[14]) << 8 | octets[15]);
    return reach::outside;
}

}  // namespace

ip::address in_plain_form(const ip::address& address) {
    if (!address.is_v6() || !address.to_v6().is_v4_mapped()) return address;
    return ip::make_address_v4(ip::v4_mapped, address.to_v6());
}

reach reach_of(const ip::address& address) noexcept {
    return address.is_v4() ? reach_of_ipv4(address.to_v4().to_uint())
                           : reach_of_ipv6(address.to_v6());
}

std::optional<ip::address> parse_address_literal(std::string_view text) {
    constexpr std::size_t longest = 64;  // "IPv6:", eight groups, IPv4 at the end
    if (text.size() < 2 || text.size() > longest || !text.starts_with('[') || !text.ends_with(']'))
        return std::nullopt;
    text = text.substr(1, text.size() - 2);
    constexpr std::string_view ipv6 = "IPv6:";
    const bool is_ipv6 = ascii::starts_with_nocase(text, ipv6);
    if (is_ipv6) text.remove_prefix(ipv6.size());
    // Neither a zone ("%eth0") nor what a reader of C strings does not see.
    constexpr std::string_view letters = "0123456789abcdefABCDEF.:";
    if (text.find_first_not_of(letters) != std::string_view::npos) return std::nullopt;
    boost::system::error_code ec;
    if (is_ipv6) {
        const auto parsed = ip::make_address_v6(std::string(text), ec);
        if (ec) return std::nullopt;
        return in_plain_form(parsed);
    }
    const auto parsed = ip::make_address_v4(std::string(text), ec);
    if (ec) return std::nullopt;
    return parsed;
}

std::vector<ip::address> in_turn(const std::vector<ip::address>& addresses, std::size_t most) {
    std::array<std::vector<ip::address>, 2> families;  // IPv6, IPv4
    for (const auto& address : addresses) {
        auto& family = families[address.is_v6() ? 0 : 1];
        if (std::find(family.begin(), family.end(), address) == family.end())
            family.push_back(address);
    }
    std::vector<ip::address> all;
    for (std::size_t i = 0; i < std::max(families[0].size(), families[1].size()); ++i)
        for (const auto& family : families)
            if (i < family.size() && all.size() < most) all.push_back(family[i]);
    return all;
}

}  // namespace hauspost::outbound
