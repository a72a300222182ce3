#pragma once

#include "storage/directory_store.hpp"

#include <cstddef>

namespace hauspost::delivery {

struct routing_settings {
    /// Takes the mail for postmaster@ and abuse@ that nobody else takes; may be empty.
    storage::mail_address owner_mailbox;
    /// Recipients of other domains are sent on. Without it they are refused: only who may send for
    /// everybody has it.
    bool may_relay = false;
    std::size_t max_depth = 20;      // of aliases and forwards behind one another
    std::size_t max_targets = 1000;  // of one recipient
    /// Addresses that the recipients of one message lead to, all together: once there are so many
    /// no other recipient is added. 0: no limit.
    std::size_t max_targets_of_message = 2000;
};

}  // namespace hauspost::delivery
