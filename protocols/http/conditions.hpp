#pragma once

#include "protocols/http/field_list.hpp"
#include "protocols/http/request.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace hauspost::http {

/// What a request's conditions are compared with: the representation that would be sent, or that is
/// to be changed.
struct representation {
    std::string_view etag;  // strong, with its quotes; "": there is none
    std::optional<std::chrono::sys_seconds> last_modified;
    bool exists = true;  // for "*"
};

enum class condition : std::uint8_t {
    holds,         // or there is none
    not_modified,  // 304
    failed,        // 412
};

/// If-Match, else If-Unmodified-Since; then If-None-Match, else, for GET and HEAD,
/// If-Modified-Since. Dates count only where the representation has one.
///
/// now  for dates with a year of two digits
/// RFC  9110 13.1, 13.2.2
[[nodiscard]] condition check_conditions(const request_head& head,
                                         const representation& of,
                                         std::chrono::sys_seconds now);

/// The entity-tag is one of a list, as If-None-Match and If-Match have it; "*" is not looked at.
/// is_weak  "W/" in front of one in the list is passed over (RFC 9110 8.8.3.2)
[[nodiscard]] bool has_etag(std::string_view list, std::string_view etag, bool is_weak) noexcept;

/// One piece of a representation.
struct octet_range {
    std::uint64_t first = 0;
    std::uint64_t octets = 0;  // at least 1

    friend bool operator==(const octet_range&, const octet_range&) = default;
};

enum class range_kind : std::uint8_t {
    whole,          // no range is asked for, or one that we do not give
    part,           // 206
    unsatisfiable,  // 416
};

struct range_wish {
    range_kind kind = range_kind::whole;
    octet_range range;
};

/// Which octets a GET asks for. Several ranges get the whole: nobody needs them of what we send, and
/// answers to many small ones are larger than what they are of.
///
/// size  octets of the representation
/// RFC   9110 14.1.2, 14.2, 13.1.5 (If-Range: a strong entity-tag, or exactly the date)
[[nodiscard]] range_wish wanted_range(const request_head& head,
                                      const representation& of,
                                      std::uint64_t size,
                                      std::chrono::sys_seconds now);

/// "bytes 0-99/1234"
[[nodiscard]] std::string content_range(const octet_range& range, std::uint64_t size);

}  // namespace hauspost::http
