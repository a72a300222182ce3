#pragma once

#include <string_view>

namespace hauspost::http {

/// One file of a set that is part of the program: all octets were made when it was built.
///
/// Lifetime: what it shows outlives every session; responses point into it and copy nothing.
struct static_file {
    /// What a request asks for: "/assets/app-4f2a91c0.js", "/index.html". Begins with '/', visible
    /// ASCII without '?', '#', '%' and '\', no segment is empty, "." or "..". Once in a set.
    std::string_view path;
    /// As it is sent: "text/javascript; charset=utf-8".
    std::string_view content_type;
    /// Changes whenever `identity` does: some hex digits of its hash, without the quotes of an
    /// entity-tag; letters, digits, '-' and '_' alone, 1 to 64. Encodings get one of their own
    /// from it (RFC 9110 8.8.3.3).
    std::string_view etag;
    /// The octets as they are, and the same compressed. Empty: there are none, because they would
    /// not be smaller (a picture, a font).
    std::string_view identity;
    std::string_view br;    // RFC 7932
    std::string_view gzip;  // RFC 1952
    /// Its name holds a hash of its octets, so it may be kept for ever; else it is asked for again
    /// each time, by its entity-tag.
    bool immutable = false;
};

}  // namespace hauspost::http
