#include "protocols/https/read_response.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/error.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace hauspost::https {
namespace {

namespace http = boost::beast::http;

constexpr std::uint32_t max_header_octets = 8 * 1024;
constexpr std::size_t read_octets = 4 * 1024;

/// What was read, handed to Beast's parser as far as it takes it.
class response_reader {
public:
    /// max_body_octets  nullopt: it ends with the header
    explicit response_reader(std::optional<std::size_t> max_body_octets) {
        parser_.eager(true);
        parser_.header_limit(max_header_octets);
        parser_.skip(!max_body_octets);
        if (max_body_octets) parser_.body_limit(*max_body_octets);
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

awaitable<result<response>> read_all(net::stream& server,
                                     response_reader& reader,
                                     net::stream::duration limit) {
    std::array<char, read_octets> buffer;
    while (!reader.is_done()) {
        const auto got = co_await server.read_some(buffer, limit);
        error_code failed;
        if (got)
            failed = reader.take(std::string_view(buffer.data(), *got));
        else
            failed = got.error() == boost::asio::error::eof ? reader.end() : got.error();
        if (failed) co_return failed;
    }
    co_return reader.result();
}

}  // namespace

awaitable<result<response>> read_response(net::stream& server,
                                          std::size_t max_body_octets,
                                          net::stream::duration limit) {
    response_reader reader(max_body_octets);
    co_return co_await read_all(server, reader, limit);
}

awaitable<result<response>> read_head(net::stream& server, net::stream::duration limit) {
    response_reader reader(std::nullopt);
    co_return co_await read_all(server, reader, limit);
}

}  // namespace hauspost::https
