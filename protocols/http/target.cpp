#include "protocols/http/target.hpp"

#include "base/ascii.hpp"
#include "base/utf8.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

namespace hauspost::http {
namespace {

using boost::system::result;

constexpr std::size_t max_host_octets = 255;

constexpr refusal bad_target(400, "bad_target");
constexpr refusal bad_escape(400, "bad_escape");
constexpr refusal bad_path(400, "bad_path");
constexpr refusal bad_query(400, "bad_query");

int hex_digit(char c) noexcept {
    if (ascii::is_digit(c)) return c - '0';
    const char lower = ascii::to_lower(c);
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

bool is_visible(std::string_view text) noexcept {
    return std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < 0x7f; });
}

/// Whether somebody could read a path otherwise than it stands.
bool is_normal(std::string_view path) noexcept {
    if (path.empty() || path.front() != '/') return false;
    for (path.remove_prefix(1); !path.empty();) {
        const auto slash = path.find('/');
        const auto segment = path.substr(0, slash);
        if (segment.empty() || segment == "." || segment == "..") return false;
        if (slash == std::string_view::npos) break;
        path.remove_prefix(slash + 1);
    }
    return true;
}

/// Of one segment or more, as they stand in a target.
std::optional<refusal> decode_path(std::string_view text, std::string& path) {
    // RFC 3986 3.3 leaves none of these in a path. Browsers escape all of them but the backslash,
    // which they take for a slash.
    if (text.find_first_of("\\\"<>") != std::string_view::npos) return bad_path;
    auto decoded = percent_decoded(text);
    if (!decoded) return bad_escape;
    const auto slashes = [](std::string_view in) { return std::count(in.begin(), in.end(), '/'); };
    if (slashes(*decoded) != slashes(text)) return bad_path;
    if (decoded->find('\\') != std::string::npos) return bad_path;
    if (std::any_of(decoded->begin(), decoded->end(), ascii::is_control)) return bad_path;
    if (!utf8::is_valid(*decoded) || !is_normal(*decoded)) return bad_path;
    path = std::move(*decoded);
    return std::nullopt;
}

std::optional<std::string> decode_form(std::string_view text) {
    std::string spaced(text);
    std::replace(spaced.begin(), spaced.end(), '+', ' ');
    auto decoded = percent_decoded(spaced);
    if (!decoded || decoded->find('\0') != std::string::npos || !utf8::is_valid(*decoded))
        return std::nullopt;
    return decoded;
}

std::optional<refusal> decode_query(std::string_view text,
                                    std::size_t max_parameters,
                                    std::vector<query_parameter>& query) {
    while (!text.empty()) {
        const auto end = std::min(text.find('&'), text.size());
        const auto piece = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
        if (piece.empty()) continue;
        if (query.size() == max_parameters) return refusal(400, "too_many_parameters");
        const auto equals = std::min(piece.find('='), piece.size());
        auto name = decode_form(piece.substr(0, equals));
        auto value = decode_form(piece.substr(std::min(equals + 1, piece.size())));
        if (!name || !value) return bad_query;
        query.push_back({std::move(*name), std::move(*value)});
    }
    return std::nullopt;
}

/// Takes scheme and authority off an absolute-form; the rest may lack its path.
bool take_authority(std::string_view& text, target& into) {
    constexpr std::string_view plain = "http://";
    constexpr std::string_view secure = "https://";
    if (ascii::starts_with_nocase(text, plain))
        text.remove_prefix(plain.size());
    else if (ascii::starts_with_nocase(text, secure))
        text.remove_prefix(secure.size());
    else
        return false;
    const auto end = std::min(text.find_first_of("/?"), text.size());
    into.host = parse_authority(text.substr(0, end));
    text.remove_prefix(end);
    return into.host.has_value();
}

bool is_host_name(std::string_view name) noexcept {
    return !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
        return ascii::is_alnum(c) || c == '-' || c == '.' || c == '_';
    });
}

/// "[2001:db8::7]". Whether it is an address nobody needs to know: no other host is like it.
bool is_ip_literal(std::string_view name) noexcept {
    if (name.size() < 4 || name.front() != '[' || name.back() != ']') return false;
    const auto inner = name.substr(1, name.size() - 2);
    return std::all_of(inner.begin(), inner.end(),
                       [](char c) { return hex_digit(c) >= 0 || c == ':' || c == '.'; });
}

}  // namespace

std::optional<std::string> percent_decoded(std::string_view text) {
    std::string octets;
    octets.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '%') {
            octets += text[i];
            continue;
        }
        if (text.size() - i < 3) return std::nullopt;
        const int high = hex_digit(text[i + 1]);
        const int low = hex_digit(text[i + 2]);
        if (high < 0 || low < 0) return std::nullopt;
        octets += static_cast<char>(high * 16 + low);
        i += 2;
    }
    return octets;
}

std::optional<authority> parse_authority(std::string_view text) {
    if (text.empty() || text.size() > max_host_octets) return std::nullopt;
    const auto name_end = text.front() == '[' ? text.find(']') + 1 : text.find(':');
    const auto name = text.substr(0, name_end);
    if (!is_host_name(name) && !is_ip_literal(name)) return std::nullopt;
    authority found;
    found.name = ascii::lowered(name);
    auto rest = text.substr(name.size());
    if (rest.empty()) return found;
    if (rest.front() != ':') return std::nullopt;
    rest.remove_prefix(1);
    if (rest.empty()) return found;  // RFC 3986 3.2.3: no port at all
    std::uint16_t port = 0;
    const auto [end, failed] = std::from_chars(rest.data(), rest.data() + rest.size(), port);
    if (failed != std::errc() || end != rest.data() + rest.size() || port == 0) return std::nullopt;
    found.port = port;
    return found;
}

result<target, refusal> parse_target(std::string_view text,
                                     method verb,
                                     const request_limits& limits) {
    target found;
    if (!is_visible(text)) return bad_target;
    if (text == "*" && verb == method::options) {
        found.path = text;
        return found;
    }
    if (text.find('#') != std::string_view::npos) return bad_target;
    if (!text.starts_with('/') && !take_authority(text, found)) return bad_target;
    const auto path_end = std::min(text.find('?'), text.size());
    const auto path = text.substr(0, path_end);
    // RFC 9112 3.2.1: an empty path is "/".
    if (const auto no = decode_path(path.empty() ? "/" : path, found.path)) return *no;
    const auto query = text.substr(std::min(path_end + 1, text.size()));
    if (const auto no = decode_query(query, limits.query_parameters, found.query)) return *no;
    return found;
}

}  // namespace hauspost::http
