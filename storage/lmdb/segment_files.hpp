#pragma once

#include "base/ids.hpp"

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace hauspost::storage {

/// An open file, closed when the last one lets go: a reader may still read a file that was
/// unlinked meanwhile.
class open_file {
public:
    explicit open_file(int fd) noexcept : fd_(fd) {}
    ~open_file();
    open_file(const open_file&) = delete;
    open_file& operator=(const open_file&) = delete;
    [[nodiscard]] int fd() const noexcept { return fd_; }

private:
    int fd_;
};
using file_handle = std::shared_ptr<const open_file>;

/// Makes the names in a folder durable. Throws storage_full or fault.
void sync_folder(const std::filesystem::path& folder);

/// Where a body stands. segment 0: a file of its own.
struct blob_place {
    std::uint32_t segment = 0;
    std::uint64_t offset = 0;  // of the body's first octet
};

/// The message octets on disk: append-only segment files of about 128 MiB, and a file of its own
/// for each body of 8 MiB or more.
///
/// Record in a segment: magic "HPB1", zero u32, blob u64, octets u64, XXH3 of these 24 u64; body;
/// XXH3 of the body u64. What of a file counts is the committed length in table "segment": the
/// rest is what a crash left and is cut off at the next start.
///
/// Thread: any; a file is only appended to, each range by the one who reserved it.
class segment_files {
public:
    struct known_segment {
        std::uint32_t id = 0;
        std::uint64_t committed = 0;
    };

    static constexpr std::uint64_t own_file_octets = 8ull << 20;  // from here a file of its own
    static constexpr std::size_t head_octets = 32;
    static constexpr std::size_t tail_octets = 8;

    /// Opens the folder (made when missing), cuts what lies behind the committed lengths, removes
    /// segment files that no row knows.
    /// known           ascending
    /// segment_octets  where the next segment begins
    /// Throws fault when a file is missing or shorter than its committed length
    segment_files(std::filesystem::path folder,
                  const std::vector<known_segment>& known,
                  std::uint64_t segment_octets);

    /// A range for one record, in one segment. Begins a new segment when this one is full.
    /// octets   of the body, below own_file_octets
    /// Returns  with the place its file: as long as somebody holds that, is_in_use() is true and
    ///          the segment is not removed, though no committed row speaks of the record yet
    struct reservation {
        blob_place place;
        file_handle file;
    };
    [[nodiscard]] reservation reserve(std::uint64_t octets);

    /// Writes whole records into reserved ranges, neighbours in one call. Throws storage_full.
    struct record {
        blob_id blob;
        std::string_view body;
        blob_place place;
        std::uint64_t checksum = 0;
    };
    void write(std::span<const record> records);

    /// Writes a record whose body stands in a file, piece by piece. Returns its checksum.
    std::uint64_t write_from_file(blob_id blob, blob_place place, int fd, std::uint64_t octets);

    /// Everything written to the segment so far is on stable storage when it returns. Throws
    /// storage_full or fault. After a failure the kernel may have dropped what it could not write
    /// and say "done" when it is asked again: all later syncs of the segment fail too.
    void sync(std::uint32_t segment);

    /// No more records go into this segment.
    void abandon(std::uint32_t segment);

    /// Gives an unlinked, finished file the name of a blob, durably.
    void link_own_file(blob_id blob, int fd);
    void remove_own_file(blob_id blob) noexcept;
    /// Blobs that have files of their own.
    [[nodiscard]] std::vector<blob_id> own_files() const;

    /// An unlinked file for a body that is being received.
    [[nodiscard]] file_handle temporary() const;

    /// The file that holds a body; nullptr when it is gone.
    [[nodiscard]] file_handle open(blob_id blob, const blob_place& place);

    /// Gives the inner pages of a dead record back to the file system.
    void punch(const blob_place& place, std::uint64_t octets);
    void remove_segment(std::uint32_t segment);
    /// Somebody reads it, or has a reservation in it that may be committed yet.
    [[nodiscard]] bool is_in_use(std::uint32_t segment) const;

    /// The segment that new records go to now.
    [[nodiscard]] std::uint32_t current() const;
    /// Octets free for this process on the file system.
    [[nodiscard]] std::uint64_t free_octets() const;

    [[nodiscard]] static std::uint64_t checksum(std::string_view octets) noexcept;
    [[nodiscard]] static std::uint64_t record_octets(std::uint64_t body_octets) noexcept {
        return head_octets + body_octets + tail_octets;
    }

private:
    [[nodiscard]] std::filesystem::path segment_path(std::uint32_t segment) const;
    [[nodiscard]] std::filesystem::path own_path(blob_id blob) const;
    file_handle segment_handle(std::uint32_t segment);
    file_handle handle_locked(std::uint32_t segment);  // mutex_ held
    void begin_segment();                              // mutex_ held

    const std::filesystem::path folder_;
    const std::uint64_t segment_octets_;
    mutable std::mutex mutex_;
    std::uint32_t current_ = 0;  // 0: none begun yet
    std::uint64_t end_ = 0;      // first unreserved octet of it
    std::uint32_t highest_ = 0;
    std::map<std::uint32_t, file_handle> open_;
    std::mutex sync_mutex_;  // a failed sync tells only one caller: the others must wait for it
    std::set<std::uint32_t> spoiled_;  // by a failed sync
};

}  // namespace hauspost::storage
