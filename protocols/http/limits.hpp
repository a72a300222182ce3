#pragma once

#include <cstddef>

namespace hauspost::http {

/// How much one request may hold beside its body, whose limit its handler sets.
struct request_limits {
    std::size_t head_octets = 16 * 1024;  // request line, fields and the empty line
    std::size_t fields = 100;
    std::size_t query_parameters = 100;
    // Of a body in chunks: one line of a chunk with its extensions, or the last one with the
    // trailer; and all of these beyond 8 octets for each octet of the body.
    std::size_t chunk_line_octets = 4 * 1024;
    std::size_t chunk_lines_octets = 16 * 1024;
    std::size_t trailer_fields = 20;
};

}  // namespace hauspost::http
