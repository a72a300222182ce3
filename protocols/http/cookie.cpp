#include "protocols/http/cookie.hpp"

#include "base/ascii.hpp"

#include <algorithm>
#include <stdexcept>

namespace hauspost::http {
namespace {

///     cookie-octet = %x21 / %x23-2B / %x2D-3A / %x3C-5B / %x5D-7E
bool is_cookie_value(std::string_view text) noexcept {
    return std::all_of(text.begin(), text.end(), [](char c) {
        return c > ' ' && c < 0x7f && c != '"' && c != ',' && c != ';' && c != '\\';
    });
}

bool is_cookie_path(std::string_view text) noexcept {
    return text.starts_with('/') && std::all_of(text.begin(), text.end(), [](char c) {
               return c > ' ' && c < 0x7f && c != ';';
           });
}

void check(const cookie& made) {
    if (!is_token(made.name) || !is_cookie_value(made.value) || !is_cookie_path(made.path))
        throw std::logic_error("a cookie has no proper name, value or path");
    // Browsers compare the prefixes without case, and throw such a cookie away.
    if (ascii::starts_with_nocase(made.name, "__Secure-") && !made.is_secure)
        throw std::logic_error("a cookie __Secure- is not secure");
    if (ascii::starts_with_nocase(made.name, "__Host-") && (!made.is_secure || made.path != "/"))
        throw std::logic_error("a cookie __Host- is not secure, or not for all paths");
}

}  // namespace

std::optional<std::string_view> find_cookie(const field_list& fields, std::string_view name) {
    std::optional<std::string_view> found;
    for (std::size_t i = 0; i < fields.size(); ++i) {
        const auto field = fields.at(i);
        if (!ascii::equal_nocase(field.name, "Cookie")) continue;
        for (auto rest = field.value; !rest.empty();) {
            const auto end = std::min(rest.find(';'), rest.size());
            const auto pair = ascii::trimmed(rest.substr(0, end));
            rest.remove_prefix(std::min(end + 1, rest.size()));
            const auto equals = pair.find('=');
            if (equals == std::string_view::npos) continue;
            if (ascii::trimmed(pair.substr(0, equals)) != name) continue;
            if (found) return std::nullopt;
            found = ascii::trimmed(pair.substr(equals + 1));
        }
    }
    return found;
}

void set_cookie(header_block& fields, const cookie& made) {
    check(made);
    std::string text = made.name + '=' + made.value + "; Path=" + made.path;
    if (made.max_age) text += "; Max-Age=" + std::to_string(made.max_age->count());
    text += made.sent == same_site::strict ? "; SameSite=Strict" : "; SameSite=Lax";
    if (made.is_secure) text += "; Secure";
    if (made.is_http_only) text += "; HttpOnly";
    fields.add("Set-Cookie", text);
}

void clear_cookie(header_block& fields, std::string_view name, std::string_view path) {
    cookie gone;
    gone.name = name;
    gone.path = path;
    gone.max_age = std::chrono::seconds(0);
    set_cookie(fields, gone);
}

}  // namespace hauspost::http
