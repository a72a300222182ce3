#include "storage/index/block_maker.hpp"

#include <algorithm>
#include <bit>
#include <cstring>
#include <map>
#include <utility>

namespace hauspost::storage::index {
namespace {

/// A message that goes into a new block.
struct column {
    blob_id blob;
    std::uint32_t source = 0;
    std::uint32_t place = 0;  // its column in the source
};

constexpr auto is_left_out = static_cast<std::uint32_t>(-1);

/// One new block, while its table is filled.
class table_maker {
public:
    explicit table_maker(const signature_block& block)
        : row_octets_(block.row_octets()), table_(block.rows() * row_octets_, '\0') {}

    void add(const signature& bits, std::size_t column) {
        for (std::size_t n = 0; n < bits.words.size(); ++n)
            for (auto left = bits.words[n]; left != 0; left &= left - 1)
                set(n * 64 + static_cast<std::size_t>(std::countr_zero(left)), column);
    }

    /// columns  where each column of the older block goes
    void add(const signature_block& older,
             std::string_view table,
             const std::vector<std::uint32_t>& columns) {
        const auto octets = older.row_octets();
        for (std::size_t row = 0; row < older.rows(); ++row, table.remove_prefix(octets))
            for (std::size_t n = 0; n < octets; n += sizeof(std::uint64_t)) {
                std::uint64_t left = 0;
                std::memcpy(&left, table.data() + n, std::min(octets - n, sizeof left));
                for (; left != 0; left &= left - 1) {
                    const auto place = n * 8 + static_cast<std::size_t>(std::countr_zero(left));
                    if (place < columns.size() && columns[place] != is_left_out)
                        set(row, columns[place]);
                }
            }
    }

    [[nodiscard]] std::string_view table() const noexcept { return table_; }

private:
    void set(std::size_t row, std::size_t column) {
        auto& octet = table_[row * row_octets_ + column / 8];
        octet = static_cast<char>(static_cast<unsigned char>(octet) | 1u << (column % 8));
    }

    std::size_t row_octets_;
    std::string table_;
};

/// Blocks of signatures of one length.
class block_maker {
public:
    block_maker(const std::vector<block_source>& sources,
                const std::function<void(signature_block, std::string_view)>& use)
        : sources_(sources), use_(use) {}

    void make(std::span<const std::uint32_t> those) {
        std::vector<column> all;
        for (const auto source : those) {
            const auto& blobs = sources_[source].blobs;
            for (std::uint32_t place = 0; place < blobs.size(); ++place)
                if (blobs[place]) all.push_back({blobs[place], source, place});
        }
        if (all.empty()) return;
        std::sort(all.begin(), all.end(),
                  [](const auto& one, const auto& other) { return one.blob < other.blob; });
        const auto& kind = sources_[those.front()];
        const auto most = max_messages_of_block(kind.log_bits);
        for (std::span<const column> left = all; !left.empty();) {
            const auto count = std::min(most, left.size());
            make_one(kind, left.first(count));
            left = left.subspan(count);
        }
    }

private:
    void make_one(const block_source& kind, std::span<const column> columns) {
        signature_block block;
        block.log_bits = kind.log_bits;
        block.has_fives = kind.has_fives;
        for (const auto& one : columns)
            block.blobs.push_back(one.blob);
        table_maker made(block);
        if (block.rows() > 0) fill(made, columns);
        use_(std::move(block), made.table());
    }

    void fill(table_maker& made, std::span<const column> columns) {
        std::map<std::uint32_t, std::vector<std::uint32_t>> of_blocks;
        for (std::uint32_t n = 0; n < columns.size(); ++n) {
            const auto& one = columns[n];
            const auto& source = sources_[one.source];
            if (source.message != nullptr) {
                made.add(source.message->bits, n);
                continue;
            }
            auto& places = of_blocks[one.source];
            places.resize(source.blobs.size(), is_left_out);
            places[one.place] = n;
        }
        for (const auto& [number, places] : of_blocks) {
            const auto& source = sources_[number];
            made.add(*source.block, source.file->read_table(*source.block), places);
        }
    }

    const std::vector<block_source>& sources_;
    const std::function<void(signature_block, std::string_view)>& use_;
};

}  // namespace

block_source source_of(const signed_message& message) {
    block_source source;
    source.log_bits = message.bits.log_bits;
    source.has_fives = message.bits.has_fives;
    source.blobs = {message.blob};
    source.message = &message;
    return source;
}

block_source source_of(const segment& file,
                       const signature_block& block,
                       const std::span<const blob_id>* live) {
    block_source source;
    source.log_bits = block.log_bits;
    source.has_fives = block.has_fives;
    source.blobs = block.blobs;
    source.file = &file;
    source.block = &block;
    if (live != nullptr)
        for (auto& blob : source.blobs)
            if (!std::binary_search(live->begin(), live->end(), blob)) blob = blob_id();
    return source;
}

void make_blocks(const std::vector<block_source>& sources,
                 const std::function<void(signature_block, std::string_view)>& use) {
    std::map<std::pair<unsigned, bool>, std::vector<std::uint32_t>> kinds;
    for (std::uint32_t n = 0; n < sources.size(); ++n)
        kinds[{sources[n].log_bits, sources[n].has_fives}].push_back(n);
    block_maker maker(sources, use);
    for (const auto& [kind, those] : kinds)
        maker.make(those);
}

}  // namespace hauspost::storage::index
