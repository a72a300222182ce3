#pragma once

#include "base/ids.hpp"
#include "mail/uids.hpp"
#include "protocols/imap/grammar/sequence_set.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace hauspost::imap {

/// What has to be told to the client after a change, in this order.
struct view_change {
    /// Sequence numbers for EXPUNGE lines, to be sent in this order: descending, so that none has
    /// to be renumbered for those before it (RFC 9051 7.5.1).
    std::vector<std::uint32_t> expunged;
    /// The same messages by UID.
    mail::uid_ranges vanished;
    /// New size for an EXISTS line; nullopt when nothing was added.
    std::optional<std::uint32_t> exists;
    /// First and last UID of what was added; meaningful with `exists`.
    mail::uid_range added;
    [[nodiscard]] bool empty() const noexcept { return expunged.empty() && !exists; }
};

/// One session's view of the selected mailbox: which message has which sequence number, as far as
/// the client was told. 16 octets for 64 messages that lie close together.
///
/// Calling sequence: reset() at SELECT, update() whenever the store reports a change and the client
/// may be told. Between two updates nothing moves, whatever other sessions do.
class mailbox_view {
public:
    mailbox_view() = default;

    /// blocks  ascending; empty ones are ignored
    void reset(std::span<const mail::uid_block> blocks);

    [[nodiscard]] std::uint32_t size() const noexcept { return size_; }
    /// 0 when the view is empty.
    [[nodiscard]] uid largest_uid() const noexcept;

    /// O(log n), nullopt when it is not in the view.
    [[nodiscard]] std::optional<std::uint32_t> sequence_of(uid id) const noexcept;
    [[nodiscard]] std::optional<uid> uid_at(std::uint32_t sequence) const noexcept;
    [[nodiscard]] bool contains(uid id) const noexcept { return sequence_of(id).has_value(); }

    /// The messages of a set of sequence numbers. Each range begins and ends with a message of the
    /// view; UIDs in between that are not in the view were expunged long ago and never come back,
    /// so a walk of the store over a range finds nothing that the client does not know.
    ///
    /// Returns  nullopt when a number is larger than the mailbox, `*` in an empty one included: the
    ///          command is answered BAD (RFC 9051 9, seq-number)
    [[nodiscard]] std::optional<mail::uid_ranges> by_sequence(const sequence_set& set) const;
    /// The messages of a set of UIDs; those that do not exist are passed over (RFC 9051 6.4.9).
    [[nodiscard]] mail::uid_ranges by_uid(const sequence_set& set) const;
    /// The messages of these UIDs that are in the view.
    [[nodiscard]] mail::uid_ranges by_uid(const number_ranges& uids) const;
    /// Those UIDs of ascending ranges that are not in the view; neighbours are joined.
    [[nodiscard]] mail::uid_ranges without(const mail::uid_ranges& uids) const;
    /// The sequence numbers of ranges of which every UID is in the view; neighbours are joined.
    [[nodiscard]] number_ranges sequences(const mail::uid_ranges& uids) const;
    /// All.
    [[nodiscard]] mail::uid_ranges all() const;
    /// How many messages of the view lie in the ranges.
    [[nodiscard]] std::uint32_t count(const mail::uid_ranges& ranges) const noexcept;

    /// Takes over what the mailbox holds now. Messages that went stay in the view, and in
    /// has_held_expunges, until an update that may tell them.
    ///
    /// may_expunge  false while FETCH, STORE or SEARCH is answered (RFC 9051 7.5.1)
    view_change update(std::span<const mail::uid_block> now, bool may_expunge);
    [[nodiscard]] bool has_held_expunges() const noexcept { return held_; }

    [[nodiscard]] std::size_t memory_octets() const noexcept {
        return blocks_.capacity() * sizeof(block);
    }

    /// Sequence numbers of ascending UIDs, each in constant time on the average: for FETCH lines.
    /// Borrows the view, which must not change.
    class cursor {
    public:
        explicit cursor(const mailbox_view& view) : view_(&view) {}
        /// 0 when it is not in the view. Precondition: ids come in ascending order.
        [[nodiscard]] std::uint32_t sequence_of(uid id) noexcept;

    private:
        const mailbox_view* view_;
        std::size_t block_ = 0;
    };

private:
    struct block {
        std::uint32_t number;
        std::uint32_t before;  // messages in all blocks before this one
        std::uint64_t bits;
    };
    static_assert(sizeof(std::uint64_t) * 2 == 16);

    /// The first block from `at` on with this number or a higher one; quick when it is near.
    [[nodiscard]] std::size_t find_from(std::size_t at, std::uint32_t number) const noexcept;
    /// The messages in first..last.
    /// at  where to look from, for ascending ranges: a set may have as many as the mailbox has
    ///     messages
    [[nodiscard]] std::optional<mail::uid_range> clip(std::uint32_t first,
                                                      std::uint32_t last,
                                                      std::size_t& at) const noexcept;
    void push(std::uint32_t number, std::uint64_t bits);

    std::vector<block> blocks_;
    std::uint32_t size_ = 0;
    bool held_ = false;
};

}  // namespace hauspost::imap
