#pragma once

#include <boost/json/object.hpp>

#include <string>
#include <string_view>
#include <utility>

namespace hauspost::jmap {

namespace json = boost::json;

/// Why one method call of a request failed, or one object of it: RFC 8620 3.6.2, 5.3.
struct method_error {
    method_error() = default;
    method_error(std::string_view what, std::string said = {})
        : type(what), description(std::move(said)) {}

    std::string type;         // "invalidArguments"
    std::string description;  // for who reads the client's log; "": left out
    json::object facts;       // further members: "properties", "limit"

    [[nodiscard]] json::object to_json() const;
};

/// The general ones, RFC 8620 3.6.2 and 5.1.
namespace errors {
inline constexpr std::string_view unknown_method = "unknownMethod";
inline constexpr std::string_view invalid_arguments = "invalidArguments";
inline constexpr std::string_view invalid_result_reference = "invalidResultReference";
inline constexpr std::string_view forbidden = "forbidden";
inline constexpr std::string_view account_not_found = "accountNotFound";
inline constexpr std::string_view account_not_supported = "accountNotSupportedByMethod";
inline constexpr std::string_view account_read_only = "accountReadOnly";
inline constexpr std::string_view server_unavailable = "serverUnavailable";
inline constexpr std::string_view server_fail = "serverFail";
inline constexpr std::string_view request_too_large = "requestTooLarge";
inline constexpr std::string_view cannot_calculate_changes = "cannotCalculateChanges";
inline constexpr std::string_view unsupported_filter = "unsupportedFilter";
inline constexpr std::string_view unsupported_sort = "unsupportedSort";
inline constexpr std::string_view anchor_not_found = "anchorNotFound";
inline constexpr std::string_view state_mismatch = "stateMismatch";
}  // namespace errors

[[nodiscard]] inline method_error wrong_argument(std::string said) {
    return {errors::invalid_arguments, std::move(said)};
}

}  // namespace hauspost::jmap
