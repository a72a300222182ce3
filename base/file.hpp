#pragma once

#include <cstddef>
#include <filesystem>
#include <string>

namespace hauspost {

/// The octets of a file, or why there are none.
struct file_contents {
    std::string octets;
    std::string fault;  // empty: read; else in words: "cannot be read (No such file or directory)"
};

/// Reads a regular file whole. A FIFO, a socket or a device is refused, so that this never waits
/// for whoever holds the other end.
///
/// max_octets  a larger file is refused, and nothing of it is kept
[[nodiscard]] file_contents read_file(const std::filesystem::path& path, std::size_t max_octets);

}  // namespace hauspost
