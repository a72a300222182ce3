#pragma once

#include "base/awaitable.hpp"
#include "base/clock.hpp"
#include "protocols/sessions/channel.hpp"
#include "protocols/sessions/session_log.hpp"
#include "protocols/smtp/server/mail_sink.hpp"
#include "protocols/smtp/server/replies.hpp"
#include "protocols/smtp/server/settings.hpp"
#include "protocols/wire/dot_codec.hpp"
#include "protocols/wire/line_reader.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace hauspost::smtp {

/// How the octets of a message or of a chunk of it ended.
enum class transfer : std::uint8_t {
    complete,
    lost,       // the peer is gone
    timed_out,  // it said nothing for too long
    too_slow,   // it said too little for too long
    too_long,   // it goes on although the message is refused for its size
};

/// One message on its way from the peer's octets into the sink, by DATA or by chunks (BDAT).
///
/// A message that is refused is read to its end all the same, since else its octets would be taken
/// for commands; they are thrown away. refusal() is said at the end.
///
/// Calling sequence: begin(), then receive_data() once or receive_chunk() for each BDAT, then
/// commit() when there is no refusal; abandon() at any time.
///
/// Lifetime: all parameters must outlive it. Thread: the session's.
class message_receiver {
public:
    message_receiver(sessions::channel& channel,
                     wire::line_reader& reader,
                     const sessions::session_log& log,
                     const session_config& config)
        : channel_(channel), reader_(reader), log_(log), config_(config), limits_(config.limits) {}

    /// A new message; refused when the sink has no room to begin it, or knows already that it will not
    /// take it.
    awaitable<void> begin(mail_sink& sink, std::shared_ptr<const envelope> envelope);

    /// Octets up to the dot. RFC 5321 4.1.1.4
    awaitable<transfer> receive_data();
    /// So many octets. RFC 3030 2
    awaitable<transfer> receive_chunk(std::uint64_t octets);

    /// Stores the message.
    awaitable<delivery_verdict> commit();

    /// The first refusal counts. Nothing more is handed to the sink.
    void refuse(const reply& why);
    /// The same by the sink, in its words.
    void refuse(delivery_verdict verdict);
    [[nodiscard]] const std::optional<reply>& refusal() const noexcept { return refusal_; }
    /// Forgets the message; of one that was not committed nothing is left.
    void abandon();

    /// Handed to the sink so far.
    [[nodiscard]] std::uint64_t octets() const noexcept { return octets_; }
    /// RFC 3030 3: a CR or LF that is no line end came in a chunk.
    [[nodiscard]] bool has_bare_newline() const noexcept { return guard_.has_bare_newline(); }
    /// The id of the message that was committed.
    [[nodiscard]] const std::string& id() const { return message_->id(); }
    /// A message that is refused is read to its end, but not for ever: so many octets are enough.
    [[nodiscard]] bool is_past_discarding(std::uint64_t octets) const noexcept;

private:
    awaitable<void> take(std::string_view octets);
    awaitable<transfer> read();
    void begin_transfer() noexcept;

    sessions::channel& channel_;
    wire::line_reader& reader_;
    const sessions::session_log& log_;
    const session_config& config_;
    const limits& limits_;                       // of config_
    std::unique_ptr<incoming_message> message_;  // null: not begun, or refused
    wire::newline_guard guard_;                  // over all chunks
    std::uint64_t octets_ = 0;                   // of the message, as they are stored
    std::optional<reply> refusal_;
    std::string why_;             // the words of refusal_, where they are not a constant
    steady_time began_at_{};      // of this DATA or chunk
    std::uint64_t received_ = 0;  // of this DATA or chunk, as they came
};

}  // namespace hauspost::smtp
