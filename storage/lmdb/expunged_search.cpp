#include "storage/lmdb/expunged_search.hpp"

#include "storage/lmdb/account_edit.hpp"
#include "storage/lmdb/expunged_rows.hpp"
#include "storage/lmdb/trace_rows.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace hauspost::storage::lmdb {

using namespace schema;

namespace {

constexpr std::size_t most_held = 500;  // rows and mailboxes of one deletion
constexpr std::size_t largest_group_of = 50;
constexpr std::size_t most_names = 1000;           // of mailboxes
constexpr std::size_t traced_for_a_page = 20'000;  // rows, some 5 ms
constexpr std::size_t deletion_rows_of_a_slice = 20'000;
constexpr std::size_t most_deletions = 20;
// What makes a deletion a large one.
constexpr std::uint64_t many_messages = 100;
constexpr std::uint64_t few_messages = 20;  // fewer are none, whatever the account has
constexpr std::uint64_t large_share = 5;    // a fifth

std::string behind(account_id account) {
    return std::string(account_key(account_id(account.value() + 1)));
}

/// To the last row before this key.
bool seek_row_before(cursor& at, std::string_view key) {
    return at.seek(key) ? at.previous() : at.last();
}

bool are_one_deletion(std::int64_t newest, std::int64_t last, std::int64_t next) {
    return newest - next <= longest_deletion_seconds && last - next <= longest_pause_seconds;
}

}  // namespace

expunged_search::expunged_search(std::vector<account_id> accounts,
                                 expunged_query wanted,
                                 const heading_reader& headings)
    : accounts_(std::move(accounts)), wanted_(std::move(wanted)), match_(wanted_.wanted, headings) {
    wanted_.group_of = std::min(wanted_.group_of, largest_group_of);
    if (!wanted_.before) return;
    const auto first = std::find(accounts_.begin(), accounts_.end(), wanted_.before->account);
    account_ = static_cast<std::size_t>(std::distance(accounts_.begin(), first));
    before_ = key_of_expunged(*wanted_.before);
}

bool expunged_search::next_slice(const txn& within) {
    if (!has_begun_ && !wanted_.before) name_mailboxes(within);
    has_begun_ = true;
    if (walk(within)) return true;
    auto rows = traced_for_a_page;
    for (auto& entry : page_.entries)
        entry.by = find_who_expunged(within, entry.place.account, entry.place.at, entry.blob, rows);
    return false;
}

expunged_page expunged_search::take() {
    return std::move(page_);
}

void expunged_search::name_mailboxes(const txn& within) {
    auto& names = page_.mailboxes;
    for (const auto account : accounts_)
        for (auto& box : list_former_mailboxes(within, account))
            names.push_back(std::move(box.name));
    std::sort(names.begin(), names.end());
    names.erase(std::unique(names.begin(), names.end()), names.end());
    if (names.size() > most_names) names.resize(most_names);
}

bool expunged_search::walk(const txn& within) {
    auto left = match_.rows_of_a_slice();
    for (; account_ < accounts_.size(); ++account_) {
        if (walk_account(within, accounts_[account_], left)) return true;
        if (page_.next) return false;
        tell_deletion();
        if (is_full() && account_ + 1 < accounts_.size()) {
            page_.next = last_;
            return false;
        }
        before_.clear();
    }
    return false;
}

std::string expunged_search::end_of(account_id account) const {
    const auto until = match_.wanted().until;
    auto end = until == INT64_MAX
                   ? behind(account)
                   : std::string(expunged_key(account, until + 1, mailbox_id(), uid()));
    return before_.empty() ? end : std::min(end, before_);
}

/// True: there are more rows of this account, for another slice.
bool expunged_search::walk_account(const txn& within, account_id account, std::size_t& left) {
    const auto prefix = account_key(account);
    cursor at(within, table::expunged);
    bool more = seek_row_before(at, end_of(account));
    for (; more && at.key().starts_with(prefix); more = at.previous()) {
        const auto place = place_of_expunged(at.key());
        if (place.at < match_.wanted().since) return false;
        if (left == 0) return true;
        --left;
        if (match_.lets_through(within, place, at.value())) {
            if (ends_deletion(place)) {
                tell_deletion();
                if (is_full()) {
                    page_.next = last_;
                    return false;
                }
            }
            add(within, place, at.value());
        }
        before_ = at.key();
    }
    return false;
}

bool expunged_search::ends_deletion(const expunged_place& next) const {
    if (deletion_.empty()) return false;
    return wanted_.group_of == 0 || rows_held_ >= most_held || deletion_.size() >= most_held ||
           !are_one_deletion(newest_.at, last_.at, next.at);
}

