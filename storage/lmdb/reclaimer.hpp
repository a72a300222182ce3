#pragma once

#include "storage/lmdb/segment_files.hpp"
#include "storage/lmdb/store_options.hpp"
#include "storage/lmdb/writer.hpp"

#include <deque>
#include <filesystem>
#include <map>
#include <mutex>
#include <string>
#include <vector>

namespace hauspost::storage::lmdb {

/// Gives the disk back what message files hold that nothing refers to: holes in segments, sparse
/// segments copied, empty ones removed, files that no row names. A place is used again only after
/// options.reuse_delay: a reader may just have looked it up.
///
/// Throws  fault
/// Thread  any that may block, one call at a time; note_freed from any
class reclaimer {
public:
    reclaimer(environment& env, segment_files& files, const store_options& options)
        : env_(env), files_(files), options_(options) {}

    /// Before anything is written: where a crash may have left octets that nothing refers to.
    void remember_gaps();

    /// A commit has freed these.
    void note_freed(const std::vector<freed_blob>& freed);

    /// Of what was noted all that has waited long enough.
    void release_freed();

    /// One round of everything.
    void run(writer& writer);

    /// Message files that no row names and that nobody is about to commit. A round removes them
    /// once they are older than reuse_delay.
    [[nodiscard]] std::vector<std::string> strays(writer& writer);

private:
    struct waiting {
        steady_time since;
        freed_blob blob;
    };
    struct stray_files {
        std::vector<std::uint32_t> segments;
        std::vector<blob_id> own_files;
    };
    void copy_sparse_segments(writer& writer);
    void copy_blobs(writer& writer, const std::vector<blob_id>& blobs);
    void remove_empty_segments(writer& writer);
    void find_gaps();
    [[nodiscard]] stray_files find_strays() const;
    void remove_strays();

    environment& env_;
    segment_files& files_;
    const store_options& options_;
    std::mutex mutex_;
    std::deque<waiting> freed_;  // by mutex_
    std::map<std::uint32_t, steady_time> empty_since_;
    std::map<std::filesystem::path, steady_time> stray_since_;
    std::map<std::uint32_t, std::uint64_t> gaps_below_;  // segments to look at, once
};

}  // namespace hauspost::storage::lmdb
