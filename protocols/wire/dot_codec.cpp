#include "protocols/wire/dot_codec.hpp"

#include <cstring>

namespace hauspost::wire {
namespace {

const char* find(const char* from, const char* end, char wanted) noexcept {
    const auto* found =
        static_cast<const char*>(std::memchr(from, wanted, static_cast<std::size_t>(end - from)));
    return found ? found : end;
}

}  // namespace

void dot_decoder::after_bare_cr(char next) noexcept {
    has_bare_newline_ = true;
    place_ = next == '\r' ? place::after_cr_cr : place::in_line;
}

/// The same octet by octet: many bare CRs would make line() look for the same LF again and again.
const char* dot_decoder::line_of_refused(const char* in, const char* end) noexcept {
    for (; in != end; ++in) {
        if (*in != '\r') continue;
        if (in + 1 == end) {
            place_ = place::after_cr;
            return end;
        }
        if (in[1] == '\n') {
            place_ = place::line_start;
            return in + 2;
        }
        if (in[1] == '\r') {
            place_ = place::after_cr_cr;
            return in + 1;
        }
    }
    return end;
}

/// Walks from inside a line to the start of the next, or to the end of the octets; returns where
/// it stopped. The common case costs one memchr for LF and one for CR per line.
const char* dot_decoder::line(const char* in, const char* end) noexcept {
    if (has_bare_newline_) return line_of_refused(in, end);
    const char* lf = find(in, end, '\n');
    const char* cr = find(in, lf, '\r');
    if (cr == lf) {  // no CR before the LF, or neither
        if (lf == end) return end;
        has_bare_newline_ = true;
        return lf + 1;
    }
    if (cr + 1 == end) {
        place_ = place::after_cr;
        return end;
    }
    if (cr + 1 == lf) {
        place_ = place::line_start;
        return lf + 1;
    }
    after_bare_cr(cr[1]);
    return cr + 1;
}

dot_decoder::step dot_decoder::decode(std::span<char> octets) noexcept {
    char* const base = octets.data();
    const char* in = base;
    const char* const end = base + octets.size();
    char* out = base;
    const auto keep = [&out](const char* from, const char* to) {
        const auto count = static_cast<std::size_t>(to - from);
        if (out != from) std::memmove(out, from, count);
        out += count;
    };
    while (in != end) {
        switch (place_) {
        case place::line_start:
            place_ = *in == '.' ? place::after_dot : place::in_line;
            if (place_ == place::after_dot) ++in;  // RFC 5321 4.5.2: the dot goes in any case
            break;
        case place::after_dot:
            place_ = *in == '\r' ? place::after_dot_cr : place::in_line;
            if (place_ == place::after_dot_cr) ++in;
            break;
        case place::after_dot_cr:
            if (*in == '\n') {
                ++in;
                return {static_cast<std::size_t>(in - base), static_cast<std::size_t>(out - base),
                        true};
            }
            after_bare_cr(*in);
            break;
        case place::after_cr:
            if (*in == '\n') {
                place_ = place::line_start;
                keep(in, in + 1);
                ++in;
            } else {
                after_bare_cr(*in);
            }
            break;
        case place::after_cr_cr:
            if (*in != '\r') place_ = place::in_line;
            ++in;
            break;
        case place::in_line: {
            const char* from = in;
            in = line(from, end);
            keep(from, in);
            break;
        }
        }
    }
    return {octets.size(), static_cast<std::size_t>(out - base), false};
}

void newline_guard::check(std::string_view octets) noexcept {
    if (octets.empty() || has_bare_newline_) return;
    const char* in = octets.data();
    const char* const end = in + octets.size();
    if (after_cr_) {
        after_cr_ = false;
        if (*in != '\n') {
            has_bare_newline_ = true;
            return;
        }
        ++in;
    }
    while (in != end) {
        const char* lf = find(in, end, '\n');
        const char* cr = find(in, lf, '\r');
        if (cr == lf) {  // an LF without CR, or nothing more
            has_bare_newline_ = lf != end;
            return;
        }
        if (cr + 1 == end) {
            after_cr_ = true;
            return;
        }
        if (cr + 1 != lf) {
            has_bare_newline_ = true;
            return;
        }
        in = lf + 1;
    }
}

void newline_mender::mend(std::string_view octets, std::string& out) {
    while (!octets.empty()) {
        if (after_cr_) {
            after_cr_ = false;
            if (octets.front() == '\n') octets.remove_prefix(1);  // its CRLF has been written
            continue;
        }
        const auto newline = octets.find_first_of("\r\n");
        out += octets.substr(0, newline);
        if (newline == std::string_view::npos) return;
        out += "\r\n";
        after_cr_ = octets[newline] == '\r';
        octets.remove_prefix(newline + 1);
    }
}

void dot_encoder::encode(std::string_view octets, std::string& out) {
    while (!octets.empty()) {
        if (after_cr_) {
            after_cr_ = false;
            if (octets.front() == '\n') octets.remove_prefix(1);  // its CRLF has been written
            continue;
        }
        if (at_line_start_ && octets.front() == '.') out += '.';
        const auto newline = octets.find_first_of("\r\n");
        const auto text = octets.substr(0, newline);
        out += text;
        if (!text.empty()) at_line_start_ = false;
        octets.remove_prefix(text.size());
        if (octets.empty()) return;
        out += "\r\n";
        at_line_start_ = true;
        after_cr_ = octets.front() == '\r';
        octets.remove_prefix(1);
    }
}

void dot_encoder::finish(std::string& out) {
    if (!at_line_start_) out += "\r\n";
    out += ".\r\n";
}

}  // namespace hauspost::wire
