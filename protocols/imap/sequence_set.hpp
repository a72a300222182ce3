#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace hauspost::imap {

/// first..last, both included, 1 <= first <= last.
struct number_range {
    std::uint32_t first = 1;
    std::uint32_t last = 1;
    friend bool operator==(const number_range&, const number_range&) = default;
};

/// Ascending, without overlap or touching neighbours.
using number_ranges = std::vector<number_range>;

[[nodiscard]] bool contains(const number_ranges& ranges, std::uint32_t number) noexcept;

/// A set of message sequence numbers or UIDs as the client gave it. Ranges are never expanded:
/// `1:4294967295` takes 8 octets, whatever the mailbox holds.
///
///   sequence-set = (seq-number / seq-range) ["," sequence-set]      RFC 9051 9
///   seq-range    = seq-number ":" seq-number     seq-number = nz-number / "*"
///   sequence-set =/ "$"                          the saved result, alone (RFC 5182 4)
class sequence_set {
public:
    sequence_set() = default;

    /// nullopt: not a sequence-set of the grammar above; numbers above 2^32-1 are none.
    /// O(n log n) in the length of the text.
    [[nodiscard]] static std::optional<sequence_set> parse(std::string_view text);

    /// The numbers meant when `*` is `largest`. `*` in an empty mailbox (largest 0) means nothing.
    [[nodiscard]] number_ranges resolve(std::uint32_t largest) const;

    /// The largest number written out (0: none), for the check against the mailbox's size.
    [[nodiscard]] std::uint32_t largest_number() const noexcept;
    [[nodiscard]] bool has_star() const noexcept { return has_star_; }
    /// It is "$": what it means is known to the session alone; resolve() gives nothing.
    [[nodiscard]] bool is_saved_result() const noexcept { return is_saved_result_; }

    friend bool operator==(const sequence_set&, const sequence_set&) = default;

private:
    number_ranges ranges_;  // those without `*`
    // All ranges with `*` contain the largest number, so their union is one range: from the
    // lowest partner to the highest one. A lone `*` has no partner.
    bool has_star_ = false;
    std::uint32_t lowest_partner_ = UINT32_MAX;
    std::uint32_t highest_partner_ = 0;
    bool is_saved_result_ = false;
};

}  // namespace hauspost::imap
