#pragma once

#include "base/worker_pool.hpp"
#include "storage/lmdb/env.hpp"
#include "storage/lmdb/feed.hpp"
#include "storage/lmdb/free_space.hpp"
#include "storage/lmdb/janitor.hpp"
#include "storage/lmdb/lmdb_store.hpp"
#include "storage/lmdb/segment_files.hpp"
#include "storage/lmdb/staged.hpp"
#include "storage/lmdb/staging_budget.hpp"
#include "storage/lmdb/store_health.hpp"
#include "storage/lmdb/writer.hpp"

#include <memory>
#include <utility>

namespace hauspost::storage {

/// What an lmdb_store is made of, in the order of building; private to storage/lmdb.
struct lmdb_store::parts {
    explicit parts(const store_options& wanted);

    [[nodiscard]] const clock& time() const noexcept;
    /// Keeps the ceiling of blob ids ahead of those in use. Writer thread, before each commit.
    void raise_blob_ids(write_context& context);
    /// Purges what accounts keep of expunged mail beyond their limit. Writer thread, before each
    /// commit.
    void keep_limits(write_context& context);
    /// Where a blob stands and the open file; nullptr when the blob is gone.
    [[nodiscard]] std::pair<schema::blob_row, file_handle> locate(blob_id blob);
    /// Tells the feed and remembers what became free. Writer thread, after each commit.
    void on_commit(write_context& context);

    store_options options;
    system_clock system_time;
    store_health health;
    file_handle lock;
    environment env;
    segment_files files;
    free_space room;
    staging_budget budget;
    blob_ids ids;
    feed news;
    worker_pool readers;
    std::unique_ptr<janitor> keeper;  // set before the writer starts
    std::unique_ptr<writer> pen;
};

}  // namespace hauspost::storage
