#pragma once

#include "storage/index/block_maker.hpp"
#include "storage/index/catalogue.hpp"

#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <unordered_set>
#include <vector>

namespace hauspost::storage::index {

/// Puts messages into the index of one account. One for each folder at a time.
///
/// What was added stands in memory until a commit, which writes it as a new segment. Small segments
/// are merged into it, so that there are few: some three for each power of four, and those of 65,536
/// messages, which stay as they are.
///
/// Calling sequence: construct, add(...) and set covered, commit(), remove_unused(), again. What is
/// not committed is lost when it is destroyed.
/// Throws  damaged_index, storage::fault, from all of it; after a fault it is of no use any more
class index_writer {
public:
    /// Opens the index in this folder, or makes it.
    index_writer(std::filesystem::path folder, std::string version);

    index_coverage covered;

    [[nodiscard]] bool has(blob_id blob) const;
    /// At most once for each blob.
    void add(blob_id blob, const indexed_text& text);
    /// Octets of memory that wait for the commit.
    [[nodiscard]] std::size_t waiting() const noexcept { return waiting_octets_; }
    [[nodiscard]] std::size_t documents() const noexcept;
    /// On stable storage when it returns.
    void commit();
    /// Writes one segment anew without messages that are gone, as far as that is worth it, and
    /// commits. True: there may be more to do.
    /// live  ascending
    bool tidy_one(std::span<const blob_id> live);
    /// Removes files that the last commit has made needless. Nobody opens them any more.
    void remove_unused();

private:
    [[nodiscard]] std::vector<segment_name> take_to_merge();
    void write_segment(catalogue& next, const std::vector<block_source>& sources);
    void replace(const catalogue& next);
    [[nodiscard]] const segment& open(const segment_name& name) const;

    const std::filesystem::path folder_;
    const std::string version_;
    std::unique_ptr<const index_snapshot> now_;
    std::vector<signed_message> waiting_;
    std::unordered_set<blob_id> waiting_blobs_;
    std::size_t waiting_octets_ = 0;
};

}  // namespace hauspost::storage::index
