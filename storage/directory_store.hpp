#pragma once

#include "base/awaitable.hpp"
#include "base/result.hpp"
#include "storage/account.hpp"
#include "storage/errc.hpp"
#include "storage/fault.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace hauspost::storage {

inline constexpr std::size_t max_targets = 1000;  // of one alias

/// What stands at an address. monostate: nothing.
using directory_entry = std::variant<std::monostate, account, alias>;

/// What mail to an address meets.
struct met_address {
    std::optional<storage::domain> domain;  // of the first name; nullopt: not one of ours
    directory_entry entry;  // what stands at the first of the names that has anything
    account_usage usage;    // when that is an account with a quota
    /// Of the entry's targets, or without an entry the domain's catch-all: those that get nothing at
    /// present (forward_store).
    std::vector<mail_address> suspended;
};

/// What of an account is to be another; what is empty here stays as it is. So two who change an
/// account at the same time never undo each other's change of another field, and with `seen` none
/// of the same field either.
struct account_change {
    account_change() = default;
    std::optional<std::string> display_name;
    std::optional<std::string> password_hash;
    std::optional<std::uint64_t> quota_octets;
    std::optional<bool> active;
    std::optional<std::vector<mail_address>> forwards;
    std::optional<bool> keep_copy;
    std::optional<std::string> note;
    std::optional<bool> files_sent;

    /// The row that the change was decided on; none: whatever it is now.
    std::optional<account> seen;

    /// True when `row` has another name than `seen`, or a field that is to change is neither as in
    /// `seen` nor as wanted.
    [[nodiscard]] bool is_outdated(const account& row) const;
    [[nodiscard]] account applied_to(account row) const;
};

/// The port to accounts, aliases, domains. Names are compared in the form they are kept in: lower
/// case (RFC 5321 2.4 lets a local part be case-sensitive; ours are not), domains in A-labels.
/// Look-ups are small reads on the calling thread and may be called for each RCPT.
///
/// Writes return after the commit has reached the disk. Beside what is said at a call, each write
/// may be refused as busy or disk_full, and may end unsure.
///
/// Throws  storage::fault, all calls; nothing was changed then
/// Thread  any; all resume on the caller's executor
class directory_store {
public:
    virtual ~directory_store() = default;

    /// What stands at exactly this address; monostate for a text that is no address, too.
    virtual awaitable<directory_entry> find_address(std::string name) = 0;
    /// nullopt: removed, or never made.
    virtual awaitable<std::optional<account>> find_account(account_id id) = 0;
    /// nullopt: not a domain of ours.
    virtual awaitable<std::optional<domain>> find_domain(std::string name) = 0;

    /// All that routing asks about a recipient: its domain, and what stands at the first of some
    /// names that has anything.
    /// names  the recipient's, and other names for it in the order in which they count; at least one
    virtual awaitable<met_address> find_recipient(std::vector<mail_address> names) = 0;
    /// The first by name of a domain's accounts that are not switched off; domain "": of all. May
    /// be a walk over the directory, in slices that let others run.
    virtual awaitable<std::optional<account>> first_account(std::string domain) = 0;

    /// In the order of ids; 0 for an account that is not there.
    virtual awaitable<std::vector<account_usage>> usages(std::vector<account_id> ids) = 0;

    /// Sorted by name. after: names greater than it; limit: at most so many.
    virtual awaitable<std::vector<account>> list_accounts(std::string after, std::size_t limit) = 0;
    virtual awaitable<std::vector<alias>> list_aliases(std::string after, std::size_t limit) = 0;
    virtual awaitable<std::vector<domain>> list_domains() = 0;

    /// Makes the account with INBOX and Drafts, Sent, Junk, Trash, Archive (RFC 6154).
    /// Refuses  already_exists (account or alias of that name), no_such_domain, invalid_name
    virtual awaitable<result<account_id>> add_account(account wanted) = 0;
    /// Another password hash, and logins switched off, end the account's sessions.
    /// Refuses  no_such_account, changed_meanwhile (account_change::is_outdated)
    virtual awaitable<error_code> change_account(account_id id, account_change change) = 0;
    /// The same password under another hash: no session ends. Nothing happens when the account's
    /// hash is not old_hash any more, so that a password set meanwhile is never lost.
    /// Returns  whether it was
    /// Refuses  no_such_account
    virtual awaitable<result<bool>> renew_password_hash(account_id id,
                                                        std::string old_hash,
                                                        std::string new_hash) = 0;
    /// Removes the account and its mail (its space returns in the background). In slices: broken
    /// off between two of them the account is there, switched off, with fewer mailboxes.
    /// Refuses  no_such_account
    virtual awaitable<error_code> remove_account(account_id id) = 0;

    /// Gives an account another address, perhaps of another domain; its id, mail and password stay.
    /// In the same commit what leads to the old address leads to the new one: targets of aliases,
    /// forwards and catch-alls (from+detail too, unless somebody has that address), and other
    /// accounts' subscriptions of its mailboxes. An alias that is called `to` and leads to `from`
    /// alone makes way. The account's sessions end.
    /// keep_alias  `from` becomes an alias of `to`
    /// Returns     how many targets were changed
    /// Refuses     no_such_account, already_exists, no_such_domain, invalid_name
    virtual awaitable<result<std::size_t>> rename_account(mail_address from,
                                                          mail_address to,
                                                          bool keep_alias) = 0;

    // Each says what is to be another and is done within one commit, so that two who change an
    // alias or a domain at the same time never undo each other's change.

    /// Makes an alias, or adds the targets to one that is there and leaves it on or off.
    /// Refuses  already_exists (an account of that name), no_such_domain, invalid_name,
    ///          too_many_targets
    virtual awaitable<error_code> add_alias(alias wanted) = 0;
    /// Those that it does not have are passed over. With its last target the alias goes.
    /// Returns  the targets that are left
    /// Refuses  no_such_address
    virtual awaitable<result<std::vector<mail_address>>> remove_targets(
        std::string name, std::vector<mail_address> targets) = 0;
    /// Refuses  no_such_address
    virtual awaitable<error_code> enable_alias(std::string name, bool enabled) = 0;
    /// Removes the alias when it still is what was seen, by its version.
    /// Refuses  no_such_address, changed_meanwhile
    virtual awaitable<error_code> remove_alias(alias seen) = 0;

    /// Refuses  invalid_name, already_exists
    virtual awaitable<error_code> add_domain(domain wanted) = 0;
    /// Sets the domain's catch-all when the row still is what was seen, by its version, or when it
    /// is target already.
    /// target   empty: mail to unknown addresses is refused
    /// Refuses  no_such_domain, changed_meanwhile
    virtual awaitable<error_code> set_catch_all(domain seen, mail_address target) = 0;
    /// Refuses  no_such_domain, still_in_use
    virtual awaitable<error_code> remove_domain(std::string name) = 0;
};

}  // namespace hauspost::storage
