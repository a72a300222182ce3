#include "storage/index/index_query.hpp"

#include "base/trigrams.hpp"
#include "storage/index/signature.hpp"

#include <algorithm>
#include <bit>
#include <cstring>
#include <optional>
#include <string>
#include <vector>

namespace hauspost::storage::index {
namespace {

std::vector<signed_field> fields_of(text_field field) {
    switch (field) {
    case text_field::subject: return {signed_field::subject};
    case text_field::from: return {signed_field::from};
    case text_field::to: return {signed_field::to};
    case text_field::cc: return {signed_field::cc};
    case text_field::header: return {signed_field::header};
    case text_field::body: return {signed_field::body};
    case text_field::anywhere: return {signed_field::header, signed_field::body};
    }
    return {};
}

constexpr std::size_t columns_of_word = 64;

/// A bit for each message of a block.
using column_set = std::vector<std::uint64_t>;

column_set no_column(const signature_block& block) {
    return column_set((block.blobs.size() + columns_of_word - 1) / columns_of_word, 0);
}

/// Looks at one block. The rows that it reads are not kept.
class block_look {
public:
    block_look(const segment& file, const signature_block& block)
        : file_(file), block_(block), row_(no_column(block)) {}

    /// Those that have all bits of the needle.
    column_set with_all(const needle_bits& needle) {
        auto found = no_column(block_);
        std::fill(found.begin(), found.end(), ~std::uint64_t{0});
        if (!keep_with(needle.threes, found)) return found;
        if (block_.has_fives) static_cast<void>(keep_with(needle.fives, found));
        return found;
    }

    /// Those that have at least so many of its trigrams.
    column_set with_some(const needle_bits& needle, std::size_t least) {
        std::vector<std::uint8_t> counts(block_.blobs.size(), 0);  // 64 trigrams at most
        for (const auto bit : needle.threes) {
            read(bit);
            for (std::size_t n = 0; n < counts.size(); ++n)
                counts[n] = static_cast<std::uint8_t>(
                    counts[n] + (row_[n / columns_of_word] >> (n % columns_of_word) & 1));
        }
        auto found = no_column(block_);
        for (std::size_t n = 0; n < counts.size(); ++n)
            if (counts[n] >= least)
                found[n / columns_of_word] |= std::uint64_t{1} << (n % columns_of_word);
        return found;
    }

private:
    /// False: none is left.
    bool keep_with(const std::vector<bit_number>& bits, column_set& found) {
        for (const auto bit : bits) {
            read(bit);
            std::uint64_t left = 0;
            for (std::size_t n = 0; n < found.size(); ++n)
                left |= found[n] &= row_[n];
            if (left == 0) return false;
        }
        return true;
    }

    void read(bit_number bit) {
        auto* const octets = reinterpret_cast<char*>(row_.data());
        file_.read_row(block_, bit & (block_.rows() - 1), {octets, block_.row_octets()});
    }

    const segment& file_;
    const signature_block& block_;
    column_set row_;  // octets behind those of the row stay 0
};

void append_blobs(const signature_block& block,
                  const column_set& columns,
                  std::vector<blob_id>& into) {
    for (std::size_t n = 0; n < columns.size(); ++n)
        for (auto left = columns[n]; left != 0; left &= left - 1) {
            const auto column =
                n * columns_of_word + static_cast<std::size_t>(std::countr_zero(left));
            if (column < block.blobs.size()) into.push_back(block.blobs[column]);
        }
}

}  // namespace

needle_candidates find_candidates(const index_snapshot& index, const needle& wanted) {
    std::vector<needle_bits> needles;
    for (const auto field : fields_of(wanted.field))
        needles.push_back(bits_of_needle(field, wanted.text));
    needle_candidates found;
    if (needles.empty() || needles.front().threes.empty()) return found;
    found.is_answered = true;
    for (const auto& file : index.segments())
        for (const auto& block : file->blocks()) {
            if (block.rows() == 0) {
                found.blobs.insert(found.blobs.end(), block.blobs.begin(), block.blobs.end());
                continue;
            }
            block_look look(*file, block);
            auto columns = no_column(block);
            for (const auto& needle : needles) {
                const auto some = wanted.is_fuzzy
                                      ? look.with_some(needle, least_alike(needle.threes.size()))
                                      : look.with_all(needle);
                for (std::size_t n = 0; n < columns.size(); ++n)
                    columns[n] |= some[n];
            }
            append_blobs(block, columns, found.blobs);
        }
    std::sort(found.blobs.begin(), found.blobs.end());
    return found;
}

}  // namespace hauspost::storage::index
