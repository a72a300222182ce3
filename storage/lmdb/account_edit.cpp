#include "storage/lmdb/account_edit.hpp"

namespace hauspost::storage::lmdb {

using namespace schema;

std::optional<mailbox_counters> find_counters(const txn& within, mailbox_key box) {
    const auto found = within.get(table::counters, mailbox_row_key(box));
    if (!found) return std::nullopt;
    return decode_counters(*found);
}

std::optional<account_row> find_totals(const txn& within, account_id id) {
    const auto found = within.get(table::counters, account_row_key(id));
    if (!found) return std::nullopt;
    return decode_account_row(*found);
}

void wake(write_context& context, account_id account) {
    const auto totals = find_totals(context.tx, account);
    context.touched.try_emplace(account, modseq(totals ? totals->modseq : 0));
}

std::optional<account> find_account_row(const txn& within, account_id id) {
    const auto found = within.get(table::account, account_key(id));
    if (!found) return std::nullopt;
    return decode_account(id, *found);
}

bool has_room(const txn& within, account_id id, std::uint64_t octets) {
    const auto row = find_account_row(within, id);
    const auto totals = find_totals(within, id);
    if (!row || !totals || row->quota_octets == 0) return true;
    return totals->octets + octets <= row->quota_octets;
}

account_edit::account_edit(write_context& context, account_id account)
    : context_(context), account_(account) {
    if (const auto found = find_totals(context.tx, account)) {
        exists_ = true;
        totals_ = *found;
    }
}

mailbox_counters* account_edit::mailbox(mailbox_id id) {
    if (const auto known = boxes_.find(id); known != boxes_.end()) return &known->second;
    const auto found = find_counters(context_.tx, {account_, id});
    if (!found || !id) return nullptr;
    return &boxes_.emplace(id, *found).first->second;
}

std::uint64_t account_edit::modseq() {
    if (!modseq_) modseq_ = ++totals_.modseq;
    return *modseq_;
}

bool account_edit::has_room(std::uint64_t octets) const {
    const auto row = find_account_row(context_.tx, account_);
    if (!row || row->quota_octets == 0) return true;
    return totals_.octets + octets <= row->quota_octets;
}

mailbox_counters& account_edit::add_mailbox(mailbox_id id) {
    auto& counters = boxes_[id];
    counters.uid_validity = uid_validity(totals_.next_uid_validity++);
    counters.uid_next = counters.first_recent = uid(1);
    counters.highest_modseq = hauspost::modseq(modseq());
    return counters;
}

void account_edit::drop_mailbox(mailbox_id id) {
    boxes_.erase(id);
    context_.tx.remove(table::counters, mailbox_row_key({account_, id}));
}

void account_edit::save() {
    for (auto& [id, counters] : boxes_)
        context_.tx.put(table::counters, mailbox_row_key({account_, id}), encode(counters));
    context_.tx.put(table::counters, account_row_key(account_), encode(totals_));
    if (modseq_) context_.touched[account_] = hauspost::modseq(*modseq_);
}

}  // namespace hauspost::storage::lmdb
