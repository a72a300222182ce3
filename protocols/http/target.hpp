#pragma once

#include "protocols/http/limits.hpp"
#include "protocols/http/refusal.hpp"
#include "protocols/http/request.hpp"

#include <boost/system/result.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hauspost::http {

/// Where a request leads, decoded.
struct target {
    std::string path;  // as request_head has it
    std::vector<query_parameter> query;
    std::optional<authority> host;  // of an absolute form
};

/// Reads origin-form, absolute-form, and "*" for OPTIONS. A path is never put in order: what is not
/// written as a normal path is refused, so that no two parts of a server can read it differently.
///
///     origin-form    = absolute-path [ "?" query ]
///     absolute-form  = "http" [ "s" ] "://" host [ ":" port ] path-abempty [ "?" query ]
///     asterisk-form  = "*"
///
/// Refuses  400: a dot or an empty segment, a backslash, an escaped '/', '\' or control character,
///          octets that are no UTF-8, a broken escape, a fragment, too many parameters
/// RFC      9112 3.2, 3986 2.1 and 3.3; the query as WHATWG URL's form encoding
[[nodiscard]] boost::system::result<target, refusal> parse_target(std::string_view text,
                                                                  method verb,
                                                                  const request_limits& limits);

/// A host with or without port, as Host has it: a name or an IPv4 address, or an IPv6 address in
/// brackets. nullopt: it is none, or there are user names before it.
/// RFC  9110 7.2, 3986 3.2
[[nodiscard]] std::optional<authority> parse_authority(std::string_view text);

/// Turns each "%41" into its octet. nullopt: an escape is broken.
[[nodiscard]] std::optional<std::string> percent_decoded(std::string_view text);

}  // namespace hauspost::http
