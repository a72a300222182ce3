#include "storage/index/index_disk.hpp"

#include "storage/fault.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <xxhash.h>

#include <cerrno>
#include <system_error>
#include <utility>

namespace hauspost::storage::index {
namespace {

constexpr std::size_t write_at_once = 256 * 1024;

std::string reason(int error) {
    return " (" + std::generic_category().message(error) + ")";
}

[[noreturn]] void throw_written(const std::filesystem::path& path, int error) {
    throw fault("the index cannot write " + path.filename().string() + reason(error));
}

}  // namespace

output_file::output_file(std::filesystem::path path) : path_(std::move(path)) {
    fd_ = open(path_.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd_ < 0) throw_written(path_, errno);
}

output_file::~output_file() {
    if (fd_ >= 0) close(fd_);
    if (!is_kept_) unlink(path_.c_str());  // else it stays until the index is written next
}

void output_file::append(std::string_view octets) {
    waiting_ += octets;
    size_ += octets.size();
    if (waiting_.size() >= write_at_once) flush();
}

void output_file::flush() {
    std::string_view left = waiting_;
    while (!left.empty()) {
        const auto done = write(fd_, left.data(), left.size());
        if (done < 0 && errno == EINTR) continue;
        if (done < 0) throw_written(path_, errno);
        left.remove_prefix(static_cast<std::size_t>(done));
    }
    waiting_.clear();
}

void output_file::finish() {
    flush();
    if (fdatasync(fd_) != 0) throw_written(path_, errno);
    if (close(std::exchange(fd_, -1)) != 0) throw_written(path_, errno);
}

input_file::input_file(const std::filesystem::path& path) : name_(path.filename().string()) {
    fd_ = open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    if (fd_ < 0) {
        const int error = errno;
        const auto why = name_ + " cannot be opened" + reason(error);
        if (error == EMFILE || error == ENFILE || error == ENOMEM) throw fault(why);
        throw damaged_index(why);
    }
    struct stat is {};
    if (fstat(fd_, &is) == 0 && S_ISREG(is.st_mode)) return;
    close(fd_);
    throw damaged_index(name_ + " is no file");
}

input_file::~input_file() {
    close(fd_);
}

void input_file::read(std::uint64_t offset, std::span<char> into) const {
    while (!into.empty()) {
        const auto done = pread(fd_, into.data(), into.size(), static_cast<off_t>(offset));
        if (done < 0 && errno == EINTR) continue;
        if (done < 0) throw damaged_index(name_ + " cannot be read" + reason(errno));
        if (done == 0) throw damaged_index(name_ + " is too short");
        offset += static_cast<std::uint64_t>(done);
        into = into.subspan(static_cast<std::size_t>(done));
    }
}

std::uint64_t input_file::size() const {
    struct stat is {};
    if (fstat(fd_, &is) != 0) throw damaged_index(name_ + " cannot be read" + reason(errno));
    return static_cast<std::uint64_t>(is.st_size);
}

void sync_names_in(const std::filesystem::path& folder) {
    const int fd = open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0) throw_written(folder, errno);
    const int failed = fsync(fd) == 0 ? 0 : errno;
    close(fd);
    if (failed != 0) throw_written(folder, failed);
}

std::uint64_t octets_below(const std::filesystem::path& folder) {
    std::uint64_t octets = 0;
    std::error_code gone;
    std::filesystem::recursive_directory_iterator at(folder, gone);
    for (; !gone && at != std::filesystem::end(at); at.increment(gone)) {
        std::error_code failed;
        const auto size = at->is_regular_file(failed) ? at->file_size(failed) : 0;
        if (!failed) octets += size;
    }
    return octets;
}

std::uint64_t checksum_of(std::string_view octets, std::uint64_t seed) {
    return XXH3_64bits_withSeed(octets.data(), octets.size(), seed);
}

}  // namespace hauspost::storage::index
