#pragma once

#include "base/awaitable.hpp"
#include "base/clock.hpp"
#include "base/worker_pool.hpp"
#include "protocols/imap/grammar/limits.hpp"
#include "protocols/imap/session/core/settings.hpp"
#include "protocols/net/stream.hpp"
#include "protocols/net/turn.hpp"
#include "protocols/sasl/credentials.hpp"
#include "storage/annotation_store.hpp"
#include "storage/blob_store.hpp"
#include "storage/change_feed.hpp"
#include "storage/mailbox_store.hpp"
#include "storage/search_index.hpp"
#include "storage/sharing_store.hpp"
#include "storage/summary_maker.hpp"

#include <chrono>
#include <memory>
#include <string>

namespace hauspost::imap {

/// What a session needs of the house. All outlive it.
struct session_ports {
    storage::mailbox_store& mail;
    storage::blob_store& blobs;
    storage::change_feed& changes;
    storage::sharing_store& sharing;
    storage::annotation_store& annotations;
    sasl::credentials& credentials;
    const storage::summary_maker& summaries;  // of messages that are appended
    worker_pool& workers;                     // for parsing large ones
    const clock& time;                        // of messages that are appended without a date
    storage::search_index* index = nullptr;   // null: there is none
};

class connection;

/// One IMAP4rev1 client, from greeting to end.
///
/// Calling sequence: construct, spawn run() on the connection's thread, destroy there after it
/// returned. The stream is closed by run().
///
/// Memory: an idle session holds its coroutine frames, the view of the selected mailbox (16 octets
/// for each 64 messages) and no buffer.
/// RFC  3501, 2177, 2342, 2971, 3348, 3502, 3516, 3691, 4315, 4469, 4959, 4978, 5161, 5258, 5530,
/// 5819, 6154, 6851, 7888
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
