#pragma once

#include "storage/lmdb/write_context.hpp"

#include <map>
#include <optional>

namespace hauspost::storage::lmdb {

/// The counters of one account and of its mailboxes while an operation changes them; save() writes
/// back what was touched. All messages that one operation changes share one modseq.
class account_edit {
public:
    account_edit(write_context& context, account_id account);

    /// False: there is no such account.
    [[nodiscard]] bool exists() const noexcept { return exists_; }
    /// nullptr: no such mailbox. References stay good until save().
    [[nodiscard]] mailbox_counters* mailbox(mailbox_id id);
    [[nodiscard]] schema::account_row& totals() noexcept { return totals_; }
    /// The modseq of this operation, taken at the first call.
    [[nodiscard]] std::uint64_t modseq();
    /// Quota of the account: is there room for so many octets more?
    [[nodiscard]] bool has_room(std::uint64_t octets) const;
    /// A mailbox made by this operation.
    mailbox_counters& add_mailbox(mailbox_id id);
    /// Its counters row goes (its messages must be gone).
    void drop_mailbox(mailbox_id id);
    /// Writes all rows back and notes the account for the change feed.
    void save();

private:
    write_context& context_;
    account_id account_;
    bool exists_ = false;
    schema::account_row totals_;
    std::optional<std::uint64_t> modseq_;
    std::map<mailbox_id, mailbox_counters> boxes_;
};

/// Sessions of the account look again: none of its mail has changed, but what they tell of it.
void wake(write_context& context, account_id account);

/// Reads alone, for sessions.
[[nodiscard]] std::optional<mailbox_counters> find_counters(const txn& within, mailbox_key box);
[[nodiscard]] std::optional<schema::account_row> find_totals(const txn& within, account_id id);
[[nodiscard]] std::optional<account> find_account_row(const txn& within, account_id id);
/// Quota of the account: is there room for so many octets more?
[[nodiscard]] bool has_room(const txn& within, account_id id, std::uint64_t octets);

}  // namespace hauspost::storage::lmdb
