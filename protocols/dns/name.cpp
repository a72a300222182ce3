#include "protocols/dns/name.hpp"

#include "base/ascii.hpp"

#include <algorithm>

namespace hauspost::dns {
namespace {

bool is_host_letter(char c) noexcept {
    return ascii::is_alnum(c) || c == '-' || c == '_';
}

bool is_question_letter(char c) noexcept {
    return c > ' ' && c < 0x7f && c != '\\';
}

/// Labels of the right length, of letters that are allowed, parted by dots.
template <class IsLetter>
std::optional<std::string> to_name(std::string_view text, IsLetter is_letter) {
    if (text.ends_with('.')) text.remove_suffix(1);
    if (text.empty() || text.size() > max_name_octets) return std::nullopt;
    std::size_t label = 0;
    for (const char c : text) {
        if (c == '.' ? label == 0 : !is_letter(c)) return std::nullopt;
        label = c == '.' ? 0 : label + 1;
        if (label > max_label_octets) return std::nullopt;
    }
    if (label == 0) return std::nullopt;
    return ascii::lowered(text);
}

boost::asio::ip::address unmapped(const boost::asio::ip::address& of) {
    if (!of.is_v6() || !of.to_v6().is_v4_mapped()) return of;
    return make_address_v4(boost::asio::ip::v4_mapped, of.to_v6());
}

}  // namespace

std::optional<std::string> to_question_name(std::string_view text) {
    return to_name(text, is_question_letter);
}

std::optional<std::string> to_host_name(std::string_view text) {
    return to_name(text, is_host_letter);
}

std::optional<std::string> take_host_name(std::string_view& rdata) {
    std::string name;
    for (;;) {
        if (rdata.empty()) return std::nullopt;
        const std::size_t length = static_cast<unsigned char>(rdata.front());
        rdata.remove_prefix(1);
        if (length == 0) return name;
        if (length > max_label_octets || length > rdata.size()) return std::nullopt;
        const auto label = rdata.substr(0, length);
        if (!std::all_of(label.begin(), label.end(), is_host_letter)) return std::nullopt;
        if (!name.empty()) name += '.';
        name += ascii::lowered(label);
        if (name.size() > max_name_octets) return std::nullopt;
        rdata.remove_prefix(length);
    }
}

std::string reverse_name(const boost::asio::ip::address& of) {
    constexpr std::string_view digits = "0123456789abcdef";
    const auto address = unmapped(of);
    std::string name;
    if (address.is_v4()) {
        const auto octets = address.to_v4().to_bytes();
        for (auto octet = octets.rbegin(); octet != octets.rend(); ++octet)
            name += std::to_string(*octet) + '.';
        return name + "in-addr.arpa";
    }
    const auto octets = address.to_v6().to_bytes();
    for (auto octet = octets.rbegin(); octet != octets.rend(); ++octet) {
        name += {digits[*octet & 15], '.', digits[*octet >> 4], '.'};
    }
    return name + "ip6.arpa";
}

}  // namespace hauspost::dns
