#include "protocols/dns/record.hpp"

#include "base/ascii.hpp"
#include "base/octets.hpp"
#include "protocols/dns/name.hpp"

#include <algorithm>
#include <utility>

namespace hauspost::dns {

std::string_view to_text(record_type type) noexcept {
    switch (type) {
    case record_type::a: return "A";
    case record_type::cname: return "CNAME";
    case record_type::ptr: return "PTR";
    case record_type::mx: return "MX";
    case record_type::txt: return "TXT";
    case record_type::aaaa: return "AAAA";
    case record_type::srv: return "SRV";
    case record_type::tlsa: return "TLSA";
    case record_type::caa: return "CAA";
    }
    return "?";
}

std::optional<mx_record> parse_mx(std::string_view rdata) {
    mx_record record;
    if (rdata.size() < sizeof(record.preference)) return std::nullopt;
    record.preference = load_be<std::uint16_t>(rdata.data());
    rdata.remove_prefix(sizeof(record.preference));
    auto exchange = take_host_name(rdata);
    if (!exchange || !rdata.empty()) return std::nullopt;
    record.exchange = std::move(*exchange);
    return record;
}

std::optional<tlsa_record> parse_tlsa(std::string_view rdata) {
    constexpr std::size_t numbers = 3;
    if (rdata.size() <= numbers || rdata.size() > numbers + max_association_octets)
        return std::nullopt;
    tlsa_record record;
    record.usage = static_cast<std::uint8_t>(rdata[0]);
    record.selector = static_cast<std::uint8_t>(rdata[1]);
    record.matching_type = static_cast<std::uint8_t>(rdata[2]);
    record.data = rdata.substr(numbers);
    return record;
}

std::optional<srv_record> parse_srv(std::string_view rdata) {
    constexpr std::size_t numbers = 6;
    if (rdata.size() < numbers) return std::nullopt;
    srv_record record;
    record.priority = load_be<std::uint16_t>(rdata.data());
    record.weight = load_be<std::uint16_t>(rdata.data() + 2);
    record.port = load_be<std::uint16_t>(rdata.data() + 4);
    rdata.remove_prefix(numbers);
    auto target = take_host_name(rdata);
    if (!target || !rdata.empty()) return std::nullopt;
    record.target = std::move(*target);
    return record;
}

std::optional<caa_record> parse_caa(std::string_view rdata) {
    constexpr std::size_t head = 2;
    if (rdata.size() < head) return std::nullopt;
    caa_record record;
    record.flags = static_cast<std::uint8_t>(rdata[0]);
    const std::size_t length = static_cast<unsigned char>(rdata[1]);
    rdata.remove_prefix(head);
    if (length == 0 || length > rdata.size() || rdata.size() - length > max_text_octets)
        return std::nullopt;
    record.tag = ascii::lowered(rdata.substr(0, length));
    if (!std::all_of(record.tag.begin(), record.tag.end(), ascii::is_alnum)) return std::nullopt;
    record.value = rdata.substr(length);
    return record;
}

std::optional<std::string> parse_txt(std::string_view rdata) {
    if (rdata.empty()) return std::nullopt;
    std::string text;
    while (!rdata.empty()) {
        const std::size_t length = static_cast<unsigned char>(rdata.front());
        rdata.remove_prefix(1);
        if (length > rdata.size()) return std::nullopt;
        text += rdata.substr(0, std::min(length, max_text_octets - text.size()));
        rdata.remove_prefix(length);
    }
    return text;
}

std::optional<boost::asio::ip::address> parse_a(std::string_view rdata) {
    boost::asio::ip::address_v4::bytes_type octets;
    if (rdata.size() != octets.size()) return std::nullopt;
    std::copy(rdata.begin(), rdata.end(), octets.begin());
    return boost::asio::ip::address_v4(octets);
}

std::optional<boost::asio::ip::address> parse_aaaa(std::string_view rdata) {
    boost::asio::ip::address_v6::bytes_type octets;
    if (rdata.size() != octets.size()) return std::nullopt;
    std::copy(rdata.begin(), rdata.end(), octets.begin());
    return boost::asio::ip::address_v6(octets);
}

std::optional<std::string> parse_host(std::string_view rdata) {
    auto name = take_host_name(rdata);
    if (!name || name->empty() || !rdata.empty()) return std::nullopt;
    return name;
}

}  // namespace hauspost::dns
