#pragma once

#include "base/awaitable.hpp"
#include "base/result.hpp"
#include "storage/errc.hpp"
#include "storage/fault.hpp"
#include "storage/mail_address.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace hauspost::storage {

/// A forward, alias or catch-all of ours, and one address elsewhere to which it leads.
struct forward_way {
    mail_address by;  // the account, the alias, or "@domain" of a catch-all
    mail_address target;
    friend auto operator<=>(const forward_way&, const forward_way&) = default;
};

/// What the target's servers have said last.
struct forward_state {
    forward_way way;
    std::uint32_t refusals = 0;     // in a row: nobody has the address
    std::int64_t since = 0;         // Unix seconds, of the first of them
    std::int64_t last = 0;          // of the last one that was counted
    std::int64_t suspended_at = 0;  // 0: mail still goes there
    std::string reply;              // the last one, at most queue_recipient::max_reply_octets

    [[nodiscard]] bool is_suspended() const noexcept { return suspended_at != 0; }
};

/// The port to forwards whose targets are refused. A row goes when the account, alias or catch-all
/// does not lead to the target any more, in the same commit; so there are no more rows than targets.
///
/// Throws  storage::fault, all calls; nothing was changed then
/// Thread  any; all resume on the caller's executor. Writes return after the commit has reached the
///         disk; beside what is said at a call each may be refused as busy or disk_full, and may end
///         unsure
class forward_store {
public:
    virtual ~forward_store() = default;

    /// Of one account, alias or catch-all, or with "" of all. Small reads on the calling thread.
    virtual awaitable<std::vector<forward_state>> list(mail_address by) = 0;

    /// A server has said for good that nobody has the target. Of several within an hour one counts:
    /// a server that is wrong for a moment must not end a forward. Those before `forget_before` do
    /// not count any more.
    /// Refuses  no_such_address: it does not lead there (any more)
    virtual awaitable<result<forward_state>> note_refusal(forward_way way,
                                                          std::string reply,
                                                          std::int64_t now,
                                                          std::int64_t forget_before) = 0;
    /// The target has taken a message: what was before does not count. Costs nothing where there is
    /// nothing to forget.
    virtual awaitable<error_code> note_delivery(forward_way way) = 0;
    /// Refuses  no_such_address: nothing is known of it
    virtual awaitable<error_code> suspend(forward_way way, std::int64_t now) = 0;
    /// Forgets all about it, and mail goes there again.
    /// Refuses  no_such_address: nothing is known of it
    virtual awaitable<error_code> resume(forward_way way) = 0;

    static constexpr std::int64_t refusals_apart = 60 * 60;  // seconds
};

}  // namespace hauspost::storage
