#pragma once

#include "base/awaitable.hpp"
#include "base/worker_pool.hpp"
#include "protocols/net/stream.hpp"
#include "protocols/net/turn.hpp"
#include "protocols/pop3/limits.hpp"
#include "protocols/pop3/session/maildrop_locks.hpp"
#include "protocols/sasl/credentials.hpp"
#include "storage/blob_store.hpp"
#include "storage/change_feed.hpp"
#include "storage/mailbox_store.hpp"

#include <chrono>
#include <memory>
#include <string>

namespace hauspost::pop3 {

/// What a session needs of the house. All outlive it.
struct session_ports {
    storage::mailbox_store& mail;
    storage::blob_store& blobs;
    storage::change_feed& changes;
    sasl::credentials& credentials;
    worker_pool& workers;  // for maildrops with very many copies
    maildrop_locks& locks;
};

/// The defaults are those of conf/hauspost.toml.
struct session_config {
    std::string hostname = "localhost";
    pop3::limits limits;
    /// Passwords are taken without TLS from peers on this machine. Never from others.
    bool allow_plain_login_on_loopback = true;
    std::chrono::milliseconds login_timeout{60'000};      // from greeting to login, in all
    std::chrono::milliseconds idle_timeout{10 * 60'000};  // RFC 1939 3: at least 10 minutes
    std::chrono::milliseconds write_timeout{5 * 60'000};  // without progress
    std::chrono::milliseconds tls_timeout{30'000};        // handshake after STLS
    std::chrono::milliseconds wrong_password_delay{2'000};
    /// A session that has been silent, or has not taken its output, for so long gives way to a new
    /// login of the same account.
    std::chrono::milliseconds takeover_silence{30'000};
    std::chrono::milliseconds takeover_wait{2'000};  // then the new login is told IN-USE
    std::chrono::milliseconds look_interval{100};    // for the client of a long login
    std::chrono::milliseconds turn = net::turn::default_length;
    unsigned max_bad_commands_before_login = 3;  // the next one closes
    unsigned max_bad_commands = 20;              // one after another
    unsigned max_failed_logins = 5;
};

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
