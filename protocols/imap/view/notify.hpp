#pragma once

#include "base/ids.hpp"
#include "protocols/imap/grammar/command.hpp"

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace hauspost::imap {

/// One annotation; of its value only a hash, to see that it changes.
struct notify_entry {
    std::string name;
    std::uint64_t hash = 0;
    friend bool operator==(const notify_entry&, const notify_entry&) = default;
};

/// Which mailbox it is, and whose; it stays when the mailbox is renamed. Default: none.
struct notify_key {
    account_id owner;
    mailbox_id mailbox;
    friend auto operator<=>(const notify_key&, const notify_key&) = default;
};

/// What one mailbox looks like to NOTIFY. Two pictures of all mailboxes side by side tell what
/// happened in between, so no event can be lost however many commits one wake-up stands for.
struct notify_mailbox {
    notify_key key;
    std::string name;  // UTF-8, as this user knows it
    std::string use;   // "\\Sent", ... or ""
    bool is_own = true;
    bool may_read = true;  // the right `r`
    bool subscribed = false;
    bool selectable = true;
    std::vector<notify_entry> entries;  // by name; only when somebody asked for their events
    std::uint32_t uid_validity = 0;
    std::uint32_t uid_next = 0;
    std::uint32_t messages = 0;
    std::uint32_t unseen = 0;
    std::uint64_t highest_modseq = 0;
};

/// All that NOTIFY may tell one account of, at one moment.
struct notify_picture {
    std::vector<notify_mailbox> mailboxes;  // by key
    std::vector<notify_entry> server;       // annotations of the server, by name
};

/// One line to tell: METADATA when there are entries, STATUS when `status` has an item, else LIST.
struct notify_line {
    notify_mailbox mailbox;  // as it is now; of one that is gone: as it was
    status_items status;
    std::vector<std::string> entries;  // names that were set or removed; RFC 5464 4.4.2
    std::string old_name;              // of a LIST line: RFC 5465 5.4 OLDNAME
    bool is_gone = false;              // of a LIST line: \NonExistent
    bool is_closed = false;            // of a LIST line: \NoAccess; RFC 5465 3.1
};

/// Which events are wanted of this mailbox: notify_events bits. The names in a group are sorted,
/// here and below.
/// selected  the selected mailbox, none without one: message events of it are the business
///           of the selected groups alone
[[nodiscard]] std::uint8_t events_of(const std::vector<notify_group>& groups,
                                     const notify_mailbox& mailbox,
                                     const notify_key& selected);

/// The group about the selected mailbox; nullptr: its message events are not wanted.
[[nodiscard]] const notify_group* selected_group(const std::vector<notify_group>& groups) noexcept;
/// Is anything but the selected mailbox watched?
[[nodiscard]] bool watches_others(const std::vector<notify_group>& groups) noexcept;
/// May a group name mailboxes of other users?
[[nodiscard]] bool watches_shared(const std::vector<notify_group>& groups) noexcept;
/// Does any group that is not about the selected mailbox want one of these events?
[[nodiscard]] bool watches_events(const std::vector<notify_group>& groups,
                                  std::uint8_t events) noexcept;

/// RFC 5465 3.1: what NOTIFY SET tells before its OK: with STATUS, how each mailbox stands; and in
/// any case those of which nothing will be heard, as the right to read them is missing.
[[nodiscard]] std::vector<notify_line> first_lines(const std::vector<notify_group>& groups,
                                                   const std::vector<notify_mailbox>& now,
                                                   const notify_key& selected,
                                                   bool with_status,
                                                   bool with_modseq);

/// What happened between two pictures, in the order of telling: names, then subscriptions, then
/// annotations, then messages. RFC 5465 5
///
/// before, now  sorted by key
/// with_modseq  CONDSTORE is enabled: STATUS lines carry HIGHESTMODSEQ
[[nodiscard]] std::vector<notify_line> lines_between(const std::vector<notify_group>& groups,
                                                     const std::vector<notify_mailbox>& before,
                                                     const std::vector<notify_mailbox>& now,
                                                     const notify_key& selected,
                                                     bool with_modseq);

/// The names that are in one list alone, or have another hash there. Both are sorted by name.
[[nodiscard]] std::vector<std::string> changed_entries(const std::vector<notify_entry>& before,
                                                       const std::vector<notify_entry>& now);

}  // namespace hauspost::imap
