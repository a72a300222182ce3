#pragma once

#include "base/log.hpp"
#include "protocols/net/stream.hpp"

#include <fmt/core.h>

#include <exception>
#include <string_view>

namespace hauspost::sessions {

/// The log of one session: each line is `event cid=7 proto=imap` and then the facts of the event.
/// Text that a peer chose goes through log_safe, as everywhere.
///
///     log_.info("refuse", "verb={} code={}", verb, code);
class session_log {
public:
    /// protocol  a constant: "imap"
    session_log(const net::peer_info& peer, std::string_view protocol) noexcept
        : connection_(peer.id), protocol_(protocol) {}

    [[nodiscard]] std::string_view protocol() const noexcept { return protocol_; }

    template <class... V>
    void debug(std::string_view event, fmt::format_string<V...> facts, V&&... values) const {
        at(log::level::debug, event, facts, fmt::make_format_args(values...));
    }
    template <class... V>
    void info(std::string_view event, fmt::format_string<V...> facts, V&&... values) const {
        at(log::level::info, event, facts, fmt::make_format_args(values...));
    }
    template <class... V>
    void warn(std::string_view event, fmt::format_string<V...> facts, V&&... values) const {
        at(log::level::warn, event, facts, fmt::make_format_args(values...));
    }

    /// A fault of ours: `fault cid=7 proto=imap what="..."`.
    void fault(const std::exception& what) const;

private:
    void at(log::level level,
            std::string_view event,
            fmt::string_view facts,
            fmt::format_args values) const;

    connection_id connection_;
    std::string_view protocol_;
};

}  // namespace hauspost::sessions
