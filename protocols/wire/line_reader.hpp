#pragma once

#include "protocols/wire/input_buffer.hpp"

#include <cstddef>
#include <span>
#include <string_view>

namespace hauspost::wire {

enum class line_status {
    complete,
    need_more,
    too_long,     // reported once; all octets through the next CRLF are then thrown away
    bare_newline  // the line had a CR without LF or ended in LF without CR; it was thrown away
};

/// Takes a stream of octets apart into lines that end in CRLF, and in nothing else.
///
/// Calling sequence: room() and added(), or feed(), when octets come; then next() until it says
/// need_more. Octets that are no lines (message data, literals) are taken by buffered() and
/// consume(). The outcome never depends on how the octets were cut.
///
/// Memory: what was fed and not yet taken; release() gives all of it back when there is nothing.
class line_reader {
public:
    /// max_octets  longest line, CRLF included; at least 2
    explicit line_reader(std::size_t max_octets) : max_octets_(max_octets) {}

    void set_max_octets(std::size_t max_octets) noexcept { max_octets_ = max_octets; }

    void feed(std::string_view octets);
    /// At least `octets` of room behind what is buffered, to read into; then call added(). Views
    /// given out before become invalid.
    [[nodiscard]] std::span<char> room(std::size_t octets);
    void added(std::size_t octets) noexcept { buffer_.added(octets); }

    /// Takes one line out, without its CRLF. The view is valid until the next call of feed, room,
    /// clear or release.
    [[nodiscard]] line_status next(std::string_view& line);

    /// What was fed and not taken yet. Not to be used while a line that was too long is skipped.
    [[nodiscard]] std::string_view buffered() const noexcept { return buffer_.octets(); }
    /// The same, to be changed in place (dot-unstuffing).
    [[nodiscard]] std::span<char> buffered() noexcept { return buffer_.writable(); }
    void consume(std::size_t octets) noexcept;
    [[nodiscard]] bool is_empty() const noexcept { return buffer_.is_empty(); }

    /// Throws away what is buffered, and forgets a line that is being skipped.
    void clear() noexcept;
    /// Gives the memory back if nothing is buffered.
    void release() noexcept;
    [[nodiscard]] std::size_t capacity() const noexcept { return buffer_.capacity(); }

private:
    bool skip_rest() noexcept;

    std::size_t max_octets_;
    input_buffer buffer_;
    std::size_t scanned_ = 0;  // so many of the first octets hold no LF
    bool skipping_ = false;
    bool skipped_cr_ = false;  // the last octet skipped was CR
};

}  // namespace hauspost::wire
