#pragma once

#include "base/awaitable.hpp"
#include "base/result.hpp"
#include "protocols/net/stream.hpp"

#include <cstddef>
#include <string>

namespace hauspost::https {

struct get_request {
    get_request() = default;
    std::string host;    // printable ASCII, as target is
    std::string target;  // "/.well-known/mta-sts.txt"
    std::size_t max_body_octets = 64 * 1024;
    net::stream::duration limit = std::chrono::seconds(20);  // of each read and write
};

struct response {
    response() = default;
    unsigned status = 0;       // 200
    std::string content_type;  // "text/plain; charset=utf-8"
    std::string body;
};

/// Fetches one document over a connection on which TLS has begun, if it is to. Nothing is followed:
/// a redirect is a response as any other. The connection is of no use afterwards.
///
/// Refuses  what the stream refuses; http::error (Boost.Beast) for what is no HTTP, for a header of
///          more than 8 KiB and for a longer body
/// Thread   the stream's
/// RFC      9110 9.3.1, 9112
awaitable<result<response>> get(net::stream& server, get_request request);

}  // namespace hauspost::https
