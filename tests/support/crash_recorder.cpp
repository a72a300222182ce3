/// LD_PRELOAD library: logs every change of files below $HAUSPOST_RECORD_DIR to
/// $HAUSPOST_RECORD_LOG, with contents and order, so that tests can rebuild what a disk may hold
/// after a power cut (tests/storage/crash_image.hpp). $HAUSPOST_CRASH_MUTANT makes it lie, to prove
/// that the tests notice.
///
/// Only raw system calls and static memory: it runs inside programs with any sanitizer, and before
/// their own start.

#include "tests/support/crash_log.hpp"

#include <fcntl.h>
#include <pthread.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstdarg>
#include <cstdio>
#include <cstdlib>
#include <cstring>

using hauspost::test::crash_entry;
using hauspost::test::crash_event;

namespace {

constexpr int max_fds = 4096;
constexpr std::uint32_t max_files = 4096;
constexpr std::size_t max_path = 128;

struct tracked_fd {
    std::uint32_t file = 0;  // 0: not ours
    bool is_folder = false;
    bool is_dsync = false;
};

tracked_fd fds[max_fds];
char paths[max_files][max_path];  // by file number; empty: no name (yet, or any more)
std::uint32_t file_count = 0;
std::atomic<std::uint32_t> last_serial{0};
std::uint32_t late_syncs[16];
std::size_t late_count = 0;
pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

struct guard {
    guard() { pthread_mutex_lock(&mutex); }
    ~guard() { pthread_mutex_unlock(&mutex); }
};

int log_fd() {
    static const int fd = [] {
        const char* path = getenv("HAUSPOST_RECORD_LOG");
        if (path == nullptr) return -1;
        return static_cast<int>(
            syscall(SYS_openat, AT_FDCWD, path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600));
    }();
    return fd;
}

bool mutant(const char* name) {
    static const char* chosen = getenv("HAUSPOST_CRASH_MUTANT");
    return chosen != nullptr && strcmp(chosen, name) == 0;
}

/// The path inside the recorded folder; nullptr when it is not ours. Locks are not recorded.
const char* inside(const char* path) {
    static const char* folder = getenv("HAUSPOST_RECORD_DIR");
    static const std::size_t length = folder == nullptr ? 0 : strlen(folder);
    if (length == 0 || strncmp(path, folder, length) != 0) return nullptr;
    if (path[length] == '\0') return ".";
    if (path[length] != '/') return nullptr;
    const char* rest = path + length + 1;
    while (*rest == '/')
        ++rest;
    if (strcmp(rest, "lock") == 0 || strcmp(rest, "meta/lock.mdb") == 0) return nullptr;
    return *rest == '\0' ? "." : rest;
}

[[noreturn]] void give_up(const char* why) {
    dprintf(2, "crash_recorder: %s\n", why);
    _exit(99);
}

std::uint32_t log(crash_event event,
                  std::uint32_t file,
                  std::uint64_t offset,
                  const iovec* parts,
                  int count,
                  std::uint32_t serial = 0) {
    constexpr int most = 256;
    iovec all[most + 1];
    crash_entry entry{event, {}, serial != 0 ? serial : ++last_serial, file, 0, offset};
    if (count > most) give_up("too many parts in one write");
    for (int n = 0; n < count; ++n) {
        all[n + 1] = parts[n];
        entry.length += static_cast<std::uint32_t>(parts[n].iov_len);
    }
    all[0] = {&entry, sizeof(entry)};
    const auto wanted = static_cast<long>(sizeof(entry) + entry.length);
    if (syscall(SYS_writev, log_fd(), all, count + 1) != wanted) give_up("cannot write the log");
    return entry.serial;
}

std::uint32_t log_text(crash_event event, std::uint32_t file, const char* text) {
    const iovec part{const_cast<char*>(text), strlen(text)};
    return log(event, file, 0, &part, 1);
}

void log_end(crash_event event, std::uint32_t serial) {
    log(event, 0, 0, nullptr, 0, serial);
}

std::uint32_t find_file(const char* path) {
    for (std::uint32_t n = 1; n <= file_count; ++n)
        if (strcmp(paths[n], path) == 0) return n;
    return 0;
}

std::uint32_t new_file(const char* path) {
    if (++file_count >= max_files || strlen(path) >= max_path) give_up("too many files");
    strcpy(paths[file_count], path);
    return file_count;
}

tracked_fd tracked(int fd) {
    const guard lock;
    return fd >= 0 && fd < max_fds ? fds[fd] : tracked_fd{};
}

void track(int fd, const char* path, int flags) {
    const guard lock;
    if (fd >= max_fds) give_up("too many descriptors");
    tracked_fd& entry = fds[fd];
    entry = {};
    const bool is_temporary = (flags & O_TMPFILE) == O_TMPFILE;
    entry.is_folder = !is_temporary && (flags & O_DIRECTORY) != 0;
    entry.is_dsync = (flags & O_DSYNC) != 0;
    entry.file = is_temporary ? new_file("") : find_file(path);
    if (entry.file != 0) return;
    entry.file = new_file(path);
    if (!entry.is_folder) log_end(crash_event::done, log_text(crash_event::name, entry.file, path));
}

int do_open(int folder, const char* path, int flags, mode_t mode) {
    const auto fd = static_cast<int>(syscall(SYS_openat, folder, path, flags, mode));
    const char* own = inside(path);
    const bool is_write = (flags & O_ACCMODE) != O_RDONLY || (flags & O_DIRECTORY) != 0;
    if (fd >= 0 && own != nullptr && is_write) track(fd, own, flags);
    return fd;
}

ssize_t do_write(int fd, const iovec* parts, int count, std::int64_t offset, bool at_position) {
    const auto own = tracked(fd);
    const auto call = [&]() -> ssize_t {
        return at_position ? syscall(SYS_writev, fd, parts, count)
                           : syscall(SYS_pwritev, fd, parts, count, offset, 0);
    };
    if (own.file == 0) return call();
    if (at_position) offset = syscall(SYS_lseek, fd, 0, SEEK_CUR);
    const auto serial =
        log(crash_event::write, own.file, static_cast<std::uint64_t>(offset), parts, count);
    const auto done = call();
    std::size_t wanted = 0;
    for (int n = 0; n < count; ++n)
        wanted += parts[n].iov_len;
    if (done != static_cast<ssize_t>(wanted)) give_up("a short write");
    log_end(crash_event::done, serial);
    if (own.is_dsync && !mutant("no_meta_sync")) {
        log_end(crash_event::durable, serial);
        const guard lock;
        while (late_count > 0)
            log_end(crash_event::sync_end,
                    log(crash_event::sync, late_syncs[--late_count], 0, nullptr, 0));
    }
    return done;
}

int do_sync(int fd, long call) {
    const auto own = tracked(fd);
    if (own.file == 0) return static_cast<int>(syscall(call, fd));
    const bool is_segment = strncmp(paths[own.file], "blobs/seg-", 10) == 0;
    if (is_segment && mutant("no_segment_sync")) return 0;
    if (own.is_folder && mutant("no_folder_sync")) return 0;
    if (is_segment && mutant("late_segment_sync")) {
        const guard lock;
        if (late_count < 16) late_syncs[late_count++] = own.file;
        return 0;
    }
    const auto serial = own.is_folder ? log_text(crash_event::sync, 0, paths[own.file])
                                      : log(crash_event::sync, own.file, 0, nullptr, 0);
    const auto code = static_cast<int>(syscall(call, fd));
    if (code == 0) log_end(crash_event::sync_end, serial);
    return code;
}

int do_unlink(int folder, const char* path, int flags) {
    const char* own = inside(path);
    std::uint32_t serial = 0;
    if (own != nullptr) {
        serial = log_text(crash_event::unname, 0, own);
        const guard lock;
        if (const auto file = find_file(own); file != 0) paths[file][0] = '\0';
    }
    const auto code = static_cast<int>(syscall(SYS_unlinkat, folder, path, flags));
    if (serial != 0) log_end(crash_event::done, serial);
    return code;
}

int do_truncate(std::uint32_t file, std::int64_t size, long call, long what) {
    std::uint32_t serial = 0;
    if (file != 0)
        serial = log(crash_event::truncate, file, static_cast<std::uint64_t>(size), nullptr, 0);
    const auto code = static_cast<int>(syscall(call, what, size));
    if (serial != 0) log_end(crash_event::done, serial);
    return code;
}

mode_t mode_of(int flags, va_list arguments) {
    const bool is_given = (flags & O_CREAT) != 0 || (flags & O_TMPFILE) == O_TMPFILE;
    return is_given ? static_cast<mode_t>(va_arg(arguments, int)) : 0;
}

}  // namespace

