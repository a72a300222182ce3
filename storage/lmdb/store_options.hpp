#pragma once

#include "base/clock.hpp"

#include <chrono>
#include <cstdint>
#include <filesystem>

namespace hauspost::storage::lmdb {

struct store_options {
    std::filesystem::path data_dir;
    std::size_t map_octets = std::size_t{256}
                             << 30;  // address space only; the file grows as needed
    std::size_t reader_threads = 2;
    std::size_t max_waiting_reads = 4096;
    std::size_t max_waiting_writes = 8192;
    /// New mail is refused while the disk has less room than this, so that expunging and the rest
    /// of the machine go on. 0: no such reserve.
    std::uint64_t min_free_octets = 512ull << 20;
    /// What all messages that are on their way in may hold together; beyond it new ones are refused
    /// as busy.
    std::size_t staged_memory_octets = 256ull << 20;
    std::size_t staged_files = 512;
    /// How long expunged messages stay recoverable.
    std::chrono::seconds retention = std::chrono::hours(24 * 14);
    /// An account's expunged messages may have so many times the octets of its quota; beyond that
    /// the oldest are purged before their time. 0: no limit.
    std::uint32_t expunged_quotas = 1;
    /// What went from a mailbox is remembered for clients that come back, so long and so many
    /// ranges of UIDs; RFC 7162 3.2.5.2. Those who were away longer are told all UIDs that are not
    /// there.
    std::chrono::seconds vanished_age = std::chrono::hours(24 * 90);
    std::uint32_t vanished_ranges = 100'000;
    /// To whom an account has written is remembered so long after the last time, and of so many.
    std::chrono::seconds correspondent_age = std::chrono::hours(24 * 400);
    std::uint32_t max_correspondents = 20'000;
    /// How long a reader may still use a place after the last reference to it went.
    std::chrono::seconds reuse_delay{10};
    /// How often expired messages are purged and sparse segments copied. 0: only by tidy().
    std::chrono::seconds tidy_interval{60};
    /// The writer's wait for companions after a batch of more than one (docs/performance.md).
    std::chrono::microseconds gather_at_most{250};
    /// How long the message trace is kept. 0: there is none.
    std::uint32_t trace_days = 30;
    /// Beyond it the oldest rows of the trace go before their time. 0: no limit.
    std::uint64_t trace_octets = 1ull << 30;
    /// What waits to be written into the trace is written alone after so long.
    std::chrono::milliseconds trace_delay{5000};
    /// How long the audit log is kept.
    std::chrono::seconds audit_age = std::chrono::hours(24 * 400);
    bool trace_subjects = false;       // whether it holds the subjects of messages
    std::size_t max_mailboxes = 5000;  // an account; as many subscriptions
    /// A segment file is closed when the next record would make it longer than this.
    std::uint64_t segment_octets = 128ull << 20;
    /// Numbers go on far above when meta/data.mdb is another file than at the last start
    /// (put_back.hpp). False for tests that look at images of a store.
    bool notices_copies = true;
    const clock* time = nullptr;  // null: the system's
};

}  // namespace hauspost::storage::lmdb
