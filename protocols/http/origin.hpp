#pragma once

#include "protocols/http/request.hpp"

#include <span>
#include <string>

namespace hauspost::http {

/// Whether a request was made by a page of this very server, as the browser says: Sec-Fetch-Site,
/// and without it an Origin equal to where the request went. A program that is no browser sends
/// neither, and is not from a page.
///
/// Cookies may count, and anything may be changed, for such requests alone.
///
/// is_encrypted  the request came by TLS: its own origin begins with https
/// Lifetime      none
/// RFC           6454 7; W3C Fetch Metadata 2.3
[[nodiscard]] bool is_from_own_page(const request_head& head, bool is_encrypted);

/// Whether a request is meant for a server with one of these names (in lower case, IPv6 addresses in
/// brackets); the port does not count. Without any name all are ours.
/// RFC  9110 7.4 (else 421)
[[nodiscard]] bool is_meant_for(const request_head& head, std::span<const std::string> names);

}  // namespace hauspost::http
