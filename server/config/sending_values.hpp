#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hauspost::server {

struct relay_place {
    std::string host;  // a name or an address
    std::uint16_t port = 587;
};

/// "smtp.example.net:587", "smtp.example.net", "[2001:db8::25]:25". nullopt: none of these.
[[nodiscard]] std::optional<relay_place> parse_relay(std::string_view text);

/// "root" and "" give no address; "192.0.2.53 127.0.0.1@5353" two. nullopt: something else.
[[nodiscard]] std::optional<std::vector<std::string>> resolver_addresses(std::string_view text);

/// "example.net 60, example.com 0": numbers by domain in lower case and A-labels, each at most 1,000,000.
/// nullopt: something else, or a domain twice.
[[nodiscard]] std::optional<std::map<std::string, std::size_t, std::less<>>> domain_rates(
    std::string_view text);

}  // namespace hauspost::server
