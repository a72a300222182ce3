#pragma once

#include "protocols/jmap/json_text.hpp"

#include <boost/json/object.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hauspost::jmap {

/// RFC 8620 3.2
struct invocation {
    std::string name;
    json::object arguments;
    std::string call_id;
};

/// RFC 8620 3.3
struct api_request {
    std::vector<std::string> uses;  // "using": capabilities
    std::vector<invocation> calls;
    bool has_created_ids = false;
    json::object created_ids;

    [[nodiscard]] bool may_use(std::string_view capability) const noexcept;
};

/// What is wrong with a request as a whole; none of its calls has been looked at.
/// RFC  8620 3.6.1
struct request_problem {
    enum class kind : std::uint8_t { unknown_capability, not_json, not_request, limit };
    kind what = kind::not_request;
    std::string detail;
    std::string limit;  // of `limit`: "maxCallsInRequest"
};
/// "urn:ietf:params:jmap:error:notJSON"
[[nodiscard]] std::string_view type_of(request_problem::kind what) noexcept;
/// As a document of application/problem+json (RFC 7807, now 9457), status 400.
[[nodiscard]] std::string to_text(const request_problem& what);

/// One of the two.
struct read_request {
    std::optional<request_problem> problem;
    api_request request;
};

/// capabilities  all that the server has
/// RFC           8620 3.3, 3.6.1
[[nodiscard]] read_request parse_request(std::string_view body,
                                         const std::vector<std::string_view>& capabilities);

/// RFC 8620 1.2: 1 to 255 of letters, digits, "-" and "_".
[[nodiscard]] bool is_id(std::string_view text) noexcept;

}  // namespace hauspost::jmap
