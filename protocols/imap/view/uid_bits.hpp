#pragma once

#include "base/ids.hpp"
#include "protocols/imap/view/mailbox_view.hpp"

#include <vector>

namespace hauspost::imap {

/// A set of UIDs that changes: 16 octets for 64 UIDs that lie close together.
class uid_bits {
public:
    [[nodiscard]] bool contains(uid id) const noexcept;
    /// Both tell whether the set has changed. Adding larger UIDs than all before is quick.
    bool insert(uid id);
    bool erase(uid id) noexcept;

private:
    std::vector<mail::uid_block> blocks_;  // ascending by number
};

}  // namespace hauspost::imap
