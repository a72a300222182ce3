#include "tests/faults/faulty_calls.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdarg>
#include <cstdio>
#include <mutex>
#include <string>

namespace hauspost::storage::test {
namespace {

std::mutex mutex;
std::string folder;  // empty: nothing is watched
std::string part;
std::atomic<bool> is_watching = false;
std::atomic<bool> do_reads_fail = false;
std::uint64_t left = 0;  // calls until the one that fails; 0: none
call_fault fault_now = call_fault::io_error;
bool is_recording = false;
std::vector<call_kind> kinds;

std::string path_of(int fd) {
    std::array<char, 64> link{};
    std::snprintf(link.data(), link.size(), "/proc/self/fd/%d", fd);
    std::array<char, 4096> path{};
    const auto octets = readlink(link.data(), path.data(), path.size());
    return octets <= 0 ? std::string() : std::string(path.data(), static_cast<std::size_t>(octets));
}

bool is_watched(const std::string& path) {
    return !folder.empty() && path.starts_with(folder) && path.find(part) != std::string::npos;
}

/// The call on this file is the one that fails.
bool is_struck(const std::string& path, call_kind kind, call_fault& how) {
    const std::lock_guard lock(mutex);
    if (!is_watched(path)) return false;
    if (is_recording) kinds.push_back(kind);
    if (left == 0 || --left != 0) return false;
    how = fault_now;
    if (how == call_fault::killed) raise(SIGKILL);
    return true;
}

/// 0: the call goes on. Else errno is set.
int strike(const std::string& path, call_kind kind) {
    call_fault how{};
    if (!is_struck(path, kind, how)) return 0;
    errno = how == call_fault::no_space ? ENOSPC : EIO;
    return -1;
}

int strike(int fd, call_kind kind) {
    return is_watching ? strike(path_of(fd), kind) : 0;
}

int strike_name(const char* path, call_kind kind) {
    return is_watching ? strike(path, kind) : 0;
}

ssize_t write_at(int fd, const iovec* parts, int count, off_t offset, bool at_position) {
    call_fault how{};
    const auto call = [&](const iovec* all, int n) {
        return at_position ? syscall(SYS_writev, fd, all, n)
                           : syscall(SYS_pwritev, fd, all, n, offset, 0);
    };
    if (!is_watching || !is_struck(path_of(fd), call_kind::write, how)) return call(parts, count);
    if (how == call_fault::short_write) {
        iovec half = parts[0];
        half.iov_len /= 2;
        return call(&half, 1);
    }
    errno = how == call_fault::interrupted ? EINTR : how == call_fault::no_space ? ENOSPC : EIO;
    return -1;
}

ssize_t read_at(int fd, void* into, std::size_t octets, off_t offset) {
    if (do_reads_fail && is_watching && is_watched(path_of(fd))) {
        errno = EIO;
        return -1;
    }
    return syscall(SYS_pread64, fd, into, octets, offset);
}

int open_file(int at, const char* path, int flags, mode_t mode) {
    const bool is_new = (flags & O_CREAT) != 0 || (flags & O_TMPFILE) == O_TMPFILE;
    if (is_new && strike_name(path, call_kind::make) != 0) return -1;
    return static_cast<int>(syscall(SYS_openat, at, path, flags, mode));
}

mode_t mode_of(int flags, va_list arguments) {
    const bool is_given = (flags & O_CREAT) != 0 || (flags & O_TMPFILE) == O_TMPFILE;
    return is_given ? static_cast<mode_t>(va_arg(arguments, int)) : 0;
}

}  // namespace

faulty_calls::faulty_calls(const std::filesystem::path& watched) {
    const std::lock_guard lock(mutex);
    folder = std::filesystem::canonical(watched);
    part.clear();
    left = 0;
    is_recording = false;
    is_watching = true;
}

faulty_calls::~faulty_calls() {
    const std::lock_guard lock(mutex);
    is_watching = false;
    folder.clear();
    left = 0;
}

void faulty_calls::fail(std::uint64_t nth, call_fault how) {
    const std::lock_guard lock(mutex);
    left = nth;
    fault_now = how;
}

void faulty_calls::record() {
    const std::lock_guard lock(mutex);
    kinds.clear();
    is_recording = true;
}

std::vector<call_kind> faulty_calls::recorded() {
    const std::lock_guard lock(mutex);
    return kinds;
}

void faulty_calls::only(const char* part_of_path) {
    const std::lock_guard lock(mutex);
    part = part_of_path;
}

bool faulty_calls::has_failed() {
    const std::lock_guard lock(mutex);
    return left == 0;
}

failing_reads::failing_reads() {
    do_reads_fail = true;
}
failing_reads::~failing_reads() {
    do_reads_fail = false;
}

}  // namespace hauspost::storage::test

using namespace hauspost::storage::test;

