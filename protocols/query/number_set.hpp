#pragma once

#include "mail/uids.hpp"

#include <cstdint>
#include <vector>

namespace hauspost::query {

/// first..last, both included, 1 <= first <= last.
struct number_range {
    std::uint32_t first = 1;
    std::uint32_t last = 1;
    friend bool operator==(const number_range&, const number_range&) = default;
};

/// Ascending, without overlap or touching neighbours.
using number_ranges = std::vector<number_range>;

[[nodiscard]] bool contains(const number_ranges& ranges, std::uint32_t number) noexcept;
[[nodiscard]] bool contains(const mail::uid_ranges& ranges, uid id) noexcept;

/// A set of message sequence numbers or UIDs, some of which are not known before it is asked for.
/// Ranges are never expanded: 1 to 4294967295 takes 8 octets, whatever the mailbox holds.
///
/// Calling sequence: add() and add_to_largest() in any order, close() once, then the rest.
class number_set {
public:
    number_set() = default;
    /// What a search has found before, whatever that is when it is looked up.
    [[nodiscard]] static number_set saved_result();

    /// Both ends included, in either order; from 1 on.
    void add(std::uint32_t one_end, std::uint32_t other_end);
    /// From `partner` to the largest number there is, in either order; 0: the largest alone.
    void add_to_largest(std::uint32_t partner);
    /// O(n log n) in what was added.
    void close();

    /// The numbers meant when the largest one is `largest`; of an empty mailbox that is 0, and
    /// means nothing.
    [[nodiscard]] number_ranges resolve(std::uint32_t largest) const;

    /// The largest number written out (0: none), for the check against the mailbox's size.
    [[nodiscard]] std::uint32_t largest_number() const noexcept;
    /// Is the largest number there is meant, too?
    [[nodiscard]] bool has_largest() const noexcept { return has_largest_; }
    /// It is saved_result(): what it means is known to the session alone; resolve() gives nothing.
    [[nodiscard]] bool is_saved_result() const noexcept { return is_saved_result_; }

    friend bool operator==(const number_set&, const number_set&) = default;

private:
    number_ranges ranges_;  // those without the largest number
    // All ranges with the largest number contain it, so their union is one range: from the
    // lowest partner to the highest one. The largest alone has no partner.
    bool has_largest_ = false;
    std::uint32_t lowest_partner_ = UINT32_MAX;
    std::uint32_t highest_partner_ = 0;
    bool is_saved_result_ = false;
};

}  // namespace hauspost::query
