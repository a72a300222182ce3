#pragma once

#include "base/ids.hpp"
#include "storage/lmdb/store_health.hpp"

#include <sys/uio.h>

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace hauspost::storage::lmdb {

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

/// Makes the names in a folder durable.
/// Throws  storage_full or fault
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
/// Who lays octets down holds a reservation for them. When the commit refers to them it keeps it;
/// else it drops it, and the room goes back with the next give_back().
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
    /// health          is told of syncs that fail; must outlive this object
    /// Throws fault when a file is missing or shorter than its committed length
    segment_files(std::filesystem::path folder,
                  const std::vector<known_segment>& known,
                  std::uint64_t segment_octets,
                  store_health& health);

    /// A place for octets that no committed row speaks of yet. As long as somebody holds it, its
    /// file is not removed (is_in_use). Dropped without keep(): the octets go.
    class reservation {
    public:
        reservation() = default;
        reservation(reservation&& other) noexcept;
        reservation& operator=(reservation&& other) noexcept;
        ~reservation() { drop(); }

        [[nodiscard]] const blob_place& place() const noexcept { return place_; }
        /// A commit refers to the octets now: they stay.
        void keep() noexcept;

    private:
        friend class segment_files;
        void drop() noexcept;
        segment_files* owner_ = nullptr;
        blob_place place_;
        std::uint64_t octets_ = 0;
        blob_id own_file_;  // when it is one
        file_handle file_;
    };

    /// A range for one record, in one segment. Begins a new segment when this one is full.
    /// octets   of the body, below own_file_octets
    [[nodiscard]] reservation reserve(std::uint64_t octets);

    /// Called after a reservation was dropped, on that thread. Before others use this object.
    void on_dropped(std::function<void()> listener) { dropped_listener_ = std::move(listener); }
    /// Gives the room of dropped reservations back to the file system.
    /// Thread  any that may wait for the disk
    /// Throws  fault
    void give_back();

    /// Writes whole records into reserved ranges, neighbours in one call.
    /// Throws  storage_full
    struct record {
        blob_id blob;
        std::string_view body;
        blob_place place;
        std::uint64_t checksum = 0;
    };
    void write(std::span<const record> records);

    /// Writes a record whose body stands in a file, piece by piece.
    /// Returns  its checksum
    std::uint64_t write_from_file(blob_id blob, blob_place place, int fd, std::uint64_t octets);

    /// Everything written to the segment so far is on stable storage when it returns. Throws
    /// storage_full or fault. After a failure the kernel may have dropped what it could not write
    /// and say "done" when it is asked again: all later syncs of the segment fail too. After one
    /// that was not for want of room the store is broken.
    void sync(std::uint32_t segment);

    /// No more records go into this segment.
    void abandon(std::uint32_t segment);

    /// Gives an unlinked, finished file the name of a blob, durably.
    [[nodiscard]] reservation link_own_file(blob_id blob, int fd);
    void remove_own_file(blob_id blob) noexcept;
    /// Blobs that have files of their own.
    [[nodiscard]] std::vector<blob_id> own_files() const;
    /// Somebody has a reservation for the file, which may be committed yet.
    [[nodiscard]] bool is_reserved(blob_id own_file) const;
    [[nodiscard]] std::filesystem::path segment_path(std::uint32_t segment) const;
    [[nodiscard]] std::filesystem::path own_path(blob_id blob) const;
    /// Segments that have files.
    [[nodiscard]] std::vector<std::uint32_t> segments() const;

    /// An unlinked file for a body that is being received.
    [[nodiscard]] file_handle temporary() const;

    /// The file that holds a body; nullptr when it is gone.
    [[nodiscard]] file_handle open(blob_id blob, const blob_place& place);

    /// Gives the inner pages of octets that nobody reads any more back to the file system.
    void punch(const blob_place& place, std::uint64_t octets);
    void remove_segment(std::uint32_t segment);
    /// Somebody reads it, or has a reservation in it that may be committed yet.
    [[nodiscard]] bool is_in_use(std::uint32_t segment) const;

    /// The segment that new records go to now.
    [[nodiscard]] std::uint32_t current() const;
    [[nodiscard]] static std::uint64_t checksum(std::string_view octets) noexcept;
    [[nodiscard]] static std::uint64_t record_octets(std::uint64_t body_octets) noexcept {
        return head_octets + body_octets + tail_octets;
    }

private:
    file_handle segment_handle(std::uint32_t segment);
    file_handle handle_locked(std::uint32_t segment);  // mutex_ held
    void begin_segment();                              // mutex_ held
    void write_parts(std::uint32_t segment, std::span<iovec> parts, std::uint64_t offset);
    void sync_or_break(int fd, int (*call)(int), const std::string& what);
    void sync_names(const std::filesystem::path& folder);
    void give_back(const blob_place& begin, std::uint64_t octets);

    const std::filesystem::path folder_;
    const std::uint64_t segment_octets_;
    store_health& health_;
    std::function<void()> dropped_listener_;
    mutable std::mutex mutex_;
    std::uint32_t current_ = 0;  // 0: none begun yet
    std::uint64_t end_ = 0;      // first unreserved octet of it
    std::uint32_t highest_ = 0;
    std::map<std::uint32_t, file_handle> open_;
    std::vector<reservation> dropped_;  // in its own right no more: see give_back
    std::set<blob_id> reserved_files_;
    std::mutex give_back_mutex_;
    std::mutex sync_mutex_;  // a failed sync tells only one caller: the others must wait for it
    std::set<std::uint32_t> spoiled_;  // by a failed sync
};

}  // namespace hauspost::storage::lmdb