extern "C" {

/// What the workload wants to say, in its place among the writes.
__attribute__((visibility("default"))) void hauspost_crash_note(const char* text) {
    log_text(crash_event::note, 0, text);
}

int open(const char* path, int flags, ...) {
    va_list arguments;
    va_start(arguments, flags);
    const auto mode = mode_of(flags, arguments);
    va_end(arguments);
    return do_open(AT_FDCWD, path, flags, mode);
}
int open64(const char* path, int flags, ...) {
    va_list arguments;
    va_start(arguments, flags);
    const auto mode = mode_of(flags, arguments);
    va_end(arguments);
    return do_open(AT_FDCWD, path, flags, mode);
}
int openat(int folder, const char* path, int flags, ...) {
    va_list arguments;
    va_start(arguments, flags);
    const auto mode = mode_of(flags, arguments);
    va_end(arguments);
    return do_open(folder, path, flags, mode);
}
int close(int fd) {
    if (fd >= 0 && fd < max_fds) {
        const guard lock;
        fds[fd] = {};
    }
    return static_cast<int>(syscall(SYS_close, fd));
}
ssize_t write(int fd, const void* octets, size_t count) {
    const iovec part{const_cast<void*>(octets), count};
    return do_write(fd, &part, 1, 0, true);
}
ssize_t writev(int fd, const iovec* parts, int count) {
    return do_write(fd, parts, count, 0, true);
}
ssize_t pwrite(int fd, const void* octets, size_t count, off_t offset) {
    const iovec part{const_cast<void*>(octets), count};
    return do_write(fd, &part, 1, offset, false);
}
ssize_t pwrite64(int fd, const void* octets, size_t count, off64_t offset) {
    return pwrite(fd, octets, count, offset);
}
ssize_t pwritev(int fd, const iovec* parts, int count, off_t offset) {
    return do_write(fd, parts, count, offset, false);
}
ssize_t pwritev64(int fd, const iovec* parts, int count, off64_t offset) {
    return do_write(fd, parts, count, offset, false);
}
int fdatasync(int fd) {
    return do_sync(fd, SYS_fdatasync);
}
int fsync(int fd) {
    return do_sync(fd, SYS_fsync);
}
int ftruncate(int fd, off_t size) noexcept {
    return do_truncate(tracked(fd).file, size, SYS_ftruncate, fd);
}
int ftruncate64(int fd, off64_t size) noexcept {
    return ftruncate(fd, size);
}
int truncate(const char* path, off_t size) noexcept {
    const char* own = inside(path);
    const guard lock;
    return do_truncate(own == nullptr ? 0 : find_file(own), size, SYS_truncate,
                       reinterpret_cast<long>(path));
}
int fallocate(int fd, int mode, off_t offset, off_t length) {
    const auto own = tracked(fd);
    const iovec part{&length, sizeof(length)};
    std::uint32_t serial = 0;
    if (own.file != 0)
        serial = log(crash_event::punch, own.file, static_cast<std::uint64_t>(offset), &part, 1);
    const auto code = static_cast<int>(syscall(SYS_fallocate, fd, mode, offset, length));
    if (serial != 0) log_end(crash_event::done, serial);
    return code;
}
int linkat(int from_folder, const char* from, int to_folder, const char* to, int flags) noexcept {
    constexpr const char* by_fd = "/proc/self/fd/";
    const char* own = inside(to);
    std::uint32_t serial = 0;
    if (own != nullptr) {
        if (strncmp(from, by_fd, strlen(by_fd)) != 0) give_up("a link that is not from /proc");
        const auto file = tracked(atoi(from + strlen(by_fd))).file;
        serial = log_text(crash_event::name, file, own);
        const guard lock;
        strcpy(paths[file], own);
    }
    const auto code =
        static_cast<int>(syscall(SYS_linkat, from_folder, from, to_folder, to, flags));
    if (serial != 0) log_end(crash_event::done, serial);
    return code;
}
int mkdir(const char* path, mode_t mode) noexcept {
    const auto code = static_cast<int>(syscall(SYS_mkdirat, AT_FDCWD, path, mode));
    const char* own = inside(path);
    if (code == 0 && own != nullptr)
        log_end(crash_event::done, log_text(crash_event::name, 0, own));
    return code;
}
int unlink(const char* path) noexcept {
    return do_unlink(AT_FDCWD, path, 0);
}
int unlinkat(int folder, const char* path, int flags) noexcept {
    return do_unlink(folder, path, flags);
}
int remove(const char* path) noexcept {
    return do_unlink(AT_FDCWD, path, 0);
}
int rename(const char* from, const char* to) noexcept {
    if (inside(from) != nullptr || inside(to) != nullptr) give_up("rename is not recorded");
    return static_cast<int>(syscall(SYS_renameat, AT_FDCWD, from, AT_FDCWD, to));
}

}  // extern "C"
