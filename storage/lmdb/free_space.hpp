#pragma once

#include <atomic>
#include <cstdint>
#include <filesystem>

namespace hauspost::storage::lmdb {

/// The room that is left on the disk of the store, and the reserve below which nothing that grows
/// is taken any more.
/// Thread  any
class free_space {
public:
    free_space(std::filesystem::path folder, std::uint64_t reserve_octets);

    /// Less than the reserve, as of the last look.
    [[nodiscard]] bool is_low() const noexcept { return is_low_; }
    /// Asks the file system (a microsecond); logs a change.
    /// Throws  fault
    bool look();
    /// Octets free for this process.
    /// Throws  fault
    [[nodiscard]] std::uint64_t octets() const;

private:
    const std::filesystem::path folder_;
    const std::uint64_t reserve_octets_;
    std::atomic<bool> is_low_ = false;
};

}  // namespace hauspost::storage::lmdb
