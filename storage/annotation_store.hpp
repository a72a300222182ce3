#pragma once

#include "base/awaitable.hpp"
#include "base/result.hpp"
#include "mail/metadata.hpp"
#include "storage/errc.hpp"
#include "storage/fault.hpp"
#include "storage/mailbox.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace hauspost::storage {

/// RFC 5464 4.1 asks for at least 1024 octets and 10 entries.
inline constexpr std::size_t max_annotation_octets = 4'096;
inline constexpr std::size_t max_annotation_entry_octets = 255;
inline constexpr std::size_t max_annotations = 64;  // of one mailbox
/// Names and values of all annotations of an account.
inline constexpr std::size_t max_annotation_octets_of_account = 2'097'152;

struct annotation {
    std::string entry;  // lower case: "/private/comment"
    std::string value;  // any octets
    friend bool operator==(const annotation&, const annotation&) = default;
};

struct annotation_change {
    std::string entry;                 // lower case
    std::optional<std::string> value;  // nullopt: the entry goes
};

/// That there is an annotation, and whether it is still the same.
struct annotation_print {
    mailbox_id mailbox;  // 0: of the server as this account sees it
    std::string entry;
    std::uint64_t hash = 0;  // of the value: the same in every process
};

/// The port to what clients note about mailboxes (RFC 5464). Mailbox 0 of an account stands for the
/// server as this account sees it. Annotations go with their mailbox: RENAME keeps them, DELETE
/// removes them.
///
/// Throws  storage::fault, all calls; nothing was changed then
/// Thread  any; all resume on the caller's executor. Writes return after the commit has reached the
///         disk, and may end unsure.
class annotation_store {
public:
    virtual ~annotation_store() = default;

    /// Those of the named entries that are there, sorted by name, each once.
    /// Refuses  no_such_mailbox
    virtual awaitable<result<std::vector<annotation>>> annotations(mailbox_key mailbox,
                                                                   std::vector<std::string> entries,
                                                                   mail::metadata_depth below) = 0;

    /// Of all annotations of an account, by mailbox and name. Reads no values.
    virtual awaitable<result<std::vector<annotation_print>>> annotation_prints(
        account_id account) = 0;

    /// Sets or removes all of them, or none; the account's listeners are told of a change.
    /// Refuses  no_such_mailbox, too_many_annotations, disk_full, busy, invalid_name (a name or
    ///          value over its limit)
    virtual awaitable<error_code> annotate(mailbox_key mailbox,
                                           std::vector<annotation_change> changes) = 0;
};

}  // namespace hauspost::storage
