#pragma once

#include <atomic>
#include <cstddef>

namespace hauspost::storage::lmdb {

/// What all messages on their way in may hold together, of memory and of open files. Who gets
/// nothing is refused for the moment.
/// Thread  any
class staging_budget {
public:
    staging_budget(std::size_t memory_octets, std::size_t files) noexcept
        : memory_octets_(static_cast<std::ptrdiff_t>(memory_octets)),
          memory_left_(memory_octets_),
          files_left_(static_cast<std::ptrdiff_t>(files)) {}

    [[nodiscard]] bool take_memory(std::size_t octets) noexcept {
        return take(memory_left_, static_cast<std::ptrdiff_t>(octets));
    }
    void give_memory(std::size_t octets) noexcept {
        memory_left_ += static_cast<std::ptrdiff_t>(octets);
    }
    [[nodiscard]] bool take_file() noexcept { return take(files_left_, 1); }
    void give_file() noexcept { ++files_left_; }

    /// So little is taken that whoever asks may have more than its least: a crowd of strangers that
    /// send slowly soon gets the least alone.
    [[nodiscard]] bool has_plenty() const noexcept {
        return memory_octets_ - memory_left_ < memory_octets_ / 16;
    }

    [[nodiscard]] std::ptrdiff_t memory_left() const noexcept { return memory_left_; }
    [[nodiscard]] std::ptrdiff_t files_left() const noexcept { return files_left_; }

private:
    static bool take(std::atomic<std::ptrdiff_t>& left, std::ptrdiff_t wanted) noexcept {
        if (left.fetch_sub(wanted) >= wanted) return true;
        left += wanted;
        return false;
    }
    const std::ptrdiff_t memory_octets_;
    std::atomic<std::ptrdiff_t> memory_left_;
    std::atomic<std::ptrdiff_t> files_left_;
};

}  // namespace hauspost::storage::lmdb
