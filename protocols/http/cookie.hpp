#pragma once

#include "protocols/http/field_list.hpp"
#include "protocols/http/header_block.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace hauspost::http {

/// The value that a request sends with a name, case counting.
///
/// Returns  nullopt: there is none; or several, of which nobody can tell whose they are: another
///          host of the domain, or another path, can add one but not take ours away
/// RFC      6265 4.2, 5.4 (and 6265bis 5.8)
[[nodiscard]] std::optional<std::string_view> find_cookie(const field_list& fields,
                                                          std::string_view name);

enum class same_site : std::uint8_t { strict, lax };

/// One cookie to be set, for this host alone.
struct cookie {
    std::string name;   // a token. "__Host-": secure, path "/"
    std::string value;  // visible ASCII without '"', ',', ';' and '\'
    std::string path = "/";
    std::optional<std::chrono::seconds> max_age;  // nullopt: until the browser is closed
    same_site sent = same_site::strict;
    bool is_secure = true;
    bool is_http_only = true;
};

/// Adds Set-Cookie.
/// Throws  std::logic_error for what no cookie may hold, and for a prefix without what it promises
/// RFC     6265 4.1 (and 6265bis 4.1: SameSite and the prefixes)
void set_cookie(header_block& fields, const cookie& made);

/// Adds Set-Cookie that takes a cookie away, which must have been set with this path.
void clear_cookie(header_block& fields, std::string_view name, std::string_view path = "/");

}  // namespace hauspost::http
