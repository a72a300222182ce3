#pragma once

#include "base/awaitable.hpp"
#include "base/monotonic_clock.hpp"
#include "protocols/net/stream.hpp"
#include "protocols/smtp/capabilities.hpp"
#include "protocols/smtp/client/client_dialogue.hpp"
#include "protocols/smtp/client/client_settings.hpp"
#include "protocols/smtp/client/outgoing_message.hpp"
#include "protocols/smtp/client/send_outcome.hpp"

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace hauspost::smtp {

/// One connection to another server, to which any number of messages are sent.
///
///     smtp::client_session session(*stream, time, settings);
///     if (auto refused = co_await session.begin()) ...       // nothing can be sent
///     while (session.is_usable()) outcomes = co_await session.send(message, octets);
///     co_await session.quit();
///
/// Nothing is thrown for what the server does: each recipient gets an outcome. What is postponed is
/// sent again by the same session as long as it is usable. Where the outcome is `unsure` another try
/// may deliver twice; giving up may lose the message.
///
/// stream::wake() does not end a wait: who wants the session to end at once closes the stream, and
/// what was said behind the end of a message is unsure then.
///
/// Lifetime: server and time must outlive it. Thread: the stream's.
/// RFC  5321, 1870, 2034, 2920, 3030, 3207, 3461, 4954, 6152, 6531, 8689, 9422
class client_session {
public:
    /// server  connected; under TLS already where the port wants it. start_tls() verifies what has
    ///         to be verified
    client_session(net::stream& server,
                   const monotonic_clock& time,
                   std::shared_ptr<const client_settings> settings);

    /// Greeting, EHLO, STARTTLS, EHLO, AUTH. Once.
    /// Returns  nothing: messages can be sent. Else why not; quit() should follow
    awaitable<std::optional<send_outcome>> begin();

    /// One transaction. No recipient is left out of the result, which has their order.
    /// Throws  what the source throws; the session is of no use afterwards
    awaitable<std::vector<send_outcome>> send(const outgoing_message& message,
                                              message_source& octets);

    /// MAIL, RCPT and RSET: would the server take a message for somebody?
    /// Returns  delivered, with its reply to RCPT, when it would; else why not, step mail or rcpt
    awaitable<send_outcome> try_recipient(cmd::mail mail, cmd::rcpt rcpt);

    /// QUIT where the dialogue still stands, and the stream is closed.
    awaitable<void> quit();

    /// Another message may be sent.
    [[nodiscard]] bool is_usable() const noexcept;
    /// What the server offers since the last EHLO.
    [[nodiscard]] const capabilities& offered() const noexcept { return offered_; }

private:
    awaitable<std::optional<send_outcome>> say_hello();
    awaitable<std::optional<send_outcome>> protect();
    awaitable<std::optional<send_outcome>> log_in();
    awaitable<std::optional<send_outcome>> reset();
    awaitable<result<remote_reply>> ask(std::string line);
    [[nodiscard]] std::vector<send_outcome> all_alike(const outgoing_message& message,
                                                      const send_outcome& outcome) const;

    const std::shared_ptr<const client_settings> settings_;
    client_dialogue dialogue_;
    capabilities offered_;
    bool is_ready_ = false;    // begin() has succeeded
    bool is_sending_ = false;  // send() runs, or was left by an exception
    bool must_reset_ = false;
    std::size_t messages_ = 0;  // begun
};

}  // namespace hauspost::smtp
