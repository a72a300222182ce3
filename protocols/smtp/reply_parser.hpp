#pragma once

#include "protocols/smtp/remote_reply.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace hauspost::smtp {

/// How much of one reply is listened to. RFC 5321 4.5.3.1.5 asks for lines of 512 octets; some
/// servers say more.
struct reply_limits {
    std::size_t max_line_octets = 4096;  // with CRLF
    std::size_t max_lines = 256;
    std::size_t max_octets = std::size_t{64} << 10;  // of all lines
};

enum class reply_status : std::uint8_t { need_more, complete, fault };

/// What is wrong with a reply. All of them mean that nothing else of the connection can be relied
/// on: which command the next octets answer is not known any more.
enum class reply_fault : std::uint8_t {
    none,
    bad_syntax,     // does not begin with a code, or not with one between 200 and 599
    mixed_codes,    // its lines bear different ones
    line_too_long,  // more than max_line_octets
    too_long,       // more than max_lines or max_octets
};

/// Takes what a server answers apart into replies.
///
///   Reply-line = *( Reply-code "-" [ textstring ] CRLF ) Reply-code [ SP textstring ] CRLF
///
/// Lines end in CRLF and nothing else. A CR or LF alone is part of the text: a server that quotes
/// somebody else's words carelessly would otherwise let them answer in its place.
///
/// Calling sequence: feed() what came in; when it is complete take() the reply and feed the rest.
/// The outcome never depends on how the octets were cut. After a fault nothing more is taken.
///
/// Memory: a partial line and the lines of one reply, within the limits.
/// RFC     5321 2.3.8, 4.2, 4.2.1; 2034 4; 3463 2
class reply_parser {
public:
    explicit reply_parser(reply_limits limits = {}) noexcept : limits_(limits) {}

    struct step {
        std::size_t consumed = 0;  // of the octets; less than all only when complete
        reply_status status = reply_status::need_more;
    };
    step feed(std::string_view octets);

    /// The reply that is complete; the next one begins.
    [[nodiscard]] remote_reply take();

    [[nodiscard]] reply_fault fault() const noexcept { return fault_; }
    /// Some octets of a reply that is not complete have come.
    [[nodiscard]] bool is_inside() const noexcept { return octets_ != 0; }

private:
    step fail(reply_fault why, std::size_t consumed) noexcept;
    reply_status take_line();

    reply_limits limits_;
    std::string line_;        // as it came, so far
    std::size_t octets_ = 0;  // of this reply
    remote_reply reply_;
    reply_fault fault_ = reply_fault::none;
};

}  // namespace hauspost::smtp
