#pragma once

#include "storage/lmdb/store_options.hpp"
#include "storage/lmdb/writer.hpp"

#include <atomic>
#include <condition_variable>
#include <deque>
#include <map>
#include <mutex>
#include <thread>
#include <vector>

namespace hauspost::storage {

/// The background thread of a store: purges what the retention time has passed, finishes
/// interrupted removals, gives space back (holes in segments, copying of sparse ones), watches the
/// free space. Works in small writer operations, so that nobody waits for it.
class janitor {
public:
    janitor(environment& env,
            segment_files& files,
            std::atomic<bool>& is_disk_full,
            const store_options& options,
            const clock& time);
    ~janitor();

    /// Starts the thread; not needed for run_once.
    void start(writer& pen);
    void stop();

    /// A commit has freed these; their space may be used after reuse_delay. Writer thread.
    void note_freed(const std::vector<freed_blob>& freed);

    /// Mailboxes are waiting to be emptied.
    void note_removal();

    /// One round, on the calling thread (not a network thread, not the writer's). Returns how many
    /// messages were purged.
    std::size_t run_once(writer& pen);

    void watch_free_space();

private:
    struct waiting {
        steady_time since;
        freed_blob blob;
    };
    void loop();
    std::size_t purge_expired(writer& pen);
    std::size_t purge_over_limits(writer& pen);
    [[nodiscard]] account_id next_that_keeps(account_id after);
    void forget_old_vanished(writer& pen);
    void forget_vanished_of(writer& pen, mailbox_key box);
    void finish_removals(writer& pen);
    void empty_mailbox(writer& pen, mailbox_key box);
    void release_freed();
    void copy_sparse_segments(writer& pen);
    void copy_blobs(writer& pen, const std::vector<blob_id>& blobs);
    void remove_empty_segments(writer& pen);

    environment& env_;
    segment_files& files_;
    std::atomic<bool>& is_disk_full_;
    const store_options options_;
    const clock& time_;
    writer* pen_ = nullptr;
    std::mutex round_;  // one round at a time: the thread's or somebody's run_once
    std::mutex mutex_;
    std::condition_variable wake_;
    bool stopping_ = false;
    bool has_removals_ = true;  // a crash may have left some
    std::deque<waiting> freed_;
    std::map<std::uint32_t, steady_time> empty_since_;
    std::thread thread_;
};

}  // namespace hauspost::storage