extern "C" {

int open(const char* path, int flags, ...) {
    va_list arguments;
    va_start(arguments, flags);
    const auto mode = mode_of(flags, arguments);
    va_end(arguments);
    return open_file(AT_FDCWD, path, flags, mode);
}
int open64(const char* path, int flags, ...) {
    va_list arguments;
    va_start(arguments, flags);
    const auto mode = mode_of(flags, arguments);
    va_end(arguments);
    return open_file(AT_FDCWD, path, flags, mode);
}
ssize_t write(int fd, const void* octets, size_t count) {
    const iovec one{const_cast<void*>(octets), count};
    return write_at(fd, &one, 1, 0, true);
}
ssize_t writev(int fd, const iovec* parts, int count) {
    return write_at(fd, parts, count, 0, true);
}
ssize_t pwrite(int fd, const void* octets, size_t count, off_t offset) {
    const iovec one{const_cast<void*>(octets), count};
    return write_at(fd, &one, 1, offset, false);
}
ssize_t pwrite64(int fd, const void* octets, size_t count, off64_t offset) {
    return pwrite(fd, octets, count, offset);
}
ssize_t pwritev(int fd, const iovec* parts, int count, off_t offset) {
    return write_at(fd, parts, count, offset, false);
}
ssize_t pwritev64(int fd, const iovec* parts, int count, off64_t offset) {
    return write_at(fd, parts, count, offset, false);
}
ssize_t pread(int fd, void* into, size_t octets, off_t offset) {
    return read_at(fd, into, octets, offset);
}
ssize_t pread64(int fd, void* into, size_t octets, off64_t offset) {
    return read_at(fd, into, octets, offset);
}
ssize_t preadv2(int fd, const iovec* parts, int count, off_t offset, int flags) {
    if (do_reads_fail && is_watching && is_watched(path_of(fd))) {
        errno = EIO;
        return -1;
    }
    return syscall(SYS_preadv2, fd, parts, count, offset, 0, flags);
}
ssize_t preadv64v2(int fd, const iovec* parts, int count, off64_t offset, int flags) {
    return preadv2(fd, parts, count, offset, flags);
}
int fdatasync(int fd) {
    if (strike(fd, call_kind::sync) != 0) return -1;
    return static_cast<int>(syscall(SYS_fdatasync, fd));
}
int fsync(int fd) {
    if (strike(fd, call_kind::sync) != 0) return -1;
    return static_cast<int>(syscall(SYS_fsync, fd));
}
int fallocate(int fd, int mode, off_t offset, off_t length) {
    if (strike(fd, call_kind::hole) != 0) return -1;
    return static_cast<int>(syscall(SYS_fallocate, fd, mode, offset, length));
}
int fallocate64(int fd, int mode, off64_t offset, off64_t length) {
    return fallocate(fd, mode, offset, length);
}
int ftruncate(int fd, off_t octets) noexcept {
    if (strike(fd, call_kind::cut) != 0) return -1;
    return static_cast<int>(syscall(SYS_ftruncate, fd, octets));
}
int ftruncate64(int fd, off64_t octets) noexcept {
    return ftruncate(fd, octets);
}
int truncate(const char* path, off_t octets) noexcept {
    if (strike_name(path, call_kind::cut) != 0) return -1;
    return static_cast<int>(syscall(SYS_truncate, path, octets));
}
int truncate64(const char* path, off64_t octets) noexcept {
    return truncate(path, octets);
}
int linkat(int from_folder, const char* from, int to_folder, const char* to, int flags) noexcept {
    if (strike_name(to, call_kind::name) != 0) return -1;
    return static_cast<int>(syscall(SYS_linkat, from_folder, from, to_folder, to, flags));
}
int rename(const char* from, const char* to) noexcept {
    if (strike_name(to, call_kind::name) != 0) return -1;
    return static_cast<int>(syscall(SYS_rename, from, to));
}
int unlink(const char* path) noexcept {
    if (strike_name(path, call_kind::remove) != 0) return -1;
    return static_cast<int>(syscall(SYS_unlink, path));
}
int remove(const char* path) noexcept {
    if (strike_name(path, call_kind::remove) != 0) return -1;
    if (syscall(SYS_unlink, path) == 0) return 0;
    return errno == EISDIR ? static_cast<int>(syscall(SYS_rmdir, path)) : -1;
}
void* mmap(void* where, size_t octets, int access, int flags, int fd, off_t offset) noexcept {
    if (fd >= 0 && strike(fd, call_kind::map) != 0) {
        errno = ENOMEM;
        return MAP_FAILED;
    }
    return reinterpret_cast<void*>(syscall(SYS_mmap, where, octets, access, flags, fd, offset));
}
void* mmap64(void* where, size_t octets, int access, int flags, int fd, off64_t offset) noexcept {
    return mmap(where, octets, access, flags, fd, offset);
}

}  // extern "C"
