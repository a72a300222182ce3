#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <utility>

namespace hauspost::server {

/// The right to use a data folder: one process at a time. The system gives it back when the process
/// ends, however it ends, so a crash leaves nothing to clean up.
class instance_lock {
public:
    /// Makes the folder (mode 0700) when it is missing.
    ///
    /// Returns  nullopt when another process has the lock
    /// Throws   std::runtime_error in words for the operator: no permission, no folder possible
    [[nodiscard]] static std::optional<instance_lock> try_take(
        const std::filesystem::path& data_dir);

    instance_lock(instance_lock&& other) noexcept : file_(std::exchange(other.file_, -1)) {}
    instance_lock& operator=(instance_lock&&) = delete;
    ~instance_lock();

private:
    explicit instance_lock(int file) : file_(file) {}
    int file_;
};

}  // namespace hauspost::server
