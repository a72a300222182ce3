#include "protocols/dkim/message_digest.hpp"

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
    header_.take(octets);
    // Of a header that is too long there will be no signature.
    if (octets.empty() || header_.is_too_long()) return;
    body_.feed(octets, [this](std::string_view piece) { hash_.feed(piece); });
}

void message_digest::finish() {
    body_.finish([this](std::string_view piece) { hash_.feed(piece); });
    body_hash_ = hash_.finish();
    header_.finish();
    has_bare_line_end_ = has_bare(header());
}

std::optional<signing_fault> message_digest::fault() const noexcept {
    if (header_.is_too_long()) return signing_fault::header_too_long;
    if (has_bare_line_end_ || body_.has_bare_line_end()) return signing_fault::bare_line_end;
    return std::nullopt;
}

}  // namespace hauspost::dkim
