#pragma once

#include "base/worker_pool.hpp"
#include "storage/lmdb/ban_notes.hpp"
#include "storage/lmdb/env.hpp"
#include "storage/lmdb/feed.hpp"
#include "storage/lmdb/free_space.hpp"
#include "storage/lmdb/janitor.hpp"
#include "storage/lmdb/keeping_now.hpp"
#include "storage/lmdb/segment_files.hpp"
#include "storage/lmdb/sign_in_notes.hpp"
#include "storage/lmdb/staged.hpp"
#include "storage/lmdb/staging_budget.hpp"
#include "storage/lmdb/store_health.hpp"
#include "storage/lmdb/store_options.hpp"
#include "storage/lmdb/trace_steps.hpp"
#include "storage/lmdb/traffic_meter.hpp"
#include "storage/lmdb/writer.hpp"

#include <memory>

namespace hauspost::storage::lmdb {

/// The rows of a store, of this version's schema, and the lock that keeps other processes out.
struct opened_metadata {
    /// Throws  fault, in words for the operator
    explicit opened_metadata(const store_options& options);

    file_handle lock;
    environment env;
};

/// What the ports of a store share, in the order of building.
struct store_core {
    /// Takes up what a crash left, and starts the threads.
    /// Throws  fault, in words for the operator; std::filesystem::filesystem_error
    explicit store_core(const store_options& wanted);
    store_core(const store_core&) = delete;
    store_core& operator=(const store_core&) = delete;

    /// Commits what is queued; later writes are refused. May be called twice.
    void stop();

    [[nodiscard]] const clock& time() const noexcept;

    store_options options;
    system_clock system_time;
    store_health health;
    opened_metadata metadata;
    environment& env = metadata.env;
    segment_files files;
    free_space room;
    staging_budget budget;
    blob_ids ids;
    feed news;
    keeping_now keeping;
    trace_steps trace;
    traffic_meter traffic;
    ban_notes bans;
    sign_in_notes sign_ins;
    worker_pool readers;
    std::unique_ptr<lmdb::janitor> janitor;  // set before the writer starts
    std::unique_ptr<lmdb::writer> writer;

private:
    void take_up_what_is_left();
    void start_threads();
    /// Keeps the ceiling of blob ids ahead of those in use. Writer thread, before each commit.
    void raise_blob_ids(write_context& context);
    /// Purges what accounts keep of expunged mail beyond their limit. Writer thread, before each
    /// commit.
    void keep_limits(write_context& context);
    /// Tells the feed and remembers what became free. Writer thread, after each commit.
    void on_commit(write_context& context);
};

}  // namespace hauspost::storage::lmdb
