#pragma once

#include "protocols/http/field_list.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hauspost::http {

/// What we know; anything else is refused by 501 before a handler sees it.
enum class method : std::uint8_t { get, head, post, put, patch, delete_, options };

/// "GET"
[[nodiscard]] std::string_view name_of(method what) noexcept;
/// Case counts (RFC 9110 9.1).
[[nodiscard]] std::optional<method> find_method(std::string_view name) noexcept;

/// The server that a request is meant for, as it was asked for (RFC 9110 7.2).
struct authority {
    std::string name;  // "mail.a.example", "192.0.2.7", "[2001:db8::7]"; lower case
    std::optional<std::uint16_t> port;  // not 0

    friend bool operator==(const authority&, const authority&) = default;
};

struct query_parameter {
    std::string name;  // UTF-8 without NUL, as value is
    std::string value;
};

/// Everything of a request but its body. What is in it has been checked: a handler meets no NUL, no
/// broken UTF-8 in path and query, no field twice that may be there once.
struct request_head {
    /// The first parameter of this name; nullptr: there is none.
    [[nodiscard]] const std::string* parameter(std::string_view name) const noexcept;
    [[nodiscard]] bool is_read_only() const noexcept {
        return verb == method::get || verb == method::head;
    }
    [[nodiscard]] bool has_body() const noexcept {
        return is_chunked || (content_length && *content_length > 0);
    }

    method verb = method::get;
    bool is_1_1 = true;  // else HTTP/1.0
    /// Decoded, begins with '/', no empty segment but the last one, none that is "." or "..", no
    /// control characters; or "*", of OPTIONS alone.
    std::string path;
    std::vector<query_parameter> query;  // in their order
    authority host;                      // empty: an HTTP/1.0 client did not say
    field_list fields;
    std::optional<std::uint64_t> content_length;
    bool is_chunked = false;
    bool expects_continue = false;  // RFC 9110 10.1.1
    bool keeps_alive = true;        // RFC 9112 9.3
};

struct request {
    request_head head;
    std::string body;  // whole, without its chunks
};

}  // namespace hauspost::http
