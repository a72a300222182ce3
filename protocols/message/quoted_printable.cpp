#include "protocols/message/quoted_printable.hpp"

#include "protocols/message/code_points.hpp"

namespace hauspost::message {
namespace {

bool is_plain(char c) {
    return c != '=' && c != ' ' && c != '\t' && c != '\r' && c != '\n';
}

/// What is left of a line when white space at its end is dropped. RFC 2045 6.7 (3)
std::string_view without_end_space(std::string_view line) {
    const auto last = line.find_last_not_of(" \t");
    return line.substr(0, last == std::string_view::npos ? 0 : last + 1);
}

/// Writes the decoded octets of a line without its end, never more than it has. Returns the end.
char* decode_line(std::string_view line, char* to) {
    while (!line.empty()) {
        const auto plain = line.copy(to, line.find('='));
        to += plain;
        line.remove_prefix(plain);
        if (line.empty()) break;
        const bool is_escape =
            line.size() >= 3 && hex_value(line[1]) >= 0 && hex_value(line[2]) >= 0;
        *to++ = is_escape ? static_cast<char>(hex_value(line[1]) * 16 + hex_value(line[2])) : '=';
        line.remove_prefix(is_escape ? 3 : 1);
    }
    return to;
}

}  // namespace

/// Whole lines, the usual case, with nothing held back from before. Returns how much was taken.
std::size_t quoted_printable_decoder::feed_lines(std::string_view octets, std::string& out) {
    const auto last_end = octets.rfind('\n');
    if (last_end == std::string_view::npos) return 0;
    const auto taken = last_end + 1;
    const auto start = out.size();
    out.resize(start + taken);
    char* to = out.data() + start;
    for (auto rest = octets.substr(0, taken); !rest.empty();) {
        const auto end = rest.find('\n');
        auto line = rest.substr(0, end);
        rest.remove_prefix(end + 1);
        const bool has_return = line.ends_with('\r');
        if (has_return) line.remove_suffix(1);
        line = without_end_space(line);
        const bool is_soft = line.ends_with('=');
        if (is_soft) line.remove_suffix(1);
        to = decode_line(line, to);
        if (is_soft) continue;
        if (has_return) *to++ = '\r';
        *to++ = '\n';
    }
    out.resize(static_cast<std::size_t>(to - out.data()));
    return taken;
}

// Held back between two octets is either white space (a line end would drop it), with the CR of a
// line end that may follow, or an escape: "=", "=X", "=" and white space (a soft line break).
void quoted_printable_decoder::feed(std::string_view octets, std::string& out) {
    std::size_t i = spaces_.empty() && escaped_.empty() ? feed_lines(octets, out) : 0;
    while (i < octets.size()) {
        const char c = octets[i];
        if (!escaped_.empty()) {
            i += escape(c, out) ? 1 : 0;
        } else if (is_plain(c)) {
            out += spaces_;
            spaces_.clear();
            const auto begin = i;
            while (i < octets.size() && is_plain(octets[i]))
                ++i;
            out.append(octets.substr(begin, i - begin));
        } else {
            ++i;
            if (c == '=') {
                out += spaces_;
                spaces_.clear();
                const auto rest = octets.substr(i);
                if (rest.size() >= 2 && hex_value(rest[0]) >= 0 && hex_value(rest[1]) >= 0) {
                    out.push_back(static_cast<char>(hex_value(rest[0]) * 16 + hex_value(rest[1])));
                    i += 2;
                } else if (rest.starts_with("\r\n")) {
                    i += 2;  // soft line break
                } else {
                    escaped_.assign(1, '=');
                }
            } else if (c == '\n') {
                out += spaces_.ends_with('\r') ? "\r\n" : "\n";
                spaces_.clear();
            } else {
                if (spaces_.ends_with('\r')) {  // a CR that ended no line
                    out += spaces_;
                    spaces_.clear();
                }
                spaces_.push_back(c);
            }
        }
    }
}

bool quoted_printable_decoder::escape(char c, std::string& out) {
    const char last = escaped_.back();
    if (c == '\n' && (escaped_.size() == 1 || hex_value(last) < 0)) {  // soft line break
        escaped_.clear();
        return true;
    }
    const bool blank = c == ' ' || c == '\t' || c == '\r';
    if (blank && last != '\r' && (escaped_.size() == 1 || hex_value(last) < 0)) {
        escaped_.push_back(c);
        return true;
    }
    if (escaped_.size() == 1 && hex_value(c) >= 0) {
        escaped_.push_back(c);
        return true;
    }
    if (escaped_.size() == 2 && hex_value(last) >= 0 && hex_value(c) >= 0) {
        out.push_back(static_cast<char>(hex_value(last) * 16 + hex_value(c)));
        escaped_.clear();
        return true;
    }
    out += escaped_;  // RFC 2045 6.7: a wrong escape is passed on as it is
    escaped_.clear();
    return false;
}

void quoted_printable_decoder::finish(std::string& out) {
    // White space and a soft line break at the very end mean nothing; a cut escape is shown.
    if (spaces_.ends_with('\r')) out += spaces_;
    if (escaped_.size() > 1 && hex_value(escaped_.back()) >= 0) out += escaped_;
    spaces_.clear();
    escaped_.clear();
}

}  // namespace hauspost::message
