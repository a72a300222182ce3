#include "storage/lmdb/segment_files.hpp"

#include "storage/lmdb/db_error.hpp"

#include <fcntl.h>
#include <unistd.h>
#include <xxhash.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cstdio>
#include <exception>
#include <utility>

namespace hauspost::storage::lmdb {
namespace {

constexpr std::size_t max_open_files = 128;  // see connections_for_open_files
constexpr std::size_t page = 4096;

/// "seg-0000002a" -> 42; 0 when the name is none of ours.
std::uint32_t segment_number(const std::string& name) {
    std::uint32_t number = 0;
    if (name.size() != 12 || !name.starts_with("seg-")) return 0;
    const auto* end = name.data() + name.size();
    const auto parsed = std::from_chars(name.data() + 4, end, number, 16);
    return parsed.ec == std::errc() && parsed.ptr == end ? number : 0;
}

}  // namespace

open_file::~open_file() {
    ::close(fd_);
}

void sync_folder(const std::filesystem::path& folder) {
    const int fd = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0) throw_errno(errno, "open " + folder.string());
    const open_file closer(fd);
    if (fsync(fd) != 0) throw_errno(errno, "fsync " + folder.string());
}

segment_files::segment_files(std::filesystem::path folder,
                             const std::vector<known_segment>& known,
                             std::uint64_t segment_octets,
                             store_health& health)
    : folder_(std::move(folder)), segment_octets_(segment_octets), health_(health) {
    std::filesystem::create_directories(folder_ / "big");
    sync_folder(folder_);
    for (const auto& entry : std::filesystem::directory_iterator(folder_)) {
        const auto number = segment_number(entry.path().filename());
        if (number == 0) continue;
        const auto row = std::find_if(known.begin(), known.end(),
                                      [&](const auto& segment) { return segment.id == number; });
        if (row == known.end())
            std::filesystem::remove(entry.path());  // begun, never committed to
        else if (entry.file_size() > row->committed)
            std::filesystem::resize_file(entry.path(), row->committed);
    }
    for (const auto& segment : known) {
        std::error_code missing;
        const auto size = std::filesystem::file_size(segment_path(segment.id), missing);
        if (missing || size < segment.committed)
            throw fault("message file " + segment_path(segment.id).string() +
                        " is missing or too short: restore it from a backup");
        highest_ = std::max(highest_, segment.id);
    }
    if (!known.empty() && known.back().committed < segment_octets_) {
        current_ = known.back().id;
        end_ = known.back().committed;
    }
}

std::filesystem::path segment_files::segment_path(std::uint32_t segment) const {
    std::array<char, 16> name{};
    std::snprintf(name.data(), name.size(), "seg-%08x", segment);
    return folder_ / name.data();
}

std::filesystem::path segment_files::own_path(blob_id blob) const {
    std::array<char, 24> name{};
    std::snprintf(name.data(), name.size(), "%016llx",
                  static_cast<unsigned long long>(blob.value()));
    return folder_ / "big" / name.data();
}

void segment_files::begin_segment() {
    // A number is never tried twice: what a failed try left is no hindrance to the next one.
    const auto next = ++highest_;
    const auto path = segment_path(next);
    const int fd = ::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0) throw_errno(errno, "create " + path.string());
    auto handle = std::make_shared<const open_file>(fd);
    sync_names(folder_);
    open_[next] = std::move(handle);
    current_ = next;
    end_ = 0;
}

segment_files::reservation segment_files::reserve(std::uint64_t octets) {
    const std::lock_guard lock(mutex_);
    if (current_ == 0 || end_ + record_octets(octets) > segment_octets_) begin_segment();
    reservation taken;
    taken.place_ = {current_, end_ + head_octets};
    taken.octets_ = octets;
    taken.file_ = handle_locked(current_);
    if (!taken.file_) throw fault("segment file is gone while it is written");
    end_ += record_octets(octets);
    taken.owner_ = this;
    return taken;
}

// --- reservations --------------------------------------------------------------------------------

segment_files::reservation::reservation(reservation&& other) noexcept {
    *this = std::move(other);
}

