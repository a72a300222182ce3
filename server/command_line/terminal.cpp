#include "server/command_line/terminal.hpp"

#include "base/ascii.hpp"
#include "base/utf8.hpp"

#include <termios.h>
#include <unicode/uchar.h>
#include <unicode/utf8.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <iostream>

namespace hauspost::command_line {
namespace {

/// Calls use(code point, its octets) for all of a well-formed text.
template <class Use>
void for_each_code_point(std::string_view text, Use use) {
    const auto size = static_cast<std::int32_t>(text.size());
    const auto* octets = reinterpret_cast<const std::uint8_t*>(text.data());
    for (std::int32_t at = 0; at < size;) {
        const auto begin = at;
        UChar32 point = 0;
        U8_NEXT(octets, at, size, point);
        use(point,
            text.substr(static_cast<std::size_t>(begin), static_cast<std::size_t>(at - begin)));
    }
}

bool is_harmless(UChar32 point) {
    if (u_iscntrl(point)) return false;
    switch (u_charDirection(point)) {
    case U_LEFT_TO_RIGHT_EMBEDDING:
    case U_LEFT_TO_RIGHT_OVERRIDE:
    case U_RIGHT_TO_LEFT_EMBEDDING:
    case U_RIGHT_TO_LEFT_OVERRIDE:
    case U_POP_DIRECTIONAL_FORMAT:
    case U_FIRST_STRONG_ISOLATE:
    case U_LEFT_TO_RIGHT_ISOLATE:
    case U_RIGHT_TO_LEFT_ISOLATE:
    case U_POP_DIRECTIONAL_ISOLATE: return false;
    default:
        return u_charType(point) != U_LINE_SEPARATOR && u_charType(point) != U_PARAGRAPH_SEPARATOR;
    }
}

std::size_t columns_of(UChar32 point) {
    switch (u_charType(point)) {
    case U_NON_SPACING_MARK:
    case U_ENCLOSING_MARK:
    case U_FORMAT_CHAR:
    case U_CONTROL_CHAR: return 0;
    default: break;
    }
    const auto width = u_getIntPropertyValue(point, UCHAR_EAST_ASIAN_WIDTH);
    return width == U_EA_FULLWIDTH || width == U_EA_WIDE ? 2 : 1;
}

// A handler has no other way to reach them.
termios before_question{};
constexpr std::array ending_signals{SIGINT, SIGTERM, SIGHUP, SIGQUIT};

void restore_and_end(int number) {
    // Both calls may be made in a signal handler (POSIX 2.4.3).
    ::tcsetattr(STDIN_FILENO, TCSANOW, &before_question);
    ::raise(number);  // the handler is gone after its first call
}

/// No echo as long as this object lives.
class hidden_input {
public:
    hidden_input() {
        if (::tcgetattr(STDIN_FILENO, &before_question) != 0) return;
        struct sigaction ending {};
        ending.sa_handler = restore_and_end;
        ending.sa_flags = static_cast<int>(SA_RESETHAND | SA_NODEFER);
        for (std::size_t i = 0; i < ending_signals.size(); ++i)
            ::sigaction(ending_signals[i], &ending, &old_[i]);
        auto hidden = before_question;
        hidden.c_lflag &= ~static_cast<tcflag_t>(ECHO);
        hidden.c_lflag |= ICANON | ECHONL;
        is_hidden_ = ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &hidden) == 0;
    }
    ~hidden_input() {
        if (!is_hidden_) return;
        ::tcsetattr(STDIN_FILENO, TCSANOW, &before_question);
        for (std::size_t i = 0; i < ending_signals.size(); ++i)
            ::sigaction(ending_signals[i], &old_[i], nullptr);
    }
    hidden_input(const hidden_input&) = delete;
    hidden_input& operator=(const hidden_input&) = delete;

private:
    bool is_hidden_ = false;
    std::array<struct sigaction, ending_signals.size()> old_{};
};

std::optional<std::string> read_line() {
    std::string line;
    if (!std::getline(std::cin, line)) return std::nullopt;
    if (line.ends_with('\r')) line.pop_back();
    return line;
}

}  // namespace

std::string printable(std::string_view text) {
    const auto whole = utf8::repaired(text);
    std::string shown;
    for_each_code_point(whole, [&shown](UChar32 point, std::string_view octets) {
        if (is_harmless(point))
            shown += octets;
        else
            shown += "\xef\xbf\xbd";
    });
    return shown;
}

std::size_t display_width(std::string_view text) {
    std::size_t columns = 0;
    for_each_code_point(
        text, [&columns](UChar32 point, std::string_view) { columns += columns_of(point); });
    return columns;
}

bool is_terminal() {
    return ::isatty(STDIN_FILENO) != 0;
}

std::optional<std::string> ask_secretly(const std::string& question) {
    const hidden_input hidden;
    std::fputs(question.c_str(), stderr);
    return read_line();
}

bool ask_yes(const std::string& question) {
    std::fputs(question.c_str(), stderr);
    const auto answer = read_line();
    if (!answer) std::fputc('\n', stderr);
    const auto word = ascii::lowered(ascii::trimmed(answer.value_or("")));
    return word == "y" || word == "yes";
}

}  // namespace hauspost::command_line
