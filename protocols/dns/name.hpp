#pragma once

#include <boost/asio/ip/address.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace hauspost::dns {

// RFC 1035 2.3.4: 63 octets in a label, 255 in a name on the wire, which are 253 as text without
// the dot at the end.
inline constexpr std::size_t max_label_octets = 63;
inline constexpr std::size_t max_name_octets = 253;

/// A name in the form in which it is asked: lower case, without the dot at its end.
///
/// text     labels of printable US-ASCII but backslash, which would be read as an escape. Names that
///          are made of what a peer says (SPF macros) hold more than letters
/// Returns  nullopt when there is none, or a label or the whole is empty or too long: such a name
///          cannot exist
[[nodiscard]] std::optional<std::string> to_question_name(std::string_view text);

/// The name of a host, in lower case without the dot at its end: letters, digits, hyphens, and
/// underscores because they are in use. What else is a name in the DNS, but never of a host, is
/// nullopt: it goes into logs and on into protocols.
[[nodiscard]] std::optional<std::string> to_host_name(std::string_view text);

/// Takes a name in wire form off the beginning of `rdata`, as to_host_name has it; "" for the root.
/// Without compression (RFC 3597 4): a pointer is refused, as is what ends too early.
[[nodiscard]] std::optional<std::string> take_host_name(std::string_view& rdata);

/// Under which name the PTR records of an address stand. An IPv4-mapped address counts as IPv4.
/// RFC 1035 3.5, 3596 2.5
[[nodiscard]] std::string reverse_name(const boost::asio::ip::address& of);

}  // namespace hauspost::dns
