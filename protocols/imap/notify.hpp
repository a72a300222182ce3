#pragma once

#include "protocols/imap/command.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace hauspost::imap {

/// What one mailbox looks like to NOTIFY. Two pictures of an account side by side tell what
/// happened in between, so no event can be lost however many commits one wake-up stands for.
struct notify_mailbox {
    std::uint32_t id = 0;  // stays when the mailbox is renamed
    std::string name;      // UTF-8
    bool subscribed = false;
    bool selectable = true;
    std::uint32_t uid_validity = 0;
    std::uint32_t uid_next = 0;
    std::uint32_t messages = 0;
    std::uint32_t unseen = 0;
    std::uint64_t highest_modseq = 0;
};

/// One line to tell: STATUS when `status` has an item, else LIST.
struct notify_line {
    notify_mailbox mailbox;  // as it is now; of one that is gone: as it was
    status_items status;
    std::string old_name;  // of a LIST line: RFC 5465 5.4 OLDNAME
    bool is_gone = false;  // of a LIST line: \NonExistent
};

/// Which events are wanted of this mailbox: notify_events bits. selected  the id of the selected
/// mailbox, 0 without one: message events of it are the business of the selected groups alone.
[[nodiscard]] std::uint8_t events_of(const std::vector<notify_group>& groups,
                                     const notify_mailbox& mailbox,
                                     std::uint32_t selected);

/// The group about the selected mailbox; nullptr: its message events are not wanted.
[[nodiscard]] const notify_group* selected_group(const std::vector<notify_group>& groups) noexcept;
/// Is anything but the selected mailbox watched?
[[nodiscard]] bool watches_others(const std::vector<notify_group>& groups) noexcept;

/// RFC 5465 3.1: what NOTIFY SET STATUS tells before its OK.
[[nodiscard]] std::vector<notify_line> first_lines(const std::vector<notify_group>& groups,
                                                   const std::vector<notify_mailbox>& now,
                                                   std::uint32_t selected,
                                                   bool with_modseq);

/// What happened between two pictures, in the order of telling: names, then subscriptions, then
/// messages. RFC 5465 5
///
/// before, now  sorted by id
/// with_modseq  CONDSTORE is enabled: STATUS lines carry HIGHESTMODSEQ
[[nodiscard]] std::vector<notify_line> lines_between(const std::vector<notify_group>& groups,
                                                     const std::vector<notify_mailbox>& before,
                                                     const std::vector<notify_mailbox>& now,
                                                     std::uint32_t selected,
                                                     bool with_modseq);

}  // namespace hauspost::imap
