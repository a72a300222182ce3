#include "protocols/https/get.hpp"

namespace hauspost::https {

awaitable<result<response>> get(net::stream& server, get_request request) {
    const auto text = "GET " + request.target + " HTTP/1.1\r\nHost: " + request.host +
                      "\r\nUser-Agent: Hauspost\r\nAccept: text/plain\r\nConnection: close\r\n\r\n";
    const auto refused = co_await server.write(text, request.limit);
    if (refused) co_return refused;
    co_return co_await read_response(server, request.max_body_octets, request.limit);
}

}  // namespace hauspost::https
