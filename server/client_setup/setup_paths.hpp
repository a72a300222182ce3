#pragma once

#include "protocols/http/request.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace hauspost::client_setup {

/// Which document a path stands for. Case does not count: programs write "/Autodiscover/" and
/// "/AutoDiscover/", too.
enum class document : std::uint8_t {
    none,
    autoconfig,         // /mail/config-v1.1.xml, /.well-known/autoconfig/mail/config-v1.1.xml
    autodiscover,       // /autodiscover/autodiscover.xml
    profile,            // /profile.mobileconfig, of an Apple device
    autodiscover_json,  // /autodiscover/autodiscover.json, the same with /v1.0/ADDRESS behind it
};
[[nodiscard]] document find_document(std::string_view path);

/// The address that a request in the query or the path of it names, as it is written there.
/// nullopt: none.
[[nodiscard]] std::optional<std::string> asked_address(const http::request_head& head);

/// A parameter whose name is written in any case. nullptr: there is none.
[[nodiscard]] const std::string* find_parameter(const http::request_head& head,
                                                std::string_view name);

/// A path with its query as a URL has them, from what was decoded.
[[nodiscard]] std::string encoded_target(const http::request_head& head);

/// "https://mail.a.example", with a port that is not 443 behind it.
[[nodiscard]] std::string https_origin(const std::string& hostname, std::uint16_t port);

}  // namespace hauspost::client_setup
