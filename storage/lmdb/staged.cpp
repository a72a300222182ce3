#include "storage/lmdb/staged.hpp"

#include "storage/errc.hpp"
#include "storage/lmdb/db_error.hpp"

#include <sys/mman.h>
#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <utility>

namespace hauspost::storage::lmdb {

staged_body::~staged_body() {
    let_go();
}

/// Memory and temporary file are needed no more.
void staged_body::let_go() noexcept {
    if (map_ != nullptr) munmap(map_, octets_);
    map_ = nullptr;
    std::vector<char>().swap(memory_);
    area_.budget.give_memory(std::exchange(memory_share_, 0));
    file_.reset();
    if (std::exchange(has_file_share_, false)) area_.budget.give_file();
}

/// With so many octets more.
bool staged_body::may_stay_in_memory(std::size_t octets) const noexcept {
    const auto needed = memory_.size() + octets;
    if (needed <= max_memory_octets) return true;
    if (file_ || needed > max_memory_octets_of_few) return false;
    return needed <= memory_.capacity() || area_.budget.has_plenty();
}

/// Memory for so many octets more, from the budget. False: there is none at the moment.
bool staged_body::grow(std::size_t octets) {
    const auto needed = memory_.size() + octets;
    if (needed <= memory_.capacity()) return true;
    const auto most = needed <= max_memory_octets ? max_memory_octets : max_memory_octets_of_few;
    const auto wanted = std::clamp(memory_.capacity() * 2, needed, most);
    const auto more = wanted - memory_.capacity();
    if (!area_.budget.take_memory(more)) return false;
    memory_share_ += more;
    memory_.reserve(wanted);
    return true;
}

awaitable<error_code> staged_body::write(std::string_view octets) {
    if (area_.room.is_low()) co_return make_error_code(errc::disk_full);
    if (may_stay_in_memory(octets.size()) && grow(octets.size())) {
        memory_.insert(memory_.end(), octets.begin(), octets.end());
        octets_ += octets.size();
        co_return error_code();
    }
    const bool needs_memory_only = memory_.size() + octets.size() <= max_memory_octets;
    if (needs_memory_only || (!has_file_share_ && !area_.budget.take_file()))
        co_return make_error_code(errc::busy);
    has_file_share_ = true;
    auto step = [this, octets] { spill(octets); };
    const auto failed = co_await on_pool(std::move(step));
    if (!failed) octets_ += octets.size();
    co_return failed;
}

awaitable<error_code> staged_body::finish() {
    placed_.blob = area_.ids.take();
    placed_.octets = octets_;
    if (!file_ || memory_.empty()) co_return error_code();
    auto step = [this] { spill({}); };
    co_return co_await on_pool(std::move(step));
}

awaitable<error_code> staged_body::lay_down() {
    if (is_placed_) co_return error_code();
    auto step = [this] { place(); };
    co_return co_await on_pool(std::move(step));
}

template <class Step>
awaitable<error_code> staged_body::on_pool(Step step) {
    auto work = [this, step = std::move(step)]() -> errc {
        try {
            if (area_.room.look()) return errc::disk_full;
            step();
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

/// Moves what stands in memory, and what has just come, to the temporary file.
void staged_body::spill(std::string_view octets) {
    if (!file_) file_ = area_.files.temporary();
    const std::array<std::string_view, 2> parts = {memory(), octets};
    for (auto rest : parts)
        while (!rest.empty()) {
            const auto done =
                pwrite(file_->fd(), rest.data(), rest.size(), static_cast<off_t>(spilled_));
            if (done < 0 && errno == EINTR) continue;
            if (done < 0) throw_errno(errno, "write received octets");
            rest.remove_prefix(static_cast<std::size_t>(done));
            spilled_ += static_cast<std::uint64_t>(done);
        }
    memory_.clear();
    if (memory_.capacity() <= max_memory_octets) return;
    std::vector<char>().swap(memory_);
    area_.budget.give_memory(std::exchange(memory_share_, 0));
}

void staged_body::place() {
    if (!file_) {
        auto reserved = area_.files.reserve(octets_);
        placed_.checksum = segment_files::checksum(memory());
        const segment_files::record one{placed_.blob, memory(), reserved.place(), placed_.checksum};
        area_.files.write({&one, 1});
        reserved_ = std::move(reserved);
    } else if (octets_ >= segment_files::own_file_octets) {
        placed_.checksum = segment_files::checksum(view());
        reserved_ = area_.files.link_own_file(placed_.blob, file_->fd());
    } else {
        auto reserved = area_.files.reserve(octets_);
        placed_.checksum =
            area_.files.write_from_file(placed_.blob, reserved.place(), file_->fd(), octets_);
        reserved_ = std::move(reserved);
    }
    placed_.place = reserved_.place();
    is_placed_ = true;
    let_go();
}

std::string_view staged_body::view() {
    if (!file_) return memory();
    if (map_ == nullptr) {
        void* map = mmap(nullptr, octets_, PROT_READ, MAP_PRIVATE, file_->fd(), 0);
        if (map == MAP_FAILED) throw_errno(errno, "map received octets");
        map_ = map;
    }
    return {static_cast<const char*>(map_), octets_};
}

}  // namespace hauspost::storage::lmdb
