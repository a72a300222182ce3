#pragma once

#include "admin/ports.hpp"
#include "admin/refusal.hpp"
#include "base/secret.hpp"
#include "storage/audit_entry.hpp"
#include "storage/expunged_message.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace hauspost::admin {

// Use cases on mail and accounts that were deleted and are still kept. Addresses are as somebody typed
// them.

/// Which of somebody's deleted mail is meant, as it was typed: all that is not empty has to fit.
struct deleted_filter {
    deleted_filter() = default;
    std::string mailbox;                             // in which it was
    std::string from, subject, text;                 // pieces; text: of either
    std::string since, until;                        // as read_time (admin/trace.hpp)
    std::optional<std::uint64_t> within_seconds;     // deleted so long ago at most
    std::optional<std::uint64_t> first_at, last_at;  // Unix seconds, as a list says them
    // Of those that had the address, this one alone, and its mailbox: as a list says them.
    std::optional<std::uint64_t> account, box;
};

struct deleted_request {
    deleted_request() = default;
    std::string address;
    deleted_filter wanted;
    bool is_grouped = false;             // what went in one go is one row
    std::string after;                   // deleted_mail::more of the page before
    std::optional<std::uint64_t> limit;  // rows; 500 at most
};

struct deleted_mail {
    deleted_mail() = default;
    std::string address;
    bool has_account = false;  // somebody has the address
    std::uint64_t kept_seconds = 0;
    std::vector<storage::expunged_entry> entries;  // the latest first
    std::vector<std::string> mailboxes;            // that may be asked for; of the first page
    std::string more;                              // where the list goes on; empty: that is all
};

inline constexpr std::uint64_t deleted_by_default = 100;
/// Of so many messages that went together a list makes one row.
inline constexpr std::size_t deletion_row_of = 10;

/// What can be brought back of an address.
awaitable<outcome<deleted_mail>> list_deleted(ports& at, deleted_request wanted);

struct wanted_mail {
    wanted_mail() = default;
    std::string address;
    std::vector<std::string> ids;  // of a list; empty: all that the filter lets through
    std::string deletion;          // id of a row of a list: all that went with it from its mailbox
    deleted_filter wanted;
    std::string to;    // a mailbox that gets all of it; empty: each the one in which it was
    std::string into;  // the account that gets it; empty: the one that has the address
};

struct returned_mail {
    returned_mail() = default;
    std::string address;  // of the account that got it
    storage::mail_returned mail;
    std::uint64_t missing_octets = 0;  // of quota, for what was left over
    /// To give to undo_restore. Empty: there is nothing, or too much, to take back.
    std::string undo;
};

/// Brings mail back (storage::expunged_store::bring_back). Refuses when what was chosen is gone.
awaitable<outcome<returned_mail>> restore_mail(ports& at, wanted_mail wanted);

/// The same for a message that the trace tells of: for whom it says that the message was deleted then.
/// id          of the message
/// deleted_at  Unix seconds
awaitable<outcome<returned_mail>> restore_traced(ports& at,
                                                 std::string id,
                                                 std::uint64_t deleted_at);

struct undone_restore {
    undone_restore() = default;
    std::string address;
    std::uint64_t messages = 0;
};
/// Deletes again what a restore has brought back.
/// undo  as returned_mail says
awaitable<outcome<undone_restore>> undo_restore(ports& at, std::string address, std::string undo);

struct listed_removed {
    listed_removed() = default;
    storage::removed_mailer account;
    bool is_taken = false;                   // somebody has its address
    std::optional<storage::audit_actor> by;  // who has removed it, as the audit log says
};
struct removed_accounts {
    removed_accounts() = default;
    std::uint64_t kept_seconds = 0;
    std::vector<listed_removed> accounts;  // the latest first
};
awaitable<outcome<removed_accounts>> list_removed(ports& at);

struct account_returned {
    account_returned() = default;
    std::string address;
    secret generated;  // empty: the password was given
    storage::mail_returned mail;
    std::optional<refusal> mail_refused;  // the account is there, and not all of its mail
};

/// Makes a removed account again, with its settings but a new password, and brings back what it had
/// when it was removed. What its owner had deleted himself stays deleted. Broken off in between, the
/// account is there, and restore_mail brings the rest.
/// password  none: one is generated and told
awaitable<outcome<account_returned>> undelete_account(ports& at,
                                                      std::string address,
                                                      std::optional<secret> password);

}  // namespace hauspost::admin
