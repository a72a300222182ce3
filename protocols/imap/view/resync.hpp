#pragma once

#include "protocols/imap/grammar/sequence_set.hpp"
#include "protocols/imap/view/mailbox_view.hpp"

namespace hauspost::imap {

/// What two sets of UIDs have in common. Both ascending, without overlap; so is the answer.
[[nodiscard]] mail::uid_ranges common(const mail::uid_ranges& uids, const number_ranges& wanted);

/// The largest UID of a client's sample that has the sequence number it had when the client saw it.
/// Since messages only leave and new ones come behind, nothing up to it has gone meanwhile.
/// 0: none. Of sets with different lengths the common beginning counts.
///
/// Cost  O((ranges of both) * log(mailbox)), whatever numbers the ranges span
/// RFC   7162 3.2.5.2
[[nodiscard]] uid last_match(const mailbox_view& view,
                             const sequence_set& sequences,
                             const sequence_set& uids);

}  // namespace hauspost::imap
