#include "protocols/wire/line_reader.hpp"

#include <algorithm>
#include <cstring>

namespace hauspost::wire {

void line_reader::feed(std::string_view octets) {
    buffer_.append(octets);
}

std::span<char> line_reader::room(std::size_t octets) {
    return buffer_.room(octets);
}

void line_reader::consume(std::size_t octets) noexcept {
    buffer_.consume(octets);
    scanned_ = 0;
}

void line_reader::clear() noexcept {
    buffer_.clear();
    scanned_ = 0;
    skipping_ = skipped_cr_ = false;
}

void line_reader::release() noexcept {
    if (!is_empty()) return;
    buffer_.release();
    scanned_ = 0;
}

/// Throws away octets through the next CRLF. True when it was found.
bool line_reader::skip_rest() noexcept {
    while (!is_empty()) {
        const char* first = buffer_.octets().data();
        const auto* lf = static_cast<const char*>(std::memchr(first, '\n', buffer_.size()));
        const auto taken = lf ? static_cast<std::size_t>(lf - first) + 1 : buffer_.size();
        const bool is_end = lf && (lf == first ? skipped_cr_ : lf[-1] == '\r');
        skipped_cr_ = !lf && first[taken - 1] == '\r';
        consume(taken);
        if (is_end) {
            skipping_ = false;
            return true;
        }
    }
    return false;
}

line_status line_reader::next(std::string_view& line) {
    if (skipping_ && !skip_rest()) return line_status::need_more;
    if (is_empty()) return line_status::need_more;
    const char* first = buffer_.octets().data();
    const auto held = std::min(buffer_.size(), max_octets_);
    const auto* lf =
        held > scanned_
            ? static_cast<const char*>(std::memchr(first + scanned_, '\n', held - scanned_))
            : nullptr;
    if (!lf) {
        scanned_ = held;
        if (held < max_octets_) return line_status::need_more;
        skipping_ = true;
        skipped_cr_ = first[held - 1] == '\r';
        consume(held);
        return line_status::too_long;
    }
    const auto octets = static_cast<std::size_t>(lf - first) + 1;
    consume(octets);
    if (octets < 2 || lf[-1] != '\r' || std::memchr(first, '\r', octets - 2))
        return line_status::bare_newline;
    line = {first, octets - 2};
    return line_status::complete;
}

}  // namespace hauspost::wire
