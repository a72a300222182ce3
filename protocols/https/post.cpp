#include "protocols/https/post.hpp"

namespace hauspost::https {

awaitable<result<response>> post(net::stream& server, post_request request) {
    const auto text = "POST " + request.target + " HTTP/1.1\r\nHost: " + request.host +
                      "\r\nUser-Agent: Hauspost\r\nContent-Type: " + request.content_type +
                      "\r\nContent-Length: " + std::to_string(request.body.size()) +
                      "\r\nConnection: close\r\n\r\n" + request.body;
    const auto refused = co_await server.write(text, request.limit);
    if (refused) co_return refused;
    co_return co_await read_head(server, request.limit);
}

}  // namespace hauspost::https
