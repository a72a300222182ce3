/// Preloaded: the next fdatasync of a message segment gives EIO when the file that
/// HAUSPOST_FAIL_SYNC names is there; it is removed then, so that the kernel "forgets" the failure
/// as it does.
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

extern "C" int fdatasync(int fd) {
    char link[64], path[4096];
    snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
    const long octets = readlink(link, path, sizeof(path) - 1);
    path[octets > 0 ? octets : 0] = '\0';
    const char* order = getenv("HAUSPOST_FAIL_SYNC");
    if (order != nullptr && strstr(path, "/blobs/seg-") != nullptr && unlink(order) == 0) {
        errno = EIO;
        return -1;
    }
    return static_cast<int>(syscall(SYS_fdatasync, fd));
}