segment_files::reservation& segment_files::reservation::operator=(reservation&& other) noexcept {
    if (this == &other) return *this;
    drop();
    owner_ = std::exchange(other.owner_, nullptr);
    place_ = other.place_;
    octets_ = other.octets_;
    own_file_ = other.own_file_;
    file_ = std::move(other.file_);
    return *this;
}

void segment_files::reservation::keep() noexcept {
    if (owner_ != nullptr && own_file_) {
        const std::lock_guard lock(owner_->mutex_);
        owner_->reserved_files_.erase(own_file_);
    }
    owner_ = nullptr;
    file_.reset();
}

/// Only noted here: this may be a network thread, and giving room back takes the disk's time.
void segment_files::reservation::drop() noexcept {
    if (owner_ == nullptr) return;
    auto& owner = *owner_;
    {
        const std::lock_guard lock(owner.mutex_);
        owner.dropped_.push_back(std::move(*this));
        owner.dropped_.back().owner_ = nullptr;
    }
    if (owner.dropped_listener_) owner.dropped_listener_();
}

void segment_files::give_back() {
    // Who comes second finds the room of the first one given back, too.
    const std::lock_guard one_at_a_time(give_back_mutex_);
    std::vector<reservation> dropped;
    {
        const std::lock_guard lock(mutex_);
        dropped.swap(dropped_);
    }
    // A commit that failed half-way may refer to them after all: the next start knows.
    if (health_.is_broken()) return;
    std::map<std::uint32_t, std::map<std::uint64_t, std::uint64_t>> ranges;  // begin to end
    for (const auto& one : dropped) {
        if (!one.own_file_) {
            const auto begin = one.place_.offset - head_octets;
            ranges[one.place_.segment][begin] = begin + record_octets(one.octets_);
            continue;
        }
        remove_own_file(one.own_file_);
        const std::lock_guard lock(mutex_);
        reserved_files_.erase(one.own_file_);
    }
    std::exception_ptr fault;
    for (const auto& [segment, records] : ranges)
        // The last ones first, so that the end of the current segment goes back over all of them.
        for (auto at = records.rbegin(); at != records.rend();) {
            auto begin = at->first;
            const auto end = at->second;
            // Neighbours are one range: of each alone the pages at its edges would stay.
            for (++at; at != records.rend() && at->second == begin; ++at)
                begin = at->first;
            try {
                give_back({segment, begin}, end - begin);
            } catch (...) {
                fault = std::current_exception();  // the others go all the same
            }
        }
    if (fault) std::rethrow_exception(fault);
}

void segment_files::give_back(const blob_place& begin, std::uint64_t octets) {
    punch(begin, octets);
    const std::lock_guard lock(mutex_);
    if (begin.segment == current_ && end_ == begin.offset + octets) end_ = begin.offset;
}

void segment_files::abandon(std::uint32_t segment) {
    const std::lock_guard lock(mutex_);
    if (current_ == segment) current_ = 0;
}

/// Whatever sync it is that fails: what the kernel holds and what the disk has are two things from
/// then on. Want of room is no such failure: it is met before anything is promised.
void segment_files::sync_or_break(int fd, int (*call)(int), const std::string& what) {
    if (call(fd) == 0) return;
    const int code = errno;
    try {
        throw_errno(code, what);
    } catch (const storage_full&) {
        throw;
    } catch (const fault& error) {
        health_.broke(error.what());
        throw;
    }
}

void segment_files::sync_names(const std::filesystem::path& folder) {
    const int fd = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0) throw_errno(errno, "open " + folder.string());
    const open_file closer(fd);
    sync_or_break(fd, fsync, "sync the names in " + folder.string());
}

void segment_files::sync(std::uint32_t segment) {
    const auto file = segment_handle(segment);
    if (!file) throw fault("segment file is gone before its sync");
    const std::lock_guard one_at_a_time(sync_mutex_);
    if (spoiled_.contains(segment)) throw storage_full("an earlier sync of the segment failed");
    try {
        sync_or_break(file->fd(), fdatasync, "sync message octets");
    } catch (...) {
        spoiled_.insert(segment);
        abandon(segment);
        throw;
    }
}

