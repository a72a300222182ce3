#include "storage/lmdb/removed_accounts.hpp"

#include "storage/lmdb/expunged_rows.hpp"
#include "storage/lmdb/mailbox_rows.hpp"
#include "storage/lmdb/schema.hpp"

#include <algorithm>
#include <utility>

namespace hauspost::storage::lmdb {

using namespace schema;

namespace {

constexpr std::size_t removed_rows_of_a_slice = 10'000;  // some 3 ms
constexpr std::size_t most_removed = 500;

removed_mailer mailer_of(account_id id, removed_account row) {
    removed_mailer made;
    made.id = id;
    made.name = std::move(row.name);
    made.display_name = std::move(row.display_name);
    made.note = std::move(row.note);
    made.quota_octets = row.quota_octets;
    made.forwards = std::move(row.forwards);
    made.keep_copy = row.keep_copy;
    made.files_sent = row.files_sent;
    made.removed_at = row.removed_at;
    return made;
}

}  // namespace

bool removed_accounts_list::next_slice(const txn& within) {
    auto left = removed_rows_of_a_slice;
    if (!is_listed_) {
        if (list(within, left)) return true;
        is_listed_ = true;
        keep_latest();
        from_.clear();
    }
    for (; counted_ < found_.size(); ++counted_, from_.clear())
        if (count(within, found_[counted_], left)) return true;
    return false;
}

std::vector<removed_mailer> removed_accounts_list::take() {
    // One that was emptied meanwhile is none any more.
    std::erase_if(found_, [](const auto& one) { return one.messages == 0 && !one.is_going; });
    return std::move(found_);
}

/// True: there are more.
bool removed_accounts_list::list(const txn& within, std::size_t& left) {
    cursor at(within, table::removed);
    for (bool more = from_.empty() ? at.first() : at.seek(from_); more; more = at.next()) {
        if (left == 0) {
            from_ = at.key();
            return true;
        }
        --left;
        found_.push_back(mailer_of(account_id(load_be<std::uint32_t>(at.key().data())),
                                   decode_removed(at.value())));
        if (found_.size() > 2 * most_removed) keep_latest();
    }
    return false;
}

/// True: there are more rows of this one.
bool removed_accounts_list::count(const txn& within, removed_mailer& of, std::size_t& left) {
    const auto prefix = account_key(of.id);
    if (from_.empty()) {
        of.is_going = has_mailboxes(within, of.id);
        from_ = expunged_key(of.id, of.removed_at, mailbox_id(), uid());
    }
    cursor at(within, table::expunged);
    for (bool more = at.seek(from_); more && at.key().starts_with(prefix); more = at.next()) {
        if (left == 0) {
            from_ = at.key();
            return true;
        }
        --left;
        ++of.messages;
        of.octets += octets_of_expunged(at.value());
    }
    return false;
}

void removed_accounts_list::keep_latest() {
    std::sort(found_.begin(), found_.end(), [](const auto& a, const auto& b) {
        return std::pair(a.removed_at, a.id) > std::pair(b.removed_at, b.id);
    });
    if (found_.size() > most_removed) found_.resize(most_removed);
}

}  // namespace hauspost::storage::lmdb