void expunged_search::add(const txn& within, const expunged_place& place, std::string_view value) {
    if (deletion_.empty()) newest_ = place;
    last_ = place;
    const auto row = decode_message(value.substr(expunged_row_head));
    auto& of = deletion_[{place.account, place.mailbox}];
    ++of.messages;
    of.octets += row.octets;
    of.since = place.at;
    const auto most = std::max<std::size_t>(1, wanted_.group_of);
    if (of.messages >= most && of.messages > 1) {  // it is told as one row
        rows_held_ -= of.rows.size() - 1;
        of.rows.resize(1);
        return;
    }
    auto& entry = of.rows.emplace_back();
    ++rows_held_;
    entry.place = place;
    const auto& box = mailbox_of_row(within, place);
    entry.mailbox = box.name;
    entry.is_gone = box.is_gone;
    entry.heading = match_.heading_of(within, place, value);
    entry.octets = row.octets;
    entry.since = place.at;
    entry.blob = row.blob;
}

void expunged_search::tell_deletion() {
    std::vector<expunged_entry> told;
    for (auto& [box, of] : deletion_) {
        if (of.rows.size() == 1 && of.messages > 1) {
            of.rows.front().messages = of.messages;
            of.rows.front().octets = of.octets;
            of.rows.front().since = of.since;
        }
        std::move(of.rows.begin(), of.rows.end(), std::back_inserter(told));
    }
    std::sort(told.begin(), told.end(),
              [](const auto& a, const auto& b) { return b.place < a.place; });
    std::move(told.begin(), told.end(), std::back_inserter(page_.entries));
    deletion_.clear();
    rows_held_ = 0;
}

const former_mailbox& expunged_search::mailbox_of_row(const txn& within,
                                                      const expunged_place& place) {
    const mailbox_key box{place.account, place.mailbox};
    const auto found = mailboxes_.find(box);
    if (found != mailboxes_.end()) return found->second;
    return mailboxes_.emplace(box, find_former_mailbox(within, box)).first->second;
}

bool mass_deletion_search::next_slice(const txn& within) {
    auto left = deletion_rows_of_a_slice;
    for (;;) {
        if (before_.empty()) {
            cursor rows(within, table::expunged);
            if (!rows.seek(account_key(account_id(at_.value() + 1)))) return false;
            at_ = place_of_expunged(rows.key()).account;
            before_ = behind(at_);
            if (left-- <= 1) return true;
        }
        if (find_account_row(within, at_) && walk_account(within, at_, left)) return true;
        before_.clear();
    }
}

/// True: there are more rows of this account, for another slice.
bool mass_deletion_search::walk_account(const txn& within, account_id account, std::size_t& left) {
    const auto prefix = account_key(account);
    cursor at(within, table::expunged);
    for (bool more = seek_row_before(at, before_); more && at.key().starts_with(prefix);
         more = at.previous()) {
        const auto place = place_of_expunged(at.key());
        if (place.at < since_) break;
        if (left == 0) return true;
        --left;
        before_ = at.key();
        if (messages_ > 0 && !are_one_deletion(newest_, oldest_, place.at)) judge(within, account);
        if (messages_++ == 0) {
            newest_ = place.at;
            blob_ = decode_message(at.value().substr(expunged_row_head)).blob;
        }
        oldest_ = place.at;
    }
    judge(within, account);
    return false;
}

void mass_deletion_search::judge(const txn& within, account_id account) {
    const auto messages = std::exchange(messages_, 0);
    if (messages < few_messages) return;
    const auto totals = find_totals(within, account);
    const auto left = totals ? totals->messages : 0;
    if (messages <= many_messages && messages * large_share <= left + messages) return;
    auto& one = found_.emplace_back();
    one.address = find_account_row(within, account)->name;
    one.since = oldest_;
    one.until = newest_;
    one.messages = messages;
    std::size_t rows = 1000;
    one.by = find_who_expunged(within, account, newest_, blob_, rows);
    if (found_.size() > 2 * most_deletions) keep_latest();
}

void mass_deletion_search::keep_latest() {
    std::sort(found_.begin(), found_.end(),
              [](const auto& a, const auto& b) { return a.until > b.until; });
    if (found_.size() > most_deletions) found_.resize(most_deletions);
}

std::vector<mass_deletion> mass_deletion_search::take() {
    keep_latest();
    return std::move(found_);
}

trace_actor find_who_expunged(
    const txn& within, account_id account, std::int64_t at, blob_id blob, std::size_t& rows) {
    constexpr std::uint64_t second = 1'000'000;
    // What a commit expunges is traced in it, with a clock that was read a little later.
    const auto begin = static_cast<std::uint64_t>(std::max<std::int64_t>(0, at)) * second;
    cursor step(within, table::trace);
    bool more = step.seek(trace_rows::key_of({begin, 0}));
    for (; more && rows > 0; more = step.next(), --rows) {
        const auto place = trace_rows::place_of(step.key());
        if (place.microseconds >= begin + 2 * second) break;
        const trace_rows::view row(step.value());
        if (!row.is_sound() || row.step() != trace_step::expunged || row.account() != account)
            continue;
        const auto event = trace_rows::decode(place, step.value());
        if (!std::binary_search(event.blobs.begin(), event.blobs.end(), blob)) continue;
        return {event.door, event.by, event.peer};
    }
    return {};
}

}  // namespace hauspost::storage::lmdb
