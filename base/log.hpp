#pragma once

#include "base/ids.hpp"

#include <spdlog/spdlog.h>

#include <string>
#include <string_view>

namespace hauspost {

// Log lines are facts: one line `word key=value ...` each, the connection id on every line of a
// session: spdlog::info("refuse cid={} proto=smtp verb=RCPT code=550 reason=no_such_user", cid).
// Never a password, message text, or raw octets of a peer: text that a peer chose goes through
// log_safe.

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

/// A number for a new connection, unique in this process. Thread: any.
[[nodiscard]] connection_id next_connection_id() noexcept;

}  // namespace hauspost
