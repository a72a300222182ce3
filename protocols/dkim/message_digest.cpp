#include "protocols/dkim/message_digest.hpp"

#include <algorithm>

namespace hauspost::dkim {
namespace {

constexpr std::string_view crlf = "\r\n";

/// A CR or LF that is not half of a CRLF.
bool has_bare(std::string_view text) noexcept {
    for (auto at = text.find_first_of(crlf); at != std::string_view::npos;
         at = text.find_first_of(crlf, at + crlf.size()))
        if (text.substr(at, crlf.size()) != crlf) return true;
    return false;
}

}  // namespace

void message_digest::feed(std::string_view octets) {
    if (!in_body_) take_header(octets);
    if (!octets.empty()) feed_body(octets);
}

/// Takes what belongs to the header, with the empty line behind it, off the front.
void message_digest::take_header(std::string_view& octets) {
    const auto before = header_.size();
    const auto piece = octets.substr(0, max_header_octets + 1 - before);
    header_ += piece;
    // An empty line begins the message, or follows a line end.
    auto end = header_.starts_with(crlf) ? 0 : header_.find("\r\n\r\n", seen_);
    if (end == std::string::npos) {
        constexpr std::size_t of_an_end = 3;  // octets of "\r\n\r\n" that may be there already
        seen_ = header_.size() - std::min(header_.size(), of_an_end);
        octets.remove_prefix(piece.size());
        if (header_.size() <= max_header_octets) return;
        // What follows is nobody's business any more: there will be no signature.
        is_header_too_long_ = in_body_ = true;
        header_.clear();
        return;
    }
    if (end > 0) end += crlf.size();
    header_.resize(end);
    octets.remove_prefix(end + crlf.size() - before);
    in_body_ = true;
}

void message_digest::feed_body(std::string_view octets) {
    if (is_header_too_long_) return;
    body_.feed(octets, [this](std::string_view piece) { hash_.feed(piece); });
}

void message_digest::finish() {
    body_.finish([this](std::string_view piece) { hash_.feed(piece); });
    body_hash_ = hash_.finish();
    // A message may end within its header; the way out ends its last line.
    if (!header_.empty() && !header_.ends_with(crlf)) header_ += crlf;
    has_bare_line_end_ = has_bare(header_);
}

std::optional<signing_fault> message_digest::fault() const noexcept {
    if (is_header_too_long_) return signing_fault::header_too_long;
    if (has_bare_line_end_ || body_.has_bare_line_end()) return signing_fault::bare_line_end;
    return std::nullopt;
}

}  // namespace hauspost::dkim
