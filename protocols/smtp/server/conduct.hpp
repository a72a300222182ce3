#pragma once

#include "protocols/smtp/server/limits.hpp"

#include <cstddef>
#include <cstdint>

namespace hauspost::smtp {

/// How one peer has behaved on its connection, and what follows from it.
class conduct {
public:
    enum class reaction : std::uint8_t {
        answer,
        answer_late,  // after limits::bad_command_delay
        close,
    };

    explicit conduct(const limits& limits) noexcept : limits_(limits) {}

    /// A command that is wrong or comes at the wrong time.
    /// is_stressed  the server is nearly full: less is borne
    [[nodiscard]] reaction note_bad_command(bool is_stressed) noexcept;
    /// A command that moves no mail. False: it was one too many.
    [[nodiscard]] bool note_idle_command(bool is_stressed) noexcept;
    void note_refused_recipient() noexcept { ++refused_recipients_; }
    /// A message was stored: what was wrong before is forgiven.
    void note_message() noexcept;

    /// The peer looks for our addresses.
    [[nodiscard]] bool asks_too_much() const noexcept {
        return refused_recipients_ >= limits_.max_refused_recipients;
    }
    [[nodiscard]] std::size_t messages() const noexcept { return messages_; }

private:
    const limits& limits_;
    std::size_t bad_commands_ = 0;        // since the last message that was stored
    std::size_t idle_commands_ = 0;       // since the last message that was stored
    std::size_t refused_recipients_ = 0;  // of the connection
    std::size_t messages_ = 0;            // stored, of the connection
};

}  // namespace hauspost::smtp
