#pragma once

#include "base/ids.hpp"

#include <fmt/core.h>

#include <string>
#include <string_view>
#include <utility>

namespace hauspost {

// Log lines are facts: one line `word key=value ...` each, the connection id on every line of a
// session: log::info("refuse cid={} proto=smtp verb=RCPT code=550 reason=no_such_user", cid).
// Never a password, message text, or raw octets of a peer: text that a peer chose goes through
// log_safe. spdlog stands behind it, in one source file: its headers, and fmt's, in each of them
// would be a third of the time and half of the code that the compiler makes.

/// Text of a peer made harmless, in double quotes: letters as they are; quotes, backslashes,
/// controls and what is no UTF-8 as \xNN for each octet (append_escaped). At most max_octets of it.
[[nodiscard]] std::string log_safe(std::string_view text, std::size_t max_octets = 120);

struct log_settings {
    std::string level = "info";     // trace debug info warn error
    std::string target = "stderr";  // "stderr", or the path of a file
    std::string format = "text";    // "text" or "json"
};

/// Sets up the process's default logger. Throws std::runtime_error when the file cannot be opened
/// or a word is unknown. Call it again to change the level.
void set_up_log(const log_settings& settings);

/// Waits until what was logged has been written, two seconds at most. Thread: any.
void flush_log();

/// A number for a new connection, unique in this process. Thread: any.
[[nodiscard]] connection_id next_connection_id() noexcept;

namespace log {

enum class level { debug, info, warn, error, critical };

[[nodiscard]] bool is_on(level wanted) noexcept;
/// One line, whatever the level that is set. Thread: any.
void write(level at, fmt::string_view text, fmt::format_args values);

template <class... V>
void at(level wanted, fmt::format_string<V...> text, V&&... values) {
    if (is_on(wanted)) write(wanted, text, fmt::make_format_args(values...));
}
template <class... V>
void debug(fmt::format_string<V...> text, V&&... values) {
    at(level::debug, text, std::forward<V>(values)...);
}
template <class... V>
void info(fmt::format_string<V...> text, V&&... values) {
    at(level::info, text, std::forward<V>(values)...);
}
template <class... V>
void warn(fmt::format_string<V...> text, V&&... values) {
    at(level::warn, text, std::forward<V>(values)...);
}
template <class... V>
void error(fmt::format_string<V...> text, V&&... values) {
    at(level::error, text, std::forward<V>(values)...);
}
/// Also flushes the log: whoever says this may be about to end the process.
template <class... V>
void critical(fmt::format_string<V...> text, V&&... values) {
    at(level::critical, text, std::forward<V>(values)...);
}

}  // namespace log
}  // namespace hauspost
