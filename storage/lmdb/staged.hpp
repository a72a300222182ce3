#pragma once

#include "base/worker_pool.hpp"
#include "storage/blob_store.hpp"
#include "storage/lmdb/segment_files.hpp"
#include "storage/lmdb/writer.hpp"

#include <atomic>
#include <string>

namespace hauspost::storage {

/// Gives blob ids out: growing, never twice, not even when nothing is committed with one
/// (the ceiling in table "meta" is raised before ids above it are used).
class blob_ids {
public:
    explicit blob_ids(std::uint64_t first) noexcept : next_(first) {}
    [[nodiscard]] blob_id take() noexcept { return blob_id(next_++); }
    [[nodiscard]] std::uint64_t next() const noexcept { return next_; }

private:
    std::atomic<std::uint64_t> next_;
};

/// What all staged bodies of a store share.
struct staging_area {
    segment_files& files;
    worker_pool& pool;
    blob_ids& ids;
    /// Kept fresh by the store: less room than the reserve is left.
    std::atomic<bool>& is_disk_full;
};

/// A body on its way: up to 256 KiB in memory, beyond in an unlinked file. finish() lays bodies of
/// 64 KiB and more into their place on a pool thread; smaller ones go with the writer's batch.
class staged_body final : public staged_blob, public pending_body {
public:
    explicit staged_body(staging_area area) : area_(area) {}
    ~staged_body() override;

    awaitable<error_code> write(std::string_view octets) override;
    awaitable<error_code> finish() override;
    [[nodiscard]] std::uint64_t octets() const noexcept override { return octets_; }
    [[nodiscard]] std::string_view view() override;

    [[nodiscard]] bool is_in_memory() const override { return !is_placed_; }
    [[nodiscard]] std::string_view memory() const override { return memory_; }
    void set_place(segment_files::reservation where, std::uint64_t checksum) override;
    [[nodiscard]] const placed_blob& placed() const override { return placed_; }
    /// The commit refers to it now: an own file stays.
    void keep() noexcept { is_kept_ = true; }

private:
    static constexpr std::size_t max_memory_octets = 256 * 1024;
    static constexpr std::size_t placed_by_writer_octets = 64 * 1024;

    void spill();
    void place();
    awaitable<error_code> on_pool(void (staged_body::*step)());

    staging_area area_;
    std::string memory_;
    file_handle file_;
    std::uint64_t octets_ = 0;
    std::uint64_t spilled_ = 0;
    void* map_ = nullptr;
    placed_blob placed_;
    file_handle pin_;  // of the segment, see segment_files::reserve
    bool is_placed_ = false;
    bool is_kept_ = false;
};

}  // namespace hauspost::storage
