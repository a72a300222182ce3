#pragma once

#include "storage/expunged_message.hpp"
#include "storage/lmdb/expunged_match.hpp"
#include "storage/lmdb/gone_rows.hpp"

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace hauspost::storage::lmdb {

/// What went within ten minutes with no minute's pause between counts as one deletion.
inline constexpr std::int64_t longest_deletion_seconds = 600;
inline constexpr std::int64_t longest_pause_seconds = 60;

/// Finds a page of expunged messages: account after account, back in time. In slices, each with a
/// read transaction of its own. Holds a page and what of one deletion is not told yet.
///
/// Calling sequence: construct, next_slice() until it is false, take(). One thread at a time.
class expunged_search {
public:
    /// accounts  in the order in which their mail is told
    expunged_search(std::vector<account_id> accounts,
                    expunged_query wanted,
                    const heading_reader& headings);

    /// Looks at the next rows. False: that was all.
    /// Throws  fault
    bool next_slice(const txn& within);
    [[nodiscard]] expunged_page take();

private:
    /// Messages of one deletion that went from one mailbox.
    struct group {
        std::vector<expunged_entry> rows;  // the latest first; one alone when there are too many
        std::uint64_t messages = 0;
        std::uint64_t octets = 0;
        std::int64_t since = 0;
    };

    bool walk(const txn& within);
    bool walk_account(const txn& within, account_id account, std::size_t& left);
    [[nodiscard]] std::string end_of(account_id account) const;
    [[nodiscard]] bool ends_deletion(const expunged_place& next) const;
    void add(const txn& within, const expunged_place& place, std::string_view value);
    void tell_deletion();
    [[nodiscard]] bool is_full() const { return page_.entries.size() >= wanted_.most; }
    const former_mailbox& mailbox_of_row(const txn& within, const expunged_place& place);
    void name_mailboxes(const txn& within);

    std::vector<account_id> accounts_;
    expunged_query wanted_;
    expunged_match match_;
    std::size_t account_ = 0;  // where in accounts_
    std::string before_;       // rows before this key are next; "": the last of the account
    std::map<mailbox_key, group> deletion_;
    std::size_t rows_held_ = 0;
    expunged_place newest_, last_;  // of the deletion
    std::map<mailbox_key, former_mailbox> mailboxes_;
    expunged_page page_;
    bool has_begun_ = false;
};

/// Finds large deletions of all accounts that are there. As expunged_search.
class mass_deletion_search {
public:
    explicit mass_deletion_search(std::int64_t since) : since_(since) {}

    bool next_slice(const txn& within);
    [[nodiscard]] std::vector<mass_deletion> take();

private:
    bool walk_account(const txn& within, account_id account, std::size_t& left);
    void judge(const txn& within, account_id account);
    void keep_latest();

    const std::int64_t since_;
    account_id at_;               // the account whose rows are next
    std::string before_;          // as in expunged_search
    std::uint64_t messages_ = 0;  // of the deletion that the walk is in
    std::int64_t newest_ = 0, oldest_ = 0;
    blob_id blob_;  // of its latest message
    std::vector<mass_deletion> found_;
};

/// Who expunged this message, as the trace says; door none: it does not.
/// rows  of the trace that may still be looked at; counted down
[[nodiscard]] trace_actor find_who_expunged(
    const txn& within, account_id account, std::int64_t at, blob_id blob, std::size_t& rows);

}  // namespace hauspost::storage::lmdb
