#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>

namespace hauspost::pop3 {

/// Makes a message fit to follow RETR's or TOP's +OK (RFC 1939 3, 7): each line ends in CRLF and
/// nothing else does, dots are stuffed, "." ends it. Octets come in any pieces.
///
/// What old clients stumble over is mended on the way:
///   - NUL becomes 0x80, since Outlook ends the message there;
///   - a message without the empty line behind its header gets it: Outlook Express waits for it;
///   - a CR or LF that stands alone becomes CRLF, and a last line without an end gets one.
///
/// Without the stuffed dots and the last line, the output of a whole message is by
/// message::text_growth octets longer than the input. That number is kept with each message
/// (message/summary.hpp), so LIST tells exactly the octets that RETR sends without reading any.
class message_encoder {
public:
    static constexpr std::uint64_t all_lines = std::numeric_limits<std::uint64_t>::max();

    /// body_lines  how many lines of the body are wanted (TOP)
    explicit message_encoder(std::uint64_t body_lines = all_lines)
        : lines_left_(body_lines), counts_lines_(body_lines != all_lines) {}

    /// At most twice as many octets come out as go in.
    void encode(std::string_view octets, std::string& out);
    /// Mends the end and adds the line that ends the data.
    void finish(std::string& out);

    /// All lines that are wanted have been written: no more octets need be fed.
    [[nodiscard]] bool is_complete() const noexcept { return !in_header_ && lines_left_ == 0; }

private:
    void put(char octet, std::string& out);
    void end_line(std::string& out);
    std::size_t copy_clean_run(std::string_view octets, std::size_t at, std::string& out);

    std::uint64_t lines_left_;
    bool counts_lines_;
    bool in_header_ = true;
    bool at_line_start_ = true;
    bool after_cr_ = false;  // its CRLF has been written
};

}  // namespace hauspost::pop3
