#pragma once

namespace hauspost::storage {

/// What a commit changed of that which no mailbox shows, but who looks after the server.
struct office_news {
    bool passed = false;    // counters of what passed, and the trace
    bool bans = false;      // who is shut out
    bool audit = false;     // what administrators did
    bool sessions = false;  // the owner's password, or sessions of his page

    [[nodiscard]] bool any() const noexcept { return passed || bans || audit || sessions; }
};

}  // namespace hauspost::storage
