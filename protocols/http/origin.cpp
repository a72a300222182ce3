#include "protocols/http/origin.hpp"

#include "base/ascii.hpp"
#include "protocols/http/target.hpp"

#include <algorithm>
#include <string_view>

namespace hauspost::http {
namespace {

constexpr std::uint16_t http_port = 80;
constexpr std::uint16_t https_port = 443;

bool is_own_origin(std::string_view origin, const authority& host, bool is_encrypted) {
    const std::string_view scheme = is_encrypted ? "https://" : "http://";
    if (!ascii::starts_with_nocase(origin, scheme)) return false;
    const auto from = parse_authority(origin.substr(scheme.size()));
    const auto usual = is_encrypted ? https_port : http_port;
    return from && from->name == host.name &&
           from->port.value_or(usual) == host.port.value_or(usual);
}

}  // namespace

bool is_from_own_page(const request_head& head, bool is_encrypted) {
    if (head.fields.count("Sec-Fetch-Site") > 1) return false;
    const auto origin = head.fields.find("Origin");
    if (origin && !is_own_origin(*origin, head.host, is_encrypted)) return false;
    if (const auto site = head.fields.find("Sec-Fetch-Site")) return *site == "same-origin";
    return origin.has_value();
}

bool is_meant_for(const request_head& head, std::span<const std::string> names) {
    return names.empty() || std::find(names.begin(), names.end(), head.host.name) != names.end();
}

}  // namespace hauspost::http
