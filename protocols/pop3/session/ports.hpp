#pragma once

#include "base/monotonic_clock.hpp"
#include "base/worker_pool.hpp"
#include "protocols/pop3/session/maildrop_locks.hpp"
#include "protocols/sasl/credentials.hpp"
#include "storage/blob_store.hpp"
#include "storage/change_feed.hpp"
#include "storage/mailbox_store.hpp"

namespace hauspost::pop3 {

/// What a session needs of the server. All outlive it.
struct session_ports {
    storage::mailbox_store& mail;
    storage::blob_store& blobs;
    storage::change_feed& changes;
    sasl::credentials& credentials;
    worker_pool& workers;  // for maildrops with very many copies
    maildrop_locks& locks;
    const monotonic_clock& time;  // of all limits
};

}  // namespace hauspost::pop3
