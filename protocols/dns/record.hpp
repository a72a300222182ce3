#pragma once

#include <boost/asio/ip/address.hpp>

#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace hauspost::dns {

/// The types that are asked for; their numbers on the wire.
enum class record_type : std::uint16_t {
    a = 1,      // RFC 1035 3.4.1
    cname = 5,  // RFC 1035 3.3.1
    ptr = 12,   // RFC 1035 3.3.12
    mx = 15,    // RFC 1035 3.3.9
    txt = 16,   // RFC 1035 3.3.14
    aaaa = 28,  // RFC 3596 2.1
    srv = 33,   // RFC 2782
    tlsa = 52,  // RFC 6698 2.1
    caa = 257,  // RFC 8659 4.1
};

/// "MX", for the log.
[[nodiscard]] std::string_view to_text(record_type type) noexcept;

/// Where a domain takes its mail.
struct mx_record {
    std::uint16_t preference = 0;  // the lowest first
    std::string exchange;          // a host name; "": none, the domain takes no mail (RFC 7505)
    friend auto operator<=>(const mx_record&, const mx_record&) = default;
};

/// With which certificate or key a server proves who it is. The numbers are those of RFC 6698 2.1,
/// also ones that nobody has given a meaning to yet.
struct tlsa_record {
    std::uint8_t usage = 0;
    std::uint8_t selector = 0;
    std::uint8_t matching_type = 0;
    std::string data;  // 1 .. max_association_octets
    friend auto operator<=>(const tlsa_record&, const tlsa_record&) = default;
};

/// Where a service of a domain is.
struct srv_record {
    std::uint16_t priority = 0;  // the lowest first
    std::uint16_t weight = 0;
    std::uint16_t port = 0;
    std::string target;  // a host name; "": the domain does not have the service
    friend auto operator<=>(const srv_record&, const srv_record&) = default;
};

/// Who may give certificates for a domain.
struct caa_record {
    std::uint8_t flags = 0;
    std::string tag;    // "issue"; letters and digits, in lower case
    std::string value;  // any octets, at most max_text_octets
    friend auto operator<=>(const caa_record&, const caa_record&) = default;
};

/// A certificate as a whole has some 1,000 to 2,000.
inline constexpr std::size_t max_association_octets = 8'192;
/// Of a TXT record; twice as many as anything that is read here may have.
inline constexpr std::size_t max_text_octets = 8'192;

// RDATA in wire form, names in it not compressed, to values. All of it is a stranger's: what is too
// short, too long or does not add up is nullopt.

[[nodiscard]] std::optional<mx_record> parse_mx(std::string_view rdata);
[[nodiscard]] std::optional<tlsa_record> parse_tlsa(std::string_view rdata);
[[nodiscard]] std::optional<srv_record> parse_srv(std::string_view rdata);
[[nodiscard]] std::optional<caa_record> parse_caa(std::string_view rdata);
/// The strings of a TXT record behind one another, with nothing in between (RFC 7208 3.3), cut
/// behind max_text_octets: who reads texts of fewer sees that it is too long.
[[nodiscard]] std::optional<std::string> parse_txt(std::string_view rdata);
[[nodiscard]] std::optional<boost::asio::ip::address> parse_a(std::string_view rdata);
[[nodiscard]] std::optional<boost::asio::ip::address> parse_aaaa(std::string_view rdata);
/// Of a CNAME or PTR record: the name of a host, never the root.
[[nodiscard]] std::optional<std::string> parse_host(std::string_view rdata);

}  // namespace hauspost::dns
