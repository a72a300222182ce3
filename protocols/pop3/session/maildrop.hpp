#pragma once

#include "base/ids.hpp"
#include "storage/types.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace hauspost::pop3 {

/// One message of a maildrop: 24 octets.
struct maildrop_message {
    hauspost::blob_id blob;
    std::uint64_t octets = 0;  // as RETR sends it
    hauspost::uid uid;
    bool is_repeated = false;  // an older message of the maildrop shows the same octets
    bool is_deleted = false;   // DELE
    bool was_unseen = false;   // at login
    bool was_read = false;     // RETR
};

/// The messages of INBOX as they were at login. A session sees no others (RFC 1939 8), whatever
/// other sessions do; message numbers count from 1 in the order of the UIDs.
///
/// Calling sequence: add each in ascending order of UIDs, find_repeats() once, then the rest.
class maildrop {
public:
    void reserve(std::size_t messages) { messages_.reserve(messages); }
    void add(uid id, blob_id blob, std::uint64_t octets, bool is_seen);

    /// How many messages find_repeats has to compare: with very many, call it on a pool thread.
    [[nodiscard]] std::size_t suspects() const noexcept { return suspects_.size(); }
    void find_repeats();

    /// All, also those that are marked.
    [[nodiscard]] std::size_t size() const noexcept { return messages_.size(); }
    /// The octets of a message number; null when there is none such.
    [[nodiscard]] const maildrop_message* find(std::uint64_t number) const noexcept;

    /// Those that are not marked to be deleted.
    [[nodiscard]] std::size_t count() const noexcept { return messages_.size() - marked_; }
    [[nodiscard]] std::uint64_t octets() const noexcept { return octets_; }

    void mark_deleted(std::uint64_t number) noexcept;
    void unmark_all() noexcept;
    void mark_read(std::uint64_t number) noexcept;

    [[nodiscard]] std::size_t marked() const noexcept { return marked_; }
    [[nodiscard]] mail::uid_ranges deleted() const;
    /// Those that were read in this session, not seen before, and are not marked to be deleted.
    [[nodiscard]] mail::uid_ranges newly_seen() const;

private:
    std::vector<maildrop_message> messages_;
    std::vector<std::uint32_t> suspects_;  // may repeat an older one; places in messages_
    blob_id newest_;                       // the largest so far
    std::size_t marked_ = 0;
    std::uint64_t octets_ = 0;
};

/// The unique-id of a message: the number of its octets in the store, as 16 hexadecimal digits. It
/// goes with the message into other mailboxes and back, through restarts, backup and restore, and
/// the store never gives it to others. A message whose octets an older one of the maildrop shows
/// too (a copy) has "." and its UID behind, in decimal digits.
/// RFC 1939 7
void append_unique_id(std::string& out, const maildrop_message& message);

}  // namespace hauspost::pop3
