#pragma once

#include "base/clock.hpp"
#include "base/monotonic_clock.hpp"
#include "base/worker_pool.hpp"
#include "protocols/sasl/credentials.hpp"
#include "storage/annotation_store.hpp"
#include "storage/blob_store.hpp"
#include "storage/change_feed.hpp"
#include "storage/mailbox_store.hpp"
#include "storage/search_index.hpp"
#include "storage/sharing_store.hpp"
#include "storage/summary_maker.hpp"

namespace hauspost::imap {

/// What a session needs from outside. All outlive it.
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
    const monotonic_clock& monotonic;         // of all limits
    storage::search_index* index = nullptr;   // null: there is none
};

}  // namespace hauspost::imap
