#include "protocols/imap/view/uid_bits.hpp"

#include <algorithm>

namespace hauspost::imap {
namespace {

std::uint64_t bit_of(uid id) {
    return std::uint64_t{1} << (id.value() % 64);
}

template <class Blocks>
auto find_block(Blocks& blocks, uid id) {
    return std::lower_bound(
        blocks.begin(), blocks.end(), id.value() / 64,
        [](const mail::uid_block& block, std::uint32_t number) { return block.number < number; });
}

}  // namespace

bool uid_bits::contains(uid id) const noexcept {
    const auto at = find_block(blocks_, id);
    return at != blocks_.end() && at->number == id.value() / 64 && (at->present & bit_of(id)) != 0;
}

bool uid_bits::insert(uid id) {
    auto at = find_block(blocks_, id);
    if (at == blocks_.end() || at->number != id.value() / 64)
        at = blocks_.insert(at, {id.value() / 64, 0});
    const bool is_new = (at->present & bit_of(id)) == 0;
    at->present |= bit_of(id);
    return is_new;
}

bool uid_bits::erase(uid id) noexcept {
    if (!contains(id)) return false;
    find_block(blocks_, id)->present &= ~bit_of(id);
    return true;
}

}  // namespace hauspost::imap
