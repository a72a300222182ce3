#include "server/client_setup/setup_paths.hpp"

#include "base/ascii.hpp"
#include "base/percent_encoding.hpp"
#include "protocols/client_setup/mobileconfig.hpp"

namespace hauspost::client_setup {
namespace {

constexpr std::string_view json_path = "/autodiscover/autodiscover.json";
constexpr std::string_view json_address_path = "/autodiscover/autodiscover.json/v1.0/";
constexpr std::uint16_t usual_https_port = 443;

}  // namespace

document find_document(std::string_view path) {
    if (ascii::equal_nocase(path, "/mail/config-v1.1.xml") ||
        ascii::equal_nocase(path, "/.well-known/autoconfig/mail/config-v1.1.xml"))
        return document::autoconfig;
    if (ascii::equal_nocase(path, "/autodiscover/autodiscover.xml")) return document::autodiscover;
    if (ascii::equal_nocase(path, mobileconfig_path)) return document::profile;
    if (ascii::equal_nocase(path, json_path) || ascii::starts_with_nocase(path, json_address_path))
        return document::autodiscover_json;
    return document::none;
}

std::optional<std::string> asked_address(const http::request_head& head) {
    if (ascii::starts_with_nocase(head.path, json_address_path))
        return head.path.substr(json_address_path.size());
    for (const auto* name : {"emailaddress", "email"})
        if (const auto* given = find_parameter(head, name)) return *given;
    return std::nullopt;
}

const std::string* find_parameter(const http::request_head& head, std::string_view name) {
    for (const auto& one : head.query)
        if (ascii::equal_nocase(one.name, name)) return &one.value;
    return nullptr;
}

std::string encoded_target(const http::request_head& head) {
    std::string made;
    append_percent_encoded(made, head.path, "/@");
    char before = '?';
    for (const auto& one : head.query) {
        made += before;
        append_percent_encoded(made, one.name);
        made += '=';
        append_percent_encoded(made, one.value, "@");
        before = '&';
    }
    return made;
}

std::string https_origin(const std::string& hostname, std::uint16_t port) {
    auto made = "https://" + hostname;
    if (port != usual_https_port) made += ':' + std::to_string(port);
    return made;
}

}  // namespace hauspost::client_setup
