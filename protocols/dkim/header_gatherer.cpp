#include "protocols/dkim/header_gatherer.hpp"

#include <algorithm>

namespace hauspost::dkim {
namespace {

constexpr std::string_view field_end = "\r\n";

}  // namespace

void header_gatherer::take(std::string_view& octets) {
    if (is_over_) return;
    const auto before = text_.size();
    const auto piece = octets.substr(0, max_octets + 1 - before);
    text_ += piece;
    // An empty line begins the message, or follows a line end.
    auto end = text_.starts_with(field_end) ? 0 : text_.find("\r\n\r\n", seen_);
    if (end == std::string::npos) {
        constexpr std::size_t of_an_end = 3;  // octets of "\r\n\r\n" that may be there already
        seen_ = text_.size() - std::min(text_.size(), of_an_end);
        octets.remove_prefix(piece.size());
        if (text_.size() <= max_octets) return;
        // What follows is nobody's business any more.
        is_too_long_ = is_over_ = true;
        text_.clear();
        return;
    }
    if (end > 0) end += field_end.size();
    text_.resize(end);
    octets.remove_prefix(end + field_end.size() - before);
    is_over_ = true;
}

void header_gatherer::finish() {
    if (!text_.empty() && !text_.ends_with(field_end)) text_ += field_end;
    is_over_ = true;
}

}  // namespace hauspost::dkim
