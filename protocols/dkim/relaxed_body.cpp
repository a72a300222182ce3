#include "protocols/dkim/relaxed_body.hpp"

#include "protocols/dkim/line_ends.hpp"

#include <array>
#include <utility>

namespace hauspost::dkim {
namespace {

constexpr std::string_view line_end = "\r\n";

/// Octets that the form may change: all others go by as they are.
constexpr auto specials = [] {
    std::array<bool, 256> table{};
    for (const unsigned char c : {' ', '\t', '\r', '\n'})
        table[c] = true;
    return table;
}();

bool is_special(char c) noexcept {
    return specials[static_cast<unsigned char>(c)];
}

/// How many octets, from the first on, which is plain, stay as they are: plain ones, single spaces
/// and single line ends between them.
std::size_t unchanged(std::string_view octets) noexcept {
    const char* const begin = octets.data();
    const char* const end = begin + octets.size();
    const char* at = begin;
    for (;;) {
        while (at != end && !is_special(*at))
            ++at;
        if (end - at >= 2 && *at == ' ' && !is_special(at[1]))
            at += 2;
        else if (end - at >= 3 && *at == '\r' && at[1] == '\n' && !is_special(at[2]))
            at += 3;
        else
            return static_cast<std::size_t>(at - begin);
    }
}

}  // namespace

void relaxed_body::feed(std::string_view octets, consumer out) {
    while (!octets.empty()) {
        if (after_cr_ || is_special(octets.front())) {
            octets = special(octets, out);
            continue;
        }
        const auto plain = octets.substr(0, unchanged(octets));
        pass_waiting(out);
        out(plain);
        has_text_ = true;
        octets.remove_prefix(plain.size());
    }
}

/// What has waited stands before text.
void relaxed_body::pass_waiting(consumer out) {
    pass_line_ends(std::exchange(waiting_lines_, 0), out);
    if (std::exchange(waiting_space_, false)) out(" ");
}

/// Takes one octet of white space or of a line end; returns what is behind it.
std::string_view relaxed_body::special(std::string_view octets, consumer out) {
    const char c = octets.front();
    if (after_cr_) {
        after_cr_ = false;
        if (c == '\n') {
            waiting_space_ = false;
            ++waiting_lines_;
            return octets.substr(1);
        }
        has_bare_line_end_ = has_text_ = true;
        pass_waiting(out);
        out("\r");
        return octets;
    }
    if (c == '\r') {
        after_cr_ = true;
    } else if (c == '\n') {
        has_bare_line_end_ = has_text_ = true;
        pass_waiting(out);
        out("\n");
    } else {
        waiting_space_ = true;
    }
    return octets.substr(1);
}

void relaxed_body::finish(consumer out) {
    if (std::exchange(after_cr_, false)) {
        has_bare_line_end_ = has_text_ = true;
        pass_waiting(out);
        out("\r");
    }
    if (has_text_) out(line_end);
}

}  // namespace hauspost::dkim
