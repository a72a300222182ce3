#include "admin/api/answer.hpp"

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

#include <cstddef>

namespace hauspost::admin::api {
namespace {

/// In a text that is JSON there is one colon outside of strings for each name.
std::size_t names_in(std::string_view text) {
    std::size_t names = 0;
    bool is_in_string = false;
    for (std::size_t n = 0; n < text.size(); ++n) {
        if (text[n] == '"') is_in_string = !is_in_string;
        if (is_in_string && text[n] == '\\') ++n;
        if (!is_in_string && text[n] == ':') ++names;
    }
    return names;
}

/// Of equal names the value has the last one alone. Nested at most eight deep.
std::size_t names_in(const json::value& value) {
    std::size_t names = 0;
    if (const auto* list = value.if_array())
        for (const auto& one : *list)
            names += names_in(one);
    if (const auto* object = value.if_object())
        for (const auto& [name, one] : *object)
            names += 1 + names_in(one);
    return names;
}

}  // namespace

answer parse_object(std::string_view text) {
    constexpr std::size_t max_depth = 8;
    json::parse_options options;
    options.max_depth = max_depth;
    boost::system::error_code wrong;
    auto value = json::parse(json::string_view(text.data(), text.size()), wrong, {}, options);
    if (wrong || !value.is_object()) return failed("no_object", "This is not a JSON object.");
    return std::move(value.get_object());
}

answer parse_request(std::string_view text) {
    auto object = parse_object(text);
    if (!object) return object;
    std::size_t names = 0;
    for (const auto& [name, one] : *object)
        names += 1 + names_in(one);
    if (names != names_in(text))
        return failed("name_twice", "An object of this request has a name twice: give each once.");
    return object;
}

}  // namespace hauspost::admin::api
