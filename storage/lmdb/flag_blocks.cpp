#include "storage/lmdb/flag_blocks.hpp"

#include <algorithm>

namespace hauspost::storage::lmdb {

using namespace schema;

namespace {

/// Bits of the UIDs of one block that lie in a range.
std::uint64_t mask_of(std::uint32_t block, const mail::uid_range& range) {
    const auto first = std::uint64_t{block} * 64;
    if (range.last.value() < first || range.first.value() > first + 63) return 0;
    const auto low = range.first.value() > first ? range.first.value() - first : 0;
    const auto high = std::min<std::uint64_t>(63, range.last.value() - first);
    return (~std::uint64_t{0} << low) & (~std::uint64_t{0} >> (63 - high));
}

}  // namespace

flag_block load_block(const txn& within, mailbox_key box, std::uint32_t block) {
    const auto row = within.get(table::flags, flag_block_key(box, block));
    return row ? flag_block(*row) : flag_block();
}

void walk_blocks(const txn& within,
                 mailbox_key box,
                 std::span<const mail::uid_range> ranges,
                 function_ref<bool(std::uint32_t, const flag_block_view&, std::uint64_t)> visit) {
    if (ranges.empty()) return;
    cursor at(within, table::flags);
    const auto base = flag_block_key(box, 0);
    const auto prefix = std::string_view(base).substr(0, 8);
    std::size_t next_range = 0;
    bool more = at.seek(flag_block_key(box, block_of(ranges.front().first)));
    while (more && at.key().starts_with(prefix)) {
        const auto block = load_be<std::uint32_t>(at.key().data() + 8);
        while (next_range < ranges.size() && block_of(ranges[next_range].last) < block)
            ++next_range;
        if (next_range == ranges.size()) return;
        if (const auto wanted = block_of(ranges[next_range].first); wanted > block) {
            more = at.seek(flag_block_key(box, wanted));
            continue;
        }
        std::uint64_t bits = 0;
        for (auto i = next_range; i < ranges.size() && block_of(ranges[i].first) <= block; ++i)
            bits |= mask_of(block, ranges[i]);
        const flag_block_view view(at.value());
        if ((bits & view.present()) != 0 && !visit(block, view, bits & view.present())) return;
        more = at.next();
    }
}

}  // namespace hauspost::storage::lmdb
