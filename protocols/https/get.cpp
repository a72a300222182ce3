#include "protocols/https/get.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/error.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>

#include <array>
#include <cstdint>
#include <span>

namespace hauspost::https {
namespace {

namespace http = boost::beast::http;

constexpr std::uint32_t max_header_octets = 8 * 1024;
constexpr std::size_t read_octets = 4 * 1024;

std::string text_of(const get_request& request) {
    return "GET " + request.target + " HTTP/1.1\r\nHost: " + request.host +
           "\r\nUser-Agent: Hauspost\r\nAccept: text/plain\r\nConnection: close\r\n\r\n";
}

/// What was read, handed to Beast's parser as far as it takes it.
class response_reader {
public:
    explicit response_reader(std::size_t max_body_octets) {
        parser_.eager(true);
        parser_.header_limit(max_header_octets);
        parser_.body_limit(max_body_octets);
    }
    error_code take(std::string_view octets) {
        pending_ += octets;
        while (!pending_.empty() && !parser_.is_done()) {
            error_code failed;
            const auto used =
                parser_.put(boost::asio::const_buffer(pending_.data(), pending_.size()), failed);
            pending_.erase(0, used);
            if (failed == http::error::need_more) break;
            if (failed) return failed;
        }
        return {};
    }
    /// The server has closed: that may end a body.
    error_code end() {
        error_code failed;
        if (parser_.got_some()) parser_.put_eof(failed);
        if (!failed && !parser_.is_done()) failed = http::error::partial_message;
        return failed;
    }
    [[nodiscard]] bool is_done() const { return parser_.is_done(); }
    response result() {
        auto& got = parser_.get();
        response made;
        made.status = got.result_int();
        const auto type = got[http::field::content_type];
        made.content_type.assign(type.data(), type.size());
        made.body = std::move(got.body());
        return made;
    }

private:
    http::response_parser<http::string_body> parser_;
    std::string pending_;
};

}  // namespace

awaitable<result<response>> get(net::stream& server, get_request request) {
    const auto text = text_of(request);
    const auto refused = co_await server.write(text, request.limit);
    if (refused) co_return refused;
    response_reader reader(request.max_body_octets);
    std::array<char, read_octets> buffer;
    while (!reader.is_done()) {
        const auto got = co_await server.read_some(buffer, request.limit);
        error_code failed;
        if (got)
            failed = reader.take(std::string_view(buffer.data(), *got));
        else
            failed = got.error() == boost::asio::error::eof ? reader.end() : got.error();
        if (failed) co_return failed;
    }
    co_return reader.result();
}

}  // namespace hauspost::https