segment_files::reservation segment_files::link_own_file(blob_id blob, int fd) {
    sync_or_break(fd, fdatasync, "sync message octets");
    reservation taken;
    taken.own_file_ = blob;
    {
        const std::lock_guard lock(mutex_);
        reserved_files_.insert(blob);
    }
    taken.owner_ = this;
    const auto from = "/proc/self/fd/" + std::to_string(fd);
    if (linkat(AT_FDCWD, from.c_str(), AT_FDCWD, own_path(blob).c_str(), AT_SYMLINK_FOLLOW) != 0)
        throw_errno(errno, "name message file");
    sync_names(folder_ / "big");
    return taken;
}

void segment_files::remove_own_file(blob_id blob) noexcept {
    ::unlink(own_path(blob).c_str());
}

std::vector<blob_id> segment_files::own_files() const {
    std::vector<blob_id> found;
    for (const auto& entry : std::filesystem::directory_iterator(folder_ / "big")) {
        const std::string name = entry.path().filename();
        std::uint64_t number = 0;
        const auto* end = name.data() + name.size();
        if (std::from_chars(name.data(), end, number, 16).ptr == end) found.emplace_back(number);
    }
    return found;
}

bool segment_files::is_reserved(blob_id own_file) const {
    const std::lock_guard lock(mutex_);
    return reserved_files_.contains(own_file);
}

std::vector<std::uint32_t> segment_files::segments() const {
    std::vector<std::uint32_t> found;
    for (const auto& entry : std::filesystem::directory_iterator(folder_))
        if (const auto number = segment_number(entry.path().filename()); number != 0)
            found.push_back(number);
    return found;
}

file_handle segment_files::temporary() const {
    const int fd = ::open(folder_.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    if (fd < 0) throw_errno(errno, "temporary file in " + folder_.string());
    return std::make_shared<const open_file>(fd);
}

file_handle segment_files::segment_handle(std::uint32_t segment) {
    const std::lock_guard lock(mutex_);
    return handle_locked(segment);
}

file_handle segment_files::handle_locked(std::uint32_t segment) {
    if (const auto found = open_.find(segment); found != open_.end()) return found->second;
    const int fd = ::open(segment_path(segment).c_str(), O_RDWR | O_CLOEXEC);
    if (fd < 0 && errno == ENOENT) return nullptr;
    if (fd < 0) throw_errno(errno, "open " + segment_path(segment).string());
    if (open_.size() >= max_open_files)
        std::erase_if(open_, [this](const auto& entry) {
            return entry.first != current_ && entry.second.use_count() == 1;
        });
    return open_[segment] = std::make_shared<const open_file>(fd);
}

file_handle segment_files::open(blob_id blob, const blob_place& place) {
    if (place.segment != 0) return segment_handle(place.segment);
    const int fd = ::open(own_path(blob).c_str(), O_RDONLY | O_CLOEXEC);
    if (fd < 0 && errno == ENOENT) return nullptr;
    if (fd < 0) throw_errno(errno, "open " + own_path(blob).string());
    return std::make_shared<const open_file>(fd);
}

void segment_files::punch(const blob_place& place, std::uint64_t octets) {
    // Whole pages inside the body only: the record's head stays readable.
    const auto first = (place.offset + page - 1) / page * page;
    const auto last = (place.offset + octets) / page * page;
    if (last <= first) return;
    const auto file = segment_handle(place.segment);
    if (!file) return;  // the whole segment went meanwhile
    const int code = fallocate(file->fd(), FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE,
                               static_cast<off_t>(first), static_cast<off_t>(last - first));
    if (code != 0 && errno != EOPNOTSUPP) throw_errno(errno, "punch hole");
}

void segment_files::remove_segment(std::uint32_t segment) {
    const std::lock_guard lock(mutex_);
    open_.erase(segment);
    if (::unlink(segment_path(segment).c_str()) != 0 && errno != ENOENT)
        throw_errno(errno, "remove " + segment_path(segment).string());
}

bool segment_files::is_in_use(std::uint32_t segment) const {
    const std::lock_guard lock(mutex_);
    const auto found = open_.find(segment);
    return segment == current_ || (found != open_.end() && found->second.use_count() > 1);
}

std::uint32_t segment_files::current() const {
    const std::lock_guard lock(mutex_);
    return current_;
}

std::uint64_t segment_files::checksum(std::string_view octets) noexcept {
    return XXH3_64bits(octets.data(), octets.size());
}

}  // namespace hauspost::storage::lmdb
