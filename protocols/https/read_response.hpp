#pragma once

#include "base/awaitable.hpp"
#include "base/result.hpp"
#include "protocols/net/stream.hpp"

#include <cstddef>
#include <string>

namespace hauspost::https {

struct response {
    response() = default;
    unsigned status = 0;       // 200
    std::string content_type;  // "text/plain; charset=utf-8"
    std::string body;
};

/// Reads what a server answers to one request that asked it to close the connection.
/// limit    of each read
/// Refuses  what the stream refuses; http::error (Boost.Beast) for what is no HTTP, for a header of
///          more than 8 KiB and for a body longer than max_body_octets
/// RFC      9112
awaitable<result<response>> read_response(net::stream& server,
                                          std::size_t max_body_octets,
                                          net::stream::duration limit);

/// The same of its status and header alone: what follows is left unread, and how the server closes does
/// not matter.
awaitable<result<response>> read_head(net::stream& server, net::stream::duration limit);

}  // namespace hauspost::https
