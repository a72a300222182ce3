#pragma once

#include "storage/lmdb/ban_notes.hpp"
#include "storage/lmdb/free_space.hpp"
#include "storage/lmdb/keeping_now.hpp"
#include "storage/lmdb/reclaimer.hpp"
#include "storage/lmdb/retention.hpp"
#include "storage/lmdb/sign_in_notes.hpp"
#include "storage/lmdb/store_options.hpp"
#include "storage/lmdb/trace_steps.hpp"
#include "storage/lmdb/traffic_meter.hpp"
#include "storage/lmdb/writer.hpp"

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace hauspost::storage::lmdb {

/// The background thread of a store: purges what the retention time has passed, finishes
/// interrupted removals, gives space back (holes in segments, copying of sparse ones, files that no
/// row names), watches the free space. Works in small writer operations, so that nobody waits for
/// it.
class janitor {
public:
    struct parts {
        environment& env;
        segment_files& files;
        free_space& room;
        const store_health& health;
        const trace_steps& trace;
        const keeping_now& keeping;
        const traffic_meter& traffic;
        const ban_notes& bans;
        const sign_in_notes& sign_ins;
    };
    janitor(parts of, const store_options& options, const clock& time);
    ~janitor();

    /// Starts the thread. Before anything is written.
    void start(writer& writer);
    void stop();

    /// A commit has freed these; their space may be used after reuse_delay. Writer thread.
    void note_freed(const std::vector<freed_blob>& freed) { space_.note_freed(freed); }

    /// Mailboxes are waiting to be emptied.
    void note_removal();

    /// Octets that were laid down and not committed are waiting to go.
    /// Thread  any
    void note_dropped() noexcept;

    /// One round, on the calling thread (not a network thread, not the writer's).
    /// Returns  how many messages were purged
    std::size_t run_once();

    /// Has what was noted for trace, counters, bans and sign-ins written, when some of it has been waiting for so long.
    /// Thread  as run_once
    void write_trace(std::chrono::milliseconds waiting) noexcept;

    /// Message files that no row names and that nobody is about to commit. A round of run_once
    /// removes them once they are older than reuse_delay.
    /// Thread  as run_once
    [[nodiscard]] std::vector<std::string> strays();

private:
    void loop();
    void work_off(bool is_removal_due, bool is_round_due);
    void finish_removals(writer& writer);
    bool empty_mailbox(writer& writer, mailbox_key box);

    environment& env_;
    segment_files& files_;
    free_space& room_;
    const store_health& health_;
    const trace_steps& trace_;
    const traffic_meter& traffic_;
    const ban_notes& bans_;
    const sign_in_notes& sign_ins_;
    const store_options options_;
    retention retention_;
    reclaimer space_;
    writer* writer_ = nullptr;
    std::mutex round_;  // one round at a time: the thread's or somebody's run_once
    std::mutex mutex_;
    std::condition_variable wake_;
    bool stopping_ = false;
    bool has_removals_ = true;    // a crash may have left some
    bool owes_removals_ = false;  // some were begun and broken off: a second later again
    bool has_dropped_ = false;
    std::thread thread_;
};

}  // namespace hauspost::storage::lmdb
