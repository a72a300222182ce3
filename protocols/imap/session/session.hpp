#pragma once

#include "base/awaitable.hpp"
#include "protocols/imap/session/core/ports.hpp"
#include "protocols/imap/session/core/settings.hpp"
#include "protocols/net/stream.hpp"

#include <memory>

namespace hauspost::imap {

class connection;

/// One IMAP client, rev1 or rev2, from greeting to end.
///
/// Calling sequence: construct, spawn run() on the connection's thread, destroy there after it
/// returned. The stream is closed by run().
///
/// Memory: an idle session holds its coroutine frames, the view of the selected mailbox (16 octets
/// for each 64 messages) and no buffer.
/// RFC  9051, 3501, and the extensions that docs/rfc.md names under "IMAP"
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

    /// The server shuts down: BYE after the command in progress. Thread: the session's.
    void request_stop() noexcept;

private:
    std::unique_ptr<connection> connection_;
};

}  // namespace hauspost::imap
