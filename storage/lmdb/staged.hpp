#pragma once

#include "base/worker_pool.hpp"
#include "storage/blob_store.hpp"
#include "storage/lmdb/free_space.hpp"
#include "storage/lmdb/segment_files.hpp"
#include "storage/lmdb/staging_budget.hpp"
#include "storage/lmdb/write_context.hpp"

#include <atomic>
#include <string_view>
#include <vector>

namespace hauspost::storage::lmdb {

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
    free_space& room;
    staging_budget& budget;
};

/// A body on its way: up to 64 KiB in memory (256 KiB while few are on their way, since a file
/// costs far more than the octets in it), beyond in an unlinked file. lay_down() puts the octets
/// into their place on a pool thread; small ones may stay in memory and go with the writer's batch.
class staged_body final : public staged_blob, public pending_body {
public:
    /// What each body may hold in memory; a smaller one may wait there for the writer.
    static constexpr std::size_t max_memory_octets = 64 * 1024;
    /// The same while the budget has plenty.
    static constexpr std::size_t max_memory_octets_of_few = 256 * 1024;

    explicit staged_body(staging_area area) : area_(area) {}
    /// What the port gave out, as itself.
    /// Throws  std::bad_cast: another engine's
    [[nodiscard]] static staged_body& of(staged_blob& blob) {
        return dynamic_cast<staged_body&>(blob);
    }
    ~staged_body() override;

    awaitable<error_code> write(std::string_view octets) override;
    awaitable<error_code> finish() override;
    awaitable<error_code> lay_down() override;
    [[nodiscard]] std::uint64_t octets() const noexcept override { return octets_; }
    [[nodiscard]] std::string_view view() override;

    [[nodiscard]] bool is_in_memory() const override { return !is_placed_; }
    [[nodiscard]] std::string_view memory() const override {
        return {memory_.data(), memory_.size()};
    }
    [[nodiscard]] const placed_blob& placed() const override { return placed_; }
    void keep() noexcept override { reserved_.keep(); }
    /// Must be laid down before the commit.
    [[nodiscard]] bool is_large() const noexcept { return file_ || octets_ >= max_memory_octets; }

private:
    [[nodiscard]] bool may_stay_in_memory(std::size_t octets) const noexcept;
    [[nodiscard]] bool grow(std::size_t octets);
    void spill(std::string_view octets);
    void place();
    void let_go() noexcept;
    template <class Step>
    awaitable<error_code> on_pool(Step step);

    staging_area area_;
    std::vector<char> memory_;
    std::size_t memory_share_ = 0;  // of the budget
    bool has_file_share_ = false;
    file_handle file_;
    std::uint64_t octets_ = 0;
    std::uint64_t spilled_ = 0;
    void* map_ = nullptr;
    placed_blob placed_;
    segment_files::reservation reserved_;
    bool is_placed_ = false;
};

}  // namespace hauspost::storage::lmdb
