#include "server/app/instance_lock.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <stdexcept>

namespace hauspost::server {
namespace {

[[noreturn]] void refuse(const std::filesystem::path& path, const std::string& what, int reason) {
    throw std::runtime_error(path.string() + " " + what + ": " + std::strerror(reason) +
                             "; check data_dir and that the server's user may write there");
}

}  // namespace

std::optional<instance_lock> instance_lock::try_take(const std::filesystem::path& data_dir) {
    std::error_code failed;
    if (!std::filesystem::is_directory(data_dir, failed)) {
        std::filesystem::create_directories(data_dir.parent_path(), failed);
        if (::mkdir(data_dir.c_str(), 0700) != 0 && errno != EEXIST)
            refuse(data_dir, "cannot be made", errno);
    }
    const auto path = data_dir / "server.lock";
    const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (file < 0) refuse(path, "cannot be opened", errno);
    instance_lock taken(file);
    if (::flock(file, LOCK_EX | LOCK_NB) != 0) {
        if (errno == EWOULDBLOCK) return std::nullopt;
        refuse(path, "cannot be locked", errno);
    }
    // For people only: nothing reads it, so a number left by a crash does no harm.
    const auto pid = std::to_string(::getpid()) + "\n";
    if (::ftruncate(file, 0) != 0 || ::pwrite(file, pid.data(), pid.size(), 0) < 0)
        refuse(path, "cannot be written", errno);
    return taken;
}

instance_lock::~instance_lock() {
    if (file_ >= 0) ::close(file_);
}

}  // namespace hauspost::server
