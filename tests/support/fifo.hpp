#pragma once

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <stdexcept>
#include <string>

namespace hauspost::test {

/// A named pipe with a reader that reads only when it is told to.
class fifo {
public:
    explicit fifo(const std::filesystem::path& path) {
        if (::mkfifo(path.c_str(), 0600) != 0) throw std::runtime_error("no fifo");
        file_ = ::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC);
        if (file_ < 0) throw std::runtime_error("no reader of the fifo");
    }
    ~fifo() { ::close(file_); }
    fifo(const fifo&) = delete;
    fifo& operator=(const fifo&) = delete;

    /// Waits until there is something; throws when nothing comes for half a minute.
    [[nodiscard]] std::string read_some() const {
        std::array<char, 65536> buffer{};
        pollfd one{file_, POLLIN, 0};
        if (::poll(&one, 1, 30'000) <= 0) throw std::runtime_error("nothing came");
        const auto count = ::read(file_, buffer.data(), buffer.size());
        return {buffer.data(), static_cast<std::size_t>(std::max<ssize_t>(count, 0))};
    }
    [[nodiscard]] std::string read_lines(std::ptrdiff_t lines) const {
        std::string text;
        while (std::count(text.begin(), text.end(), '\n') < lines)
            text += read_some();
        return text;
    }

private:
    int file_ = -1;
};

}  // namespace hauspost::test
