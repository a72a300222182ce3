#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace hauspost::message {

inline constexpr std::size_t max_parameters = 64;  // ours; more are left out

struct parameter {
    std::string name;   // lower case, without "*" and section numbers
    std::string value;  // UTF-8 without control characters; continuations joined, RFC 2231 decoded
    friend bool operator==(const parameter&, const parameter&) = default;
};

/// A value with parameters: Content-Type or Content-Disposition. Duplicates: the first counts, but
/// an extended value (name*) goes before a plain one.
struct content_type {
    std::string type;     // lower case
    std::string subtype;  // lower case; of Content-Disposition always ""
    std::vector<parameter> parameters;

    /// "" when there is none. name: lower case.
    [[nodiscard]] std::string_view find(std::string_view name) const noexcept;
};

/// RFC 2045 5.1, 2231. A wrong or empty value gives text/plain with what parameters there are
/// (RFC 2045 5.2). Linear.
[[nodiscard]] content_type parse_content_type(std::string_view value);

/// RFC 2183. A wrong or empty value gives type "".
[[nodiscard]] content_type parse_content_disposition(std::string_view value);

}  // namespace hauspost::message
