#pragma once

#include "storage/index/segment.hpp"

#include <functional>
#include <span>
#include <string>
#include <vector>

/// Turns signatures into blocks, and blocks of the same length into larger ones.
namespace hauspost::storage::index {

struct signed_message {
    blob_id blob;
    signature bits;
};

/// What a block is made of: messages in memory, or some of the messages of an older block.
struct block_source {
    unsigned log_bits = 0;
    bool has_fives = false;
    std::vector<blob_id> blobs;  // in the order of its columns; none: this column is left out
    const signed_message* message = nullptr;  // or, with one blob alone, in memory
    const segment* file = nullptr;
    const signature_block* block = nullptr;
};

[[nodiscard]] block_source source_of(const signed_message& message);
/// live  ascending; only these messages; null: all
[[nodiscard]] block_source source_of(const segment& file,
                                     const signature_block& block,
                                     const std::span<const blob_id>* live = nullptr);

/// Makes blocks of all sources, as few as may be, and gives each to `use` with its table. Holds the
/// tables of two blocks in memory, and some 32 octets for each message.
/// Throws  damaged_index, and what `use` throws
void make_blocks(const std::vector<block_source>& sources,
                 const std::function<void(signature_block, std::string_view)>& use);

}  // namespace hauspost::storage::index
