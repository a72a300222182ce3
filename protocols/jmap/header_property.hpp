#pragma once

#include <boost/json/value.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace hauspost::jmap {

namespace json = boost::json;

/// "header:{name}:as{form}:all", or one of the short names for such ("from", "subject").
/// RFC  8621 4.1.2, 4.1.3
struct header_property {
    enum class form : std::uint8_t {
        raw,
        text,
        addresses,
        grouped_addresses,
        message_ids,
        date,
        urls,
    };
    std::string name;  // of the field, in lower case
    form as = form::raw;
    bool is_all = false;  // a list of all fields of this name; else the last one
};

/// nullopt: it is none, or asks for a form that the field may not be read in.
[[nodiscard]] std::optional<header_property> parse_header_property(std::string_view property);

/// "subject", "sentAt", "from" ... nullopt: none of these.
[[nodiscard]] std::optional<header_property> find_short_name(std::string_view property);

/// What the header says there; null, or [] where all are asked for, when it says nothing.
/// header  octets of a message's or a part's header
[[nodiscard]] json::value value_of(std::string_view header, const header_property& property);

/// All fields in their order, as {"name", "value"} with raw values. RFC 8621 4.1.3
[[nodiscard]] json::array all_headers(std::string_view header);

}  // namespace hauspost::jmap
