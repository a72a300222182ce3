#include "base/network_list.hpp"

#include <algorithm>
#include <charconv>

namespace hauspost {
namespace {

namespace ip = boost::asio::ip;

constexpr std::string_view between_networks = " ,\t";

}  // namespace

std::optional<network_list> network_list::parse(std::string_view text) {
    network_list made;
    for (;;) {
        const auto begin = text.find_first_not_of(between_networks);
        if (begin == std::string_view::npos) return made;
        text.remove_prefix(begin);
        const auto word = text.substr(0, text.find_first_of(between_networks));
        text.remove_prefix(word.size());
        const auto found = network_of(word);
        if (!found || made.all_.size() == max_networks) return std::nullopt;
        if (std::find(made.all_.begin(), made.all_.end(), *found) == made.all_.end())
            made.all_.push_back(*found);
    }
}

network_list::network network_list::whole(const ip::address& address) {
    network made;
    if (address.is_v4() || address.to_v6().is_v4_mapped()) {
        const auto v4 =
            address.is_v4() ? address.to_v4() : ip::make_address_v4(ip::v4_mapped, address.to_v6());
        const auto octets = v4.to_bytes();
        std::copy(octets.begin(), octets.end(), made.octets.begin());
        made.bits = 32;
        made.is_v4 = true;
    } else {
        made.octets = address.to_v6().to_bytes();
        made.bits = 128;
    }
    return made;
}

void network_list::cut(network& to, unsigned bits) {
    for (std::size_t n = 0; n < to.octets.size(); ++n) {
        const auto kept = std::min(8u, bits - std::min(bits, static_cast<unsigned>(n) * 8));
        to.octets[n] = static_cast<unsigned char>(to.octets[n] & (0xff00u >> kept));
    }
    to.bits = bits;
}

std::optional<network_list::network> network_list::network_of(std::string_view text) {
    const auto slash = text.find('/');
    boost::system::error_code wrong;
    const auto address = ip::make_address(std::string(text.substr(0, slash)), wrong);
    if (wrong || (address.is_v6() && address.to_v6().scope_id() != 0)) return std::nullopt;
    auto made = whole(address);
    if (slash == std::string_view::npos) return made;
    const auto digits = text.substr(slash + 1);
    unsigned bits = 0;
    const auto* const end = digits.data() + digits.size();
    const auto [stop, fault] = std::from_chars(digits.data(), end, bits);
    const auto least = made.is_v4 ? least_ipv4_bits : least_ipv6_bits;
    if (fault != std::errc{} || stop != end || bits < least || bits > made.bits)
        return std::nullopt;
    cut(made, bits);
    return made;
}

bool network_list::contains(std::string_view text) const {
    if (all_.empty()) return false;
    boost::system::error_code wrong;
    const auto address = ip::make_address(std::string(text), wrong);
    if (wrong) return false;
    const auto peer = whole(address);
    return std::any_of(all_.begin(), all_.end(), [&peer](const network& one) {
        if (one.is_v4 != peer.is_v4) return false;
        auto same = peer;
        cut(same, one.bits);
        return same == one;
    });
}

std::string network_list::to_text() const {
    std::string text;
    for (const auto& one : all_) {
        ip::address_v4::bytes_type four{};
        std::copy_n(one.octets.begin(), four.size(), four.begin());
        const auto address =
            one.is_v4 ? ip::address(ip::address_v4(four)) : ip::address(ip::address_v6(one.octets));
        text += (text.empty() ? "" : " ") + address.to_string();
        if (one.bits != (one.is_v4 ? 32u : 128u)) text += "/" + std::to_string(one.bits);
    }
    return text;
}

}  // namespace hauspost
