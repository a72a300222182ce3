#include "protocols/imap/view/mailbox_view.hpp"

#include <algorithm>
#include <bit>

namespace hauspost::imap {
namespace {

constexpr std::uint32_t block_of(std::uint32_t number) {
    return number >> 6;
}
constexpr unsigned bit_of(std::uint32_t number) {
    return number & 63;
}
/// Bits from `bit` up.
constexpr std::uint64_t from_bit(unsigned bit) {
    return ~std::uint64_t{0} << bit;
}
/// Bits up to and with `bit`.
constexpr std::uint64_t up_to_bit(unsigned bit) {
    return ~std::uint64_t{0} >> (63 - bit);
}
constexpr std::uint32_t count_of(std::uint64_t bits) {
    return static_cast<std::uint32_t>(std::popcount(bits));
}
constexpr std::uint32_t lowest(std::uint32_t block, std::uint64_t bits) {
    return block << 6 | static_cast<std::uint32_t>(std::countr_zero(bits));
}
constexpr std::uint32_t highest(std::uint32_t block, std::uint64_t bits) {
    return block << 6 | static_cast<std::uint32_t>(63 - std::countl_zero(bits));
}

/// Where the nth set bit stands, n from 0 and less than popcount.
unsigned select_bit(std::uint64_t bits, unsigned n) {
    unsigned base = 0;
    for (unsigned width = 32; width > 0; width /= 2) {
        const auto low = bits & ((std::uint64_t{1} << width) - 1);
        const auto in_low = static_cast<unsigned>(std::popcount(low));
        if (n < in_low) {
            bits = low;
        } else {
            n -= in_low;
            bits >>= width;
            base += width;
        }
    }
    return base;
}

/// Adds a block's UIDs to ranges, joining neighbours.
void add_ranges(mail::uid_ranges& ranges, std::uint32_t block, std::uint64_t bits) {
    while (bits != 0) {
        const auto start = static_cast<unsigned>(std::countr_zero(bits));
        const auto length = static_cast<unsigned>(std::countr_one(bits >> start));
        const uid first(block << 6 | start);
        const uid last(block << 6 | (start + length - 1));
        if (!ranges.empty() && ranges.back().last.value() + 1 == first.value())
            ranges.back().last = last;
        else
            ranges.push_back({first, last});
        if (start + length == 64) break;
        bits &= from_bit(start + length);
    }
}

/// Of `bits` those whose UID is above `largest`.
std::uint64_t above(std::uint32_t block, std::uint64_t bits, std::uint32_t largest) {
    if (largest == 0 || block > block_of(largest)) return bits;
    if (block < block_of(largest)) return 0;
    return bits & ~up_to_bit(bit_of(largest));
}

}  // namespace

void mailbox_view::push(std::uint32_t number, std::uint64_t bits) {
    if (bits == 0) return;
    blocks_.push_back({number, size_, bits});
    size_ += count_of(bits);
}

void mailbox_view::reset(std::span<const mail::uid_block> blocks) {
    blocks_.clear();
    blocks_.shrink_to_fit();
    blocks_.reserve(blocks.size());
    size_ = 0;
    held_ = false;
    for (const auto& one : blocks)
        push(one.number, one.present);
}

uid mailbox_view::largest_uid() const noexcept {
    return blocks_.empty() ? uid{} : uid(highest(blocks_.back().number, blocks_.back().bits));
}

std::optional<std::uint32_t> mailbox_view::sequence_of(uid id) const noexcept {
    const auto number = block_of(id.value());
    const auto found =
        std::lower_bound(blocks_.begin(), blocks_.end(), number,
                         [](const block& b, std::uint32_t n) { return b.number < n; });
    if (found == blocks_.end() || found->number != number) return std::nullopt;
    const auto bit = bit_of(id.value());
    if ((found->bits >> bit & 1) == 0) return std::nullopt;
    return found->before + count_of(found->bits & up_to_bit(bit));
}

std::optional<uid> mailbox_view::uid_at(std::uint32_t sequence) const noexcept {
    if (sequence == 0 || sequence > size_) return std::nullopt;
    const auto after =
        std::lower_bound(blocks_.begin(), blocks_.end(), sequence,
                         [](const block& b, std::uint32_t n) { return b.before < n; });
    const auto& found = *std::prev(after);  // the first block has before == 0 < sequence
    return uid(found.number << 6 | select_bit(found.bits, sequence - found.before - 1));
}

std::size_t mailbox_view::find_from(std::size_t at, std::uint32_t number) const noexcept {
    std::size_t step = 1;
    while (at + step < blocks_.size() && blocks_[at + step].number < number) {
        at += step;
        step *= 2;
    }
    const auto end = std::min(at + step + 1, blocks_.size());
    const auto found =
        std::lower_bound(blocks_.begin() + static_cast<std::ptrdiff_t>(at),
                         blocks_.begin() + static_cast<std::ptrdiff_t>(end), number,
                         [](const block& b, std::uint32_t n) { return b.number < n; });
    return static_cast<std::size_t>(found - blocks_.begin());
}

std::optional<mail::uid_range> mailbox_view::clip(std::uint32_t first,
                                                  std::uint32_t last,
                                                  std::size_t& at) const noexcept {
    auto low = at = find_from(at, block_of(first));
    if (low == blocks_.size()) return std::nullopt;
    auto low_bits = blocks_[low].bits;
    if (blocks_[low].number == block_of(first)) low_bits &= from_bit(bit_of(first));
    if (low_bits == 0) {
        if (++low == blocks_.size()) return std::nullopt;
        low_bits = blocks_[low].bits;
    }
    const auto from = lowest(blocks_[low].number, low_bits);
    if (from > last) return std::nullopt;

    // There is one at `from` <= last, so a last one is found at or after `low`.
    auto high = find_from(low, block_of(last));
    std::uint64_t high_bits = 0;
    if (high != blocks_.size() && blocks_[high].number == block_of(last))
        high_bits = blocks_[high].bits & up_to_bit(bit_of(last));
    if (high_bits == 0) high_bits = blocks_[--high].bits;
    return mail::uid_range{uid(from), uid(highest(blocks_[high].number, high_bits))};
}

std::optional<mail::uid_ranges> mailbox_view::by_sequence(const sequence_set& set) const {
    if (set.largest_number() > size_ || (set.has_largest() && size_ == 0)) return std::nullopt;
    mail::uid_ranges ranges;
    for (const auto& numbers : set.resolve(size_))
        ranges.push_back({*uid_at(numbers.first), *uid_at(numbers.last)});
    return ranges;
}

mail::uid_ranges mailbox_view::by_uid(const sequence_set& set) const {
    return by_uid(set.resolve(largest_uid().value()));
}

mail::uid_ranges mailbox_view::by_uid(const number_ranges& uids) const {
    mail::uid_ranges ranges;
    std::size_t at = 0;
    for (const auto& numbers : uids)
        if (const auto clipped = clip(numbers.first, numbers.last, at)) ranges.push_back(*clipped);
    return ranges;
}

mail::uid_ranges mailbox_view::without(const mail::uid_ranges& uids) const {
    mail::uid_ranges absent, present;
    const auto add = [&absent](std::uint64_t first, std::uint64_t end) {
        if (first == end) return;
        const uid low(static_cast<std::uint32_t>(first)), high(static_cast<std::uint32_t>(end - 1));
        if (!absent.empty() && absent.back().last.value() + 1 == low.value())
            absent.back().last = high;
        else
            absent.push_back({low, high});
    };
    for (const auto& range : uids) {
        std::uint64_t next = range.first.value();  // all before it are settled
        const std::uint64_t end = std::uint64_t{range.last.value()} + 1;
        auto at = std::lower_bound(blocks_.begin(), blocks_.end(), block_of(range.first.value()),
                                   [](const block& b, std::uint32_t n) { return b.number < n; });
        for (; at != blocks_.end() && at->number <= block_of(range.last.value()); ++at) {
            auto bits = at->bits;
            if (at->number == block_of(range.first.value()))
                bits &= from_bit(bit_of(range.first.value()));
            if (at->number == block_of(range.last.value()))
                bits &= up_to_bit(bit_of(range.last.value()));
            present.clear();
            add_ranges(present, at->number, bits);
            for (const auto& run : present) {
                add(next, run.first.value());
                next = std::uint64_t{run.last.value()} + 1;
            }
        }
        add(next, end);
    }
    return absent;
}

number_ranges mailbox_view::sequences(const mail::uid_ranges& uids) const {
    number_ranges numbers;
    for (const auto& range : uids) {
        const auto first = sequence_of(range.first);
        const auto last = sequence_of(range.last);
        if (!first || !last) continue;
        if (!numbers.empty() && numbers.back().last + 1 == *first)
            numbers.back().last = *last;
        else
            numbers.push_back({*first, *last});
    }
    return numbers;
}

mail::uid_ranges mailbox_view::all() const {
    if (size_ == 0) return {};
    return {{*uid_at(1), largest_uid()}};
}

std::uint32_t mailbox_view::count(const mail::uid_ranges& ranges) const noexcept {
    std::uint32_t sum = 0;
    std::size_t at = 0;
    cursor sequences(*this);
    for (const auto& range : ranges)
        if (const auto inside = clip(range.first.value(), range.last.value(), at)) {
            const auto first = sequences.sequence_of(inside->first);
            sum += sequences.sequence_of(inside->last) - first + 1;
        }
    return sum;
}

view_change mailbox_view::update(std::span<const mail::uid_block> now, bool may_expunge) {
    view_change change;
    const auto largest = largest_uid().value();
    const auto old = std::move(blocks_);
    blocks_.clear();
    blocks_.reserve(now.size());
    size_ = 0;
    held_ = false;
    bool has_grown = false;

    std::size_t at = 0;
    const auto take = [&](std::uint32_t number, std::uint64_t old_bits, std::uint64_t now_bits) {
        const auto gone = old_bits & ~now_bits;
        const auto fresh = above(number, now_bits & ~old_bits, largest);
        if (gone != 0 && may_expunge) {
            add_ranges(change.vanished, number, gone);
            for (auto bits = gone; bits != 0; bits &= bits - 1)
                change.expunged.push_back(
                    old[at].before +
                    count_of(old_bits & up_to_bit(static_cast<unsigned>(std::countr_zero(bits)))));
        }
        held_ = held_ || (gone != 0 && !may_expunge);
        if (fresh != 0) {
            if (!has_grown) change.added.first = uid(lowest(number, fresh));
            change.added.last = uid(highest(number, fresh));
            has_grown = true;
        }
        push(number, (may_expunge ? old_bits & now_bits : old_bits) | fresh);
    };
    for (const auto& one : now) {
        for (; at < old.size() && old[at].number < one.number; ++at)
            take(old[at].number, old[at].bits, 0);
        const bool known = at < old.size() && old[at].number == one.number;
        take(one.number, known ? old[at].bits : 0, one.present);
        if (known) ++at;
    }
    for (; at < old.size(); ++at)
        take(old[at].number, old[at].bits, 0);

    std::reverse(change.expunged.begin(), change.expunged.end());
    if (has_grown) change.exists = size_;
    return change;
}

std::uint32_t mailbox_view::cursor::sequence_of(uid id) noexcept {
    const auto& blocks = view_->blocks_;
    const auto number = block_of(id.value());
    while (block_ < blocks.size() && blocks[block_].number < number)
        ++block_;
    if (block_ == blocks.size() || blocks[block_].number != number) return 0;
    const auto& here = blocks[block_];
    const auto bit = bit_of(id.value());
    if ((here.bits >> bit & 1) == 0) return 0;
    return here.before + count_of(here.bits & up_to_bit(bit));
}

}  // namespace hauspost::imap
