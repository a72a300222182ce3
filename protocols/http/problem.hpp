#pragma once

#include "protocols/http/refusal.hpp"
#include "protocols/http/response.hpp"

#include <string>
#include <string_view>

namespace hauspost::http {

/// What went wrong, for programs: `code` is what they go by, `detail` a sentence for people.
struct problem {
    problem() = default;
    problem(unsigned with, std::string_view what, std::string said = {})
        : status(with), code(what), detail(std::move(said)) {}

    unsigned status = 500;
    std::string code;    // "body_too_long"; a member of its own
    std::string detail;  // UTF-8; "": left out
};

/// application/problem+json, never stored by anybody. The type is "about:blank", so the title is the
/// status in words (4.2.1).
/// RFC  9457 3
[[nodiscard]] response to_response(const problem& what);

/// What a session says itself of a request that it refuses; the connection ends behind it.
[[nodiscard]] response to_response(const refusal& what);

/// 404 as every part of the server says it, so that nobody sees by its form what is behind a path.
[[nodiscard]] response not_found();

/// allowed  "GET, HEAD" (RFC 9110 10.2.1)
[[nodiscard]] response method_not_allowed(std::string_view allowed);

}  // namespace hauspost::http
