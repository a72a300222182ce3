#include "storage/lmdb/staged.hpp"

#include "storage/lmdb/db_error.hpp"

#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>

namespace hauspost::storage {

staged_body::~staged_body() {
    if (map_ != nullptr) munmap(map_, octets_);
    if (is_placed_ && !is_kept_ && placed_.place.segment == 0)
        area_.files.remove_own_file(placed_.blob);
}

awaitable<error_code> staged_body::write(std::string_view octets) {
    if (area_.is_disk_full) co_return make_error_code(errc::disk_full);
    octets_ += octets.size();
    memory_.append(octets);
    if (memory_.size() <= max_memory_octets) co_return error_code();
    co_return co_await on_pool(&staged_body::spill);
}

awaitable<error_code> staged_body::finish() {
    placed_.blob = area_.ids.take();
    placed_.octets = octets_;
    if (octets_ < placed_by_writer_octets) co_return error_code();
    co_return co_await on_pool(&staged_body::place);
}

awaitable<error_code> staged_body::on_pool(void (staged_body::*step)()) {
    auto work = [this, step]() -> errc {
        try {
            (this->*step)();
            return errc::ok;
        } catch (const storage_full&) {
            return errc::disk_full;
        }
    };
    const auto done = co_await area_.pool.run(std::move(work));
    if (!done) co_return make_error_code(errc::busy);
    if (*done != errc::ok) co_return make_error_code(*done);
    co_return error_code();
}

/// Moves what stands in memory to the temporary file.
void staged_body::spill() {
    if (!file_) file_ = area_.files.temporary();
    for (std::string_view rest = memory_; !rest.empty();) {
        const auto done =
            pwrite(file_->fd(), rest.data(), rest.size(), static_cast<off_t>(spilled_));
        if (done < 0 && errno == EINTR) continue;
        if (done < 0) throw_errno(errno, "write received octets");
        rest.remove_prefix(static_cast<std::size_t>(done));
        spilled_ += static_cast<std::uint64_t>(done);
    }
    memory_.clear();
}

void staged_body::place() {
    if (!file_) {
        const auto where = area_.files.reserve(octets_);
        const auto sum = segment_files::checksum(memory_);
        const segment_files::record one{placed_.blob, memory_, where.place, sum};
        area_.files.write({&one, 1});
        return set_place(where, sum);
    }
    if (!memory_.empty()) spill();
    memory_.shrink_to_fit();
    if (octets_ >= segment_files::own_file_octets) {
        const auto sum = segment_files::checksum(view());
        area_.files.link_own_file(placed_.blob, file_->fd());
        return set_place({}, sum);
    }
    const auto where = area_.files.reserve(octets_);
    set_place(where, area_.files.write_from_file(placed_.blob, where.place, file_->fd(), octets_));
}

void staged_body::set_place(segment_files::reservation where, std::uint64_t checksum) {
    placed_.place = where.place;
    pin_ = std::move(where.file);
    placed_.checksum = checksum;
    is_placed_ = true;
}

std::string_view staged_body::view() {
    if (!file_) return memory_;
    if (map_ == nullptr) {
        void* map = mmap(nullptr, octets_, PROT_READ, MAP_PRIVATE, file_->fd(), 0);
        if (map == MAP_FAILED) throw_errno(errno, "map received octets");
        map_ = map;
    }
    return {static_cast<const char*>(map_), octets_};
}

}  // namespace hauspost::storage
