#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>

/// Files of an index: written once from the front to the end, then only read.
namespace hauspost::storage::index {

/// The files of an index cannot be used: it has to be built anew.
class damaged_index : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

/// A new file, which goes again unless it is kept.
///
/// Calling sequence: construct, append(...), finish(), keep().
/// Throws  storage::fault
class output_file {
public:
    explicit output_file(std::filesystem::path path);
    ~output_file();
    output_file(const output_file&) = delete;
    output_file& operator=(const output_file&) = delete;

    void append(std::string_view octets);
    [[nodiscard]] std::uint64_t size() const noexcept { return size_; }
    /// On stable storage when it returns; its name is when its folder is synced.
    void finish();
    void keep() noexcept { is_kept_ = true; }

private:
    void flush();

    std::filesystem::path path_;
    int fd_ = -1;
    std::string waiting_;
    std::uint64_t size_ = 0;
    bool is_kept_ = false;
};

/// An open file, readable also when its name is gone.
/// Throws  damaged_index: it is not there, shorter, or cannot be read; storage::fault: no more files
///         can be open at present
class input_file {
public:
    explicit input_file(const std::filesystem::path& path);
    ~input_file();
    input_file(const input_file&) = delete;
    input_file& operator=(const input_file&) = delete;

    /// Fills all of `into`.
    /// Thread  any, several at once
    void read(std::uint64_t offset, std::span<char> into) const;
    [[nodiscard]] std::uint64_t size() const;

private:
    std::string name_;
    int fd_ = -1;
};

/// Throws  storage::fault
void sync_names_in(const std::filesystem::path& folder);

/// Of all files in a folder and below, as far as they can be looked at while they come and go.
[[nodiscard]] std::uint64_t octets_below(const std::filesystem::path& folder);

[[nodiscard]] std::uint64_t checksum_of(std::string_view octets, std::uint64_t seed = 0);

}  // namespace hauspost::storage::index
