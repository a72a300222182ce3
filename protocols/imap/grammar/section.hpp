#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace hauspost::imap {

/// RFC 9051 6.4.5.1: what stands in BODY[...].
struct section {
    enum class kind : std::uint8_t {
        all,                // "" or "1.2"
        header,             // HEADER, "1.2.HEADER"
        header_fields,      // HEADER.FIELDS (...)
        header_fields_not,  // HEADER.FIELDS.NOT (...)
        text,               // TEXT
        mime,               // "1.2.MIME"
    };
    std::vector<std::uint32_t> part;  // "1.2" is {1, 2}; empty: the whole message
    kind what = kind::all;
    std::vector<std::string> fields;  // of header_fields and header_fields_not, as given
    [[nodiscard]] bool needs_filter() const noexcept {
        return what == kind::header_fields || what == kind::header_fields_not;
    }
    friend bool operator==(const section&, const section&) = default;
};

/// <offset.count> of a request: count is at least 1.
struct partial {
    std::uint32_t offset = 0;
    std::uint32_t count = 1;
    friend bool operator==(const partial&, const partial&) = default;
};

}  // namespace hauspost::imap
