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
    friend bool operator==(const relay_place&, const relay_place&) = default;
};

/// "smtp.example.net:587", "smtp.example.net", "[2001:db8::25]:25". nullopt: none of these.
[[nodiscard]] std::optional<relay_place> parse_relay(std::string_view text);

/// By which server the mail of a domain's senders leaves.
struct domain_relay {
    std::optional<relay_place> place;  // nullopt: "direct", by none
    std::string user;                  // "": nobody logs in
    std::string password_file;
    friend bool operator==(const domain_relay&, const domain_relay&) = default;
};

/// "example.org smtp.example.net:587 user FILE, example.com smtp.example.com, example.net direct": by
/// domain in lower case and A-labels. A file's name has neither blank nor comma.
/// nullopt: something else, or a domain twice
[[nodiscard]] std::optional<std::map<std::string, domain_relay, std::less<>>> domain_relays(
    std::string_view text);

/// "root" and "" give no address; "192.0.2.53 127.0.0.1@5353" two. nullopt: something else.
[[nodiscard]] std::optional<std::vector<std::string>> resolver_addresses(std::string_view text);

/// "example.net 60, example.com 0": numbers by domain in lower case and A-labels, each at most 1,000,000.
/// nullopt: something else, or a domain twice.
[[nodiscard]] std::optional<std::map<std::string, std::size_t, std::less<>>> domain_rates(
    std::string_view text);

}  // namespace hauspost::server
