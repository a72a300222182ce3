#include "storage/lmdb/free_space.hpp"

#include "base/log.hpp"
#include "storage/lmdb/db_error.hpp"

#include <sys/statvfs.h>

#include <cerrno>
#include <utility>

namespace hauspost::storage::lmdb {

free_space::free_space(std::filesystem::path folder, std::uint64_t reserve_octets)
    : folder_(std::move(folder)), reserve_octets_(reserve_octets) {}

std::uint64_t free_space::octets() const {
    struct statvfs info {};
    if (statvfs(folder_.c_str(), &info) != 0) throw_errno(errno, "statvfs " + folder_.string());
    return std::uint64_t{info.f_bavail} * info.f_frsize;
}

bool free_space::look() {
    if (reserve_octets_ == 0) return false;
    const auto left = octets();
    const bool low = left < reserve_octets_;
    if (low != is_low_.exchange(low))
        log::warn("disk_space state={} free_octets={} reserve_octets={}",
                  low ? "below_reserve" : "enough", left, reserve_octets_);
    return low;
}

}  // namespace hauspost::storage::lmdb
