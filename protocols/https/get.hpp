#pragma once

#include "protocols/https/read_response.hpp"

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

/// Fetches one document over a connection on which TLS has begun, if it is to. Nothing is followed:
/// a redirect is a response as any other. The connection is of no use afterwards.
///
/// Refuses  as read_response
/// Thread   the stream's
/// RFC      9110 9.3.1, 9112
awaitable<result<response>> get(net::stream& server, get_request request);

}  // namespace hauspost::https
