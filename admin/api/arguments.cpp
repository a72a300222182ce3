#include "admin/api/arguments.hpp"

#include <boost/json/array.hpp>
#include <boost/json/value.hpp>

#include <algorithm>
#include <stdexcept>
#include <string_view>

namespace hauspost::admin::api {
namespace {

std::optional<std::uint64_t> number_of(const json::value& value) {
    if (const auto* number = value.if_int64(); number != nullptr && *number >= 0)
        return static_cast<std::uint64_t>(*number);
    if (const auto* number = value.if_uint64()) return *number;
    return std::nullopt;
}

bool is_of(const json::value& value, argument::kind wanted) {
    switch (wanted) {
    case argument::kind::text:
    case argument::kind::code:
    case argument::kind::secret: return value.is_string();
    case argument::kind::number:
    case argument::kind::octets:
    case argument::kind::seconds: return number_of(value).has_value();
    case argument::kind::on_off:
    case argument::kind::flag:
    case argument::kind::yes: return value.is_bool();
    case argument::kind::texts: break;
    }
    const auto* list = value.if_array();
    return list != nullptr &&
           std::all_of(list->begin(), list->end(), [](const auto& one) { return one.is_string(); });
}

std::string text_of(const json::value& value) {
    return std::string(std::string_view(value.get_string()));
}

}  // namespace

const argument* arguments::find_wrong() const {
    for (const auto& one : of_.takes) {
        const auto* value = request_.if_contains(one.key);
        if (value == nullptr ? one.required : !is_of(*value, one.of)) return &one;
    }
    return nullptr;
}

const json::value* arguments::find(const char* key) const {
    const std::string_view wanted(key);
    if (std::none_of(of_.takes.begin(), of_.takes.end(),
                     [wanted](const argument& one) { return wanted == one.key; }))
        throw std::logic_error(std::string(of_.name) + " declares no argument " + key);
    return request_.if_contains(key);
}

std::string arguments::text(const char* key) const {
    return text_or_none(key).value_or(std::string());
}

std::vector<std::string> arguments::texts(const char* key) const {
    std::vector<std::string> list;
    if (const auto* value = find(key))
        for (const auto& one : value->get_array())
            list.push_back(text_of(one));
    return list;
}

std::uint64_t arguments::number(const char* key) const {
    return number_or_none(key).value_or(0);
}

bool arguments::yes(const char* key) const {
    const auto* value = find(key);
    return value != nullptr && value->get_bool();
}

std::optional<std::string> arguments::text_or_none(const char* key) const {
    const auto* value = find(key);
    if (value == nullptr) return std::nullopt;
    return text_of(*value);
}

std::optional<std::uint64_t> arguments::number_or_none(const char* key) const {
    const auto* value = find(key);
    if (value == nullptr) return std::nullopt;
    return number_of(*value);
}

std::optional<bool> arguments::yes_or_none(const char* key) const {
    const auto* value = find(key);
    if (value == nullptr) return std::nullopt;
    return value->get_bool();
}

std::optional<secret> arguments::secret_or_none(const char* key) const {
    auto text = text_or_none(key);
    if (!text) return std::nullopt;
    return secret(std::move(*text));
}

}  // namespace hauspost::admin::api
