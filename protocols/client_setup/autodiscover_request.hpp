#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace hauspost::client_setup {

/// What Outlook sends has some 400 octets.
inline constexpr std::size_t max_autodiscover_request_octets = 8 * 1024;

/// What an Autodiscover request asks.
struct autodiscover_request {
    std::string address;         // as it was written, without white space around it; UTF-8
    bool wants_outlook = false;  // else settings of another kind: ActiveSync
};

/// Reads the XML of a request. A DOCTYPE is refused, so there are no entities; so are more than
/// max_autodiscover_request_octets, an element nine levels down or the 101st one.
///
///     <Autodiscover><Request>
///         <EMailAddress>anna@example.org</EMailAddress>
///         <AcceptableResponseSchema>http://.../outlook/responseschema/2006a</...>
///     </Request></Autodiscover>
///
/// octets   anything; read as UTF-16 if it begins as that, else as UTF-8, whatever the document says
///          of itself
/// Returns  nullopt: not well-formed, too much, no address or several
/// RFC      MS-OXDSCLI 2.2.3; XML 1.0, Namespaces in XML 1.0 (names count without their namespace)
[[nodiscard]] std::optional<autodiscover_request> parse_autodiscover_request(
    std::string_view octets);

}  // namespace hauspost::client_setup
