#pragma once

#include "base/awaitable.hpp"
#include "base/ids.hpp"
#include "storage/errc.hpp"
#include "storage/fault.hpp"
#include "storage/mail_address.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace hauspost::storage {

/// An account with little room left.
struct full_account {
    account_id id;
    mail_address name;
    std::uint64_t octets = 0;
    std::uint64_t quota_octets = 0;
};

/// What is wrong with accounts, as far as it takes a walk over all of them to know.
struct account_troubles {
    /// Whose mail takes nearly_full_percent of their quota and more, the fullest first.
    std::vector<full_account> nearly_full;
    /// Those that are frozen because they send as if somebody else used them.
    std::vector<account_id> hijacked;
};

/// The port to what the owner's overview asks of the store and nobody else does.
///
/// Throws  storage::fault, all calls; nothing was changed then
/// Thread  any; all resume on the caller's executor
class overview_store {
public:
    static constexpr std::uint64_t nearly_full_percent = 90;
    static constexpr std::size_t max_troubles = 10;  // of each kind

    virtual ~overview_store() = default;

    /// Walks over all accounts on a worker, once a minute at most: what has come since may be missing
    /// for so long, what is over is never told. While the store is busy, what is known.
    virtual awaitable<account_troubles> troubles() = 0;

    // What the DNS has once said of a domain of ours as it should; records by names of the caller's
    // choice.

    /// Of each record, when it was last noted as right, in Unix seconds; 0: never. A small read on
    /// the calling thread.
    virtual awaitable<std::vector<std::int64_t>> records_right(
        std::string domain, std::vector<std::string> records) = 0;
    /// They are right now. It is forgotten with the domain. Returns after the commit has reached the
    /// disk.
    /// Refuses  no_such_domain, disk_full, busy; may end unsure
    virtual awaitable<error_code> note_records_right(std::string domain,
                                                     std::vector<std::string> records) = 0;
};

}  // namespace hauspost::storage
