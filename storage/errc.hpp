#pragma once

#include "base/result.hpp"

#include <type_traits>

namespace hauspost::storage {

/// Why the store refuses. Nothing was changed when one of these comes back, but for `unsure`. Faults
/// of the store itself (a broken disk, a corrupt file) are exceptions: storage::fault.
enum class errc {
    ok = 0,
    no_such_account,
    no_such_mailbox,
    no_such_message,
    no_such_domain,
    no_such_address,
    already_exists,  // a mailbox, account, alias or domain of that name
    not_allowed,     // for example: delete INBOX, create below a mailbox's own child
    over_quota,      // the account has no room for it
    disk_full,       // the disk or the LMDB map is full: try again later
    too_many_mailboxes,
    too_many_keywords,  // RFC 9051 7.1 LIMIT: the mailbox's keyword table is full
    invalid_name,
    busy,          // a pool's queue is full, or the server is stopping: try again later
    still_in_use,  // a domain that has accounts
    too_many_annotations,
    too_many_grants,
    too_many_targets,    // of an alias
    changed_meanwhile,   // by somebody else, since the caller read it
    over_sending_limit,  // the account has sent too much: later
    sending_frozen,      // the account may not send until somebody lifts that
    /// All of it is done, or nothing: the answer to the commit was lost. Any write may end so. Who
    /// asked for it says "try again later", and reads anew before it relies on either.
    unsure,
};

const boost::system::error_category& category() noexcept;

inline error_code make_error_code(errc code) noexcept {
    return {static_cast<int>(code), category()};
}

}  // namespace hauspost::storage

template <>
struct boost::system::is_error_code_enum<hauspost::storage::errc> : std::true_type {};
