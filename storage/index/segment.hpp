#pragma once

#include "base/ids.hpp"
#include "storage/index/index_disk.hpp"
#include "storage/index/signature.hpp"

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

/// Segments: the signatures of some messages, turned so that a search reads little.
///
/// Signatures of the same length stand together in a *block* of up to 4,096 messages, as a table
/// with a row for each bit and a column for each message. A needle is some bits, so a search reads
/// as many rows of each block, of 512 octets each, and lays them over one another.
///
/// A file is the pages of all blocks, one after the other, and a directory behind. A page is up to
/// 1,020 octets of a block's rows and a checksum, so that whoever reads a row knows it is right.
namespace hauspost::storage::index {

/// What the catalogue says of a segment.
struct segment_name {
    std::uint64_t number = 0;  // its file
    std::uint64_t salt = 0;    // of its checksums, so that no page passes for another file's
    std::uint64_t directory_at = 0;
    std::uint64_t directory_octets = 0;
    std::uint64_t directory_sum = 0;
    std::uint64_t messages = 0;
    friend bool operator==(const segment_name&, const segment_name&) = default;
};

/// Messages with signatures of one length.
struct signature_block {
    unsigned log_bits = 0;  // 0: it has no rows, and each message may hold everything
    bool has_fives = false;
    std::uint64_t offset = 0;    // of its first page
    std::vector<blob_id> blobs;  // ascending; column n is of message n

    [[nodiscard]] std::size_t rows() const noexcept {
        return log_bits == 0 ? 0 : std::size_t{1} << log_bits;
    }
    [[nodiscard]] std::size_t row_octets() const noexcept { return (blobs.size() + 7) / 8; }
};

/// How many messages a block may have: bounds the memory of whoever writes one.
[[nodiscard]] std::size_t max_messages_of_block(unsigned log_bits) noexcept;

[[nodiscard]] std::filesystem::path segment_path(const std::filesystem::path& folder,
                                                 std::uint64_t number);

/// Writes one. Throws  storage::fault
class segment_writer {
public:
    segment_writer(const std::filesystem::path& folder, std::uint64_t number);

    /// table  rows() times row_octets()
    void add(signature_block block, std::string_view table);
    /// On stable storage when it returns.
    segment_name finish();
    void keep() noexcept { file_.keep(); }

private:
    segment_name name_;
    output_file file_;
    std::string directory_;
};

/// One that is read. Thread  any, several at once; throws damaged_index
class segment {
public:
    segment(const std::filesystem::path& folder, const segment_name& name);

    [[nodiscard]] const segment_name& name() const noexcept { return name_; }
    [[nodiscard]] const std::vector<signature_block>& blocks() const noexcept { return blocks_; }
    [[nodiscard]] bool has(blob_id blob) const;
    /// into  row_octets() of the block
    void read_row(const signature_block& block, std::size_t row, std::span<char> into) const;
    [[nodiscard]] std::string read_table(const signature_block& block) const;

private:
    void read(const signature_block& block, std::uint64_t at, std::span<char> into) const;

    segment_name name_;
    input_file file_;
    std::vector<signature_block> blocks_;
};

}  // namespace hauspost::storage::index
