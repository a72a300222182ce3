#include "storage/index/segment.hpp"

#include "base/octets.hpp"
#include "base/random.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <utility>

namespace hauspost::storage::index {
namespace {

constexpr std::size_t page_octets = 1020;
constexpr std::size_t sum_octets = 4;
constexpr std::size_t max_columns = 4096;
constexpr std::size_t max_table_octets = 8 << 20;
// So many pages of a table are read at once.
constexpr std::size_t pages_at_once = 64;

/// A page that stands elsewhere, or in another file, is none.
std::uint32_t page_sum(std::string_view octets, std::uint64_t salt, std::uint64_t offset) {
    return static_cast<std::uint32_t>(checksum_of(octets, salt + offset));
}

std::uint64_t table_octets(const signature_block& block) {
    return std::uint64_t{block.rows()} * block.row_octets();
}

std::uint64_t octets_in_file(const signature_block& block) {
    const auto octets = table_octets(block);
    return octets + (octets + page_octets - 1) / page_octets * sum_octets;
}

std::vector<signature_block> read_directory(std::string_view octets, const segment_name& name) {
    if (checksum_of(octets, name.salt) != name.directory_sum)
        throw damaged_index("a directory is damaged");
    octet_reader in(octets);
    std::vector<signature_block> blocks;
    std::uint64_t offset = 0;
    std::uint64_t messages = 0;
    while (in.ok() && !in.rest().empty()) {
        signature_block block;
        block.log_bits = in.number<std::uint8_t>();
        block.has_fives = in.number<std::uint8_t>() != 0;
        const auto count = in.number<std::uint32_t>();
        if (block.log_bits > max_log_bits || count > in.rest().size() / sizeof(std::uint64_t))
            throw damaged_index("a directory says what cannot be");
        block.blobs.reserve(count);
        for (std::uint32_t n = 0; n < count; ++n)
            block.blobs.emplace_back(in.number<std::uint64_t>());
        block.offset = offset;
        offset += octets_in_file(block);
        messages += count;
        blocks.push_back(std::move(block));
    }
    if (!in.ok() || offset != name.directory_at || messages != name.messages)
        throw damaged_index("a directory says what cannot be");
    return blocks;
}

}  // namespace

std::size_t max_messages_of_block(unsigned log_bits) noexcept {
    if (log_bits == 0) return max_columns;
    return std::clamp<std::size_t>((max_table_octets * 8) >> log_bits, 8, max_columns);
}

std::filesystem::path segment_path(const std::filesystem::path& folder, std::uint64_t number) {
    std::array<char, 32> name{};
    std::snprintf(name.data(), name.size(), "seg-%08llx", static_cast<unsigned long long>(number));
    return folder / name.data();
}

segment_writer::segment_writer(const std::filesystem::path& folder, std::uint64_t number)
    : file_(segment_path(folder, number)) {
    name_.number = number;
    name_.salt = random::number();
}

void segment_writer::add(signature_block block, std::string_view table) {
    append_le(directory_, static_cast<std::uint8_t>(block.log_bits));
    append_le(directory_, std::uint8_t{block.has_fives});
    append_le(directory_, static_cast<std::uint32_t>(block.blobs.size()));
    for (const auto blob : block.blobs)
        append_le(directory_, blob.value());
    name_.messages += block.blobs.size();
    while (!table.empty()) {
        const auto octets = table.substr(0, page_octets);
        std::string sum;
        append_le(sum, page_sum(octets, name_.salt, file_.size()));
        file_.append(octets);
        file_.append(sum);
        table.remove_prefix(octets.size());
    }
}

segment_name segment_writer::finish() {
    name_.directory_at = file_.size();
    name_.directory_octets = directory_.size();
    name_.directory_sum = checksum_of(directory_, name_.salt);
    file_.append(directory_);
    file_.finish();
    return name_;
}

segment::segment(const std::filesystem::path& folder, const segment_name& name)
    : name_(name), file_(segment_path(folder, name.number)) {
    if (file_.size() != name.directory_at + name.directory_octets)
        throw damaged_index("a segment is not as long as it was");
    std::string directory(name.directory_octets, '\0');
    file_.read(name.directory_at, directory);
    blocks_ = read_directory(directory, name);
}

bool segment::has(blob_id blob) const {
    return std::any_of(blocks_.begin(), blocks_.end(), [blob](const auto& block) {
        return std::binary_search(block.blobs.begin(), block.blobs.end(), blob);
    });
}

void segment::read_row(const signature_block& block, std::size_t row, std::span<char> into) const {
    read(block, std::uint64_t{row} * block.row_octets(), into);
}

std::string segment::read_table(const signature_block& block) const {
    std::string table(table_octets(block), '\0');
    read(block, 0, table);
    return table;
}

/// Octets of the table from `at` on, out of pages whose sums are right.
void segment::read(const signature_block& block, std::uint64_t at, std::span<char> into) const {
    const auto total = table_octets(block);
    std::string pages;
    while (!into.empty()) {
        const auto first = at / page_octets;
        const auto begin = first * page_octets;
        const auto wanted_end = std::min(begin + pages_at_once * page_octets, at + into.size());
        const auto count = (wanted_end - begin + page_octets - 1) / page_octets;
        const auto end = std::min(begin + count * page_octets, total);
        const auto offset = block.offset + first * (page_octets + sum_octets);
        pages.resize(end - begin + count * sum_octets);
        file_.read(offset, pages);
        for (std::uint64_t n = 0; n < count; ++n) {
            const auto start = n * (page_octets + sum_octets);
            const auto size = std::min<std::uint64_t>(page_octets, end - begin - n * page_octets);
            const auto page = std::string_view(pages).substr(start, size);
            if (load_le<std::uint32_t>(page.data() + size) !=
                page_sum(page, name_.salt, offset + start))
                throw damaged_index("a page is damaged");
            const auto skip = at - (begin + n * page_octets);
            const auto piece = page.substr(skip, into.size());
            std::copy(piece.begin(), piece.end(), into.begin());
            into = into.subspan(piece.size());
            at += piece.size();
        }
    }
}

}  // namespace hauspost::storage::index
