#pragma once

#include "protocols/http/head_scanner.hpp"
#include "protocols/http/limits.hpp"
#include "protocols/http/refusal.hpp"
#include "protocols/http/request.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace hauspost::http {

enum class parse_status : std::uint8_t {
    need_more,
    done,     // the head, or the body
    refused,  // why() says why; nothing behind it may be read as a request
};

/// Takes one request apart, by Boost.Beast's parser, which gets whole heads alone that the scanner
/// has found clean. Strict where two programs could disagree on where a request ends: one
/// Content-Length or "chunked" alone, one Host, extensions of chunks without control characters.
///
///     request_parser parser(limits);
///     auto got = parser.read_head(buffered);          // until done
///     drop got.used octets; decide on parser.head()
///     got = parser.read_body(buffered, most, body);   // until done, if head().has_body()
///     drop got.used octets after each call
///
/// The outcome never depends on how the octets were cut.
///
/// Memory: next to nothing before a head is whole.
/// RFC  9112 2, 3, 5, 6, 7; 9110 5
class request_parser {
public:
    explicit request_parser(const request_limits& limits);
    ~request_parser();
    request_parser(const request_parser&) = delete;
    request_parser& operator=(const request_parser&) = delete;

    struct progress {
        parse_status status = parse_status::need_more;
        std::size_t used = 0;  // of the octets given; 0 when the request is refused
    };

    /// buffered  all that has come since the begin of the request; none of it is used before done
    /// Refuses   400; 414 and 431 for what is too long; 501 for unknown methods; 505
    [[nodiscard]] progress read_head(std::string_view buffered);

    /// Filled once read_head has said done.
    [[nodiscard]] request_head& head() noexcept { return head_; }
    [[nodiscard]] const request_head& head() const noexcept { return head_; }

    /// Appends what is there of the body; to be called with what the last call did not use, and
    /// more.
    /// most     octets that the whole body may have
    /// Refuses  400; 413 beyond `most`, as soon as it is known
    [[nodiscard]] progress read_body(std::string_view buffered,
                                     std::size_t most,
                                     std::string& body);

    [[nodiscard]] const refusal& why() const noexcept { return why_; }

private:
    class beast_parser;

    [[nodiscard]] progress refuse(const refusal& why);
    /// What the fields say of one another, once all are there. status 0: nothing is wrong.
    [[nodiscard]] refusal check_head(std::string_view target);
    [[nodiscard]] refusal check_host(std::string_view target);
    [[nodiscard]] refusal check_length();
    void read_connection();

    request_limits limits_;
    head_scanner scanner_;
    std::unique_ptr<beast_parser> parser_;
    request_head head_;
    std::size_t chunk_lines_ = 0;  // octets of the lines of chunks so far
    refusal why_;
};

}  // namespace hauspost::http
