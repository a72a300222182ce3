#pragma once

#include "protocols/https/read_response.hpp"

#include <string>

namespace hauspost::https {

struct post_request {
    post_request() = default;
    std::string host;          // printable ASCII, as target is; with the port where it is not 443
    std::string target;        // "/v1/tlsrpt"
    std::string content_type;  // "application/tlsrpt+gzip"
    std::string body;
    net::stream::duration limit = std::chrono::seconds(20);  // of each read and write
};

/// Hands one document to a server over a connection on which TLS has begun, if it is to. Of the answer
/// the head is read, no body. Nothing is followed: a redirect is a response as any other. The connection
/// is of no use afterwards.
///
/// Refuses  as read_head
/// Thread   the stream's
/// RFC      9110 9.3.3, 9112
awaitable<result<response>> post(net::stream& server, post_request request);

}  // namespace hauspost::https
