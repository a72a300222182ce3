#include "base/file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace hauspost {
namespace {

class descriptor {
public:
    // Without O_NONBLOCK the opening of a FIFO that nobody writes to waits for ever.
    explicit descriptor(const char* path)
        : number_(::open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY)) {}
    ~descriptor() {
        if (number_ >= 0) ::close(number_);
    }
    descriptor(const descriptor&) = delete;
    descriptor& operator=(const descriptor&) = delete;
    [[nodiscard]] int number() const noexcept { return number_; }

private:
    int number_;
};

file_contents failed(int reason) {
    return {{}, std::string("cannot be read (") + std::strerror(reason) + ")"};
}

}  // namespace

file_contents read_file(const std::filesystem::path& path, std::size_t max_octets) {
    const descriptor file(path.c_str());
    struct stat about {};
    if (file.number() < 0 || ::fstat(file.number(), &about) != 0) return failed(errno);
    if (S_ISDIR(about.st_mode)) return failed(EISDIR);
    if (!S_ISREG(about.st_mode)) return {{}, "cannot be read (it is not a regular file)"};
    file_contents read;
    // One octet more than is allowed tells that there is too much.
    while (read.octets.size() <= max_octets) {
        constexpr std::size_t piece = 64 * 1024;
        const auto before = read.octets.size();
        read.octets.resize(std::min(before + piece, max_octets + 1));
        const auto got =
            ::read(file.number(), read.octets.data() + before, read.octets.size() - before);
        if (got < 0) return failed(errno);
        read.octets.resize(before + static_cast<std::size_t>(got));
        if (got == 0) return read;
    }
    return {{}, "is larger than " + std::to_string(max_octets >> 20) + " MiB"};
}

}  // namespace hauspost
