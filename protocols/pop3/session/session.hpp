#pragma once

#include "base/awaitable.hpp"
#include "protocols/net/stream.hpp"
#include "protocols/pop3/session/ports.hpp"
#include "protocols/pop3/session/settings.hpp"

#include <memory>

namespace hauspost::pop3 {

class connection;

/// One POP3 client, from greeting to end.
///
/// Calling sequence: construct, spawn run() on the connection's thread, destroy there after it
/// returned. The stream is closed by run().
///
/// What we chose where the standards leave it open:
///   - The maildrop is INBOX. A message that RETR has sent gets \Seen, so that mail programs which
///     read it by IMAP see it as read (Dovecot does so too); in one commit when the session ends,
///     however it ends. TOP leaves it alone.
///   - Differs from RFC 6856 2.1: messages with UTF-8 in their headers are sent as they are also
///     before UTF8 was said, because anything else loses more (docs/rfc.md).
///   - A session whose peer is silent gives way to a new login (maildrop_locks).
///
/// Memory: 24 octets for each message of the maildrop while logged in; at most 512 KB while a
/// message is being sent, no buffer when idle.
/// RFC  1939, 2449, 2595, 3206, 5034, 6856, 8314
class session {
public:
    session(net::stream& peer,
            const session_ports& ports,
            std::shared_ptr<const session_config> config);
    ~session();
    session(const session&) = delete;
    session& operator=(const session&) = delete;

    /// Returns when the client is gone; never throws.
    awaitable<void> run();

    /// The server shuts down: the session ends after the command in progress. Thread: the
    /// session's.
    void request_stop() noexcept;

private:
    std::unique_ptr<connection> connection_;
};

}  // namespace hauspost::pop3
