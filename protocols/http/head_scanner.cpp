#include "protocols/http/head_scanner.hpp"

#include "base/ascii.hpp"

namespace hauspost::http {

head_scanner::status head_scanner::scan(std::string_view octets) noexcept {
    while (scanned_ < octets.size()) {
        const auto now = take(octets[scanned_++]);
        if (now != status::need_more) return now;
        if (scanned_ == max_octets_)
            return lines_ == 0 ? refuse(414, "target_too_long") : refuse(431, "head_too_long");
    }
    return status::need_more;
}

head_scanner::status head_scanner::take(char c) noexcept {
    if (had_cr_) {
        had_cr_ = false;
        return c == '\n' ? end_line() : refuse(400, "bare_cr");
    }
    if (c == '\r') {
        had_cr_ = true;
        return status::need_more;
    }
    if (c == '\n') return refuse(400, "bare_lf");
    if (ascii::is_control(c) && c != '\t') return refuse(400, "control_character");
    const bool is_blank = c == ' ' || c == '\t';
    // RFC 9112 2.2 and 5.2: white space before the first field, or a line that goes on.
    if (line_octets_ == 0 && is_blank) return refuse(400, "obs_fold");
    ++line_octets_;
    return status::need_more;
}

head_scanner::status head_scanner::end_line() noexcept {
    const bool is_empty = line_octets_ == 0;
    line_octets_ = 0;
    if (is_empty && lines_ > 0) return status::found;
    if (is_empty) {
        if (begin_ > 0) return refuse(400, "empty_lines");
        begin_ = scanned_;
        return status::need_more;
    }
    if (++lines_ > max_fields_ + 1) return refuse(431, "too_many_fields");
    return status::need_more;
}

head_scanner::status head_scanner::refuse(unsigned with, std::string_view reason) noexcept {
    why_ = refusal(with, reason);
    return status::refused;
}

}  // namespace hauspost::http
