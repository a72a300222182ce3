#pragma once

#include "base/ids.hpp"
#include "protocols/imap/view/mailbox_view.hpp"

#include <cstddef>

namespace hauspost::imap {

/// The messages that are \Recent in one session. RFC 3501 2.3.2
///
/// Memory  8 octets for each batch of new mail that another session's batch lies before. Who has
///         very many of them forgets the oldest: to be \Recent is a hint.
class recent_uids {
public:
    static constexpr std::size_t max_ranges = 1'000;

    /// Batches come in ascending order; what of one was there before is passed over.
    void add(uid first, uid last);
    void clear() noexcept { ranges_.clear(); }
    [[nodiscard]] bool contains(uid id) const noexcept;
    /// What was expunged may still be in them.
    [[nodiscard]] const mail::uid_ranges& ranges() const noexcept { return ranges_; }

private:
    mail::uid_ranges ranges_;
};

}  // namespace hauspost::imap
