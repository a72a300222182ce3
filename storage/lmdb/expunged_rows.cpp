#include "storage/lmdb/expunged_rows.hpp"

#include "storage/lmdb/gone_rows.hpp"
#include "storage/lmdb/mailbox_rows.hpp"
#include "storage/lmdb/message_rows.hpp"
#include "storage/lmdb/rights_rows.hpp"
#include "storage/lmdb/trace_steps.hpp"

#include <algorithm>
#include <optional>

namespace hauspost::storage::lmdb {

using namespace schema;

namespace {

account_id keeping_account(std::string_view key) {
    return account_id(load_be<std::uint32_t>(key.data()));
}
mailbox_key left_mailbox(std::string_view key) {
    return {keeping_account(key), mailbox_id(load_be<std::uint32_t>(key.data() + 12))};
}
std::int64_t expunged_at(std::string_view key) {
    return static_cast<std::int64_t>(load_be<std::uint64_t>(key.data() + 4));
}
uid uid_of(std::string_view key) {
    return uid(load_be<std::uint32_t>(key.data() + 16));
}
std::string_view kept_message(std::string_view value) {
    return value.substr(expunged_row_head);
}

std::uint64_t quota_of(const txn& within, account_id account) {
    if (const auto row = find_account_row(within, account)) return row->quota_octets;
    const auto removed = within.get(table::removed, account_key(account));
    return removed ? decode_removed(*removed).quota_octets : 0;
}

/// The mailbox that a message was in, when it is still there.
std::optional<mailbox_id> home_of(const txn& within, account_id account, std::string_view key) {
    const auto box = left_mailbox(key);
    const auto row = find_mailbox_row(within, box);
    if (box.account != account || !row || row->removing || !row->selectable) return std::nullopt;
    return box.mailbox;
}

/// The mailbox for all that has none of its own any more.
result<mailbox_id> restored_mailbox(write_context& context,
                                    account_edit& edit,
                                    account_id account,
                                    std::size_t max_mailboxes) {
    constexpr auto name = "Restored";
    if (const auto there = find_mailbox(context.tx, account, name))
        if (find_mailbox_row(context.tx, {account, *there})->selectable) return *there;
    const auto made =
        create_mailbox(context, edit, account, name, mail::special_use::none, max_mailboxes);
    // Many mail programs show only what is subscribed.
    if (made) context.tx.put(table::subscription, name_key(account, name), "");
    return made;
}

/// Without keywords in another mailbox: they are numbered by each for itself.
numbered_flags flags_in(mailbox_key to, const expunged_row& from) {
    auto bits = flags_of_expunged(from.value);
    if (to != left_mailbox(from.key)) bits &= (1u << mail::flags::first_keyword) - 1;
    return {bits, {}};
}

}  // namespace

std::uint32_t flags_of_expunged(std::string_view value) {
    return load_le<std::uint32_t>(value.data()) & ~mail::flags::deleted;
}

std::uint64_t octets_of_expunged(std::string_view value) {
    return decode_message(kept_message(value)).octets;
}

blob_id blob_of_expunged(std::string_view value) {
    return decode_message(kept_message(value)).blob;
}

uid put_back_message(write_context& context,
                     account_edit& edit,
                     mailbox_key to,
                     const expunged_row& from,
                     numbered_flags flags) {
    const auto row = decode_message(kept_message(from.value));
    std::string scratch;
    const std::string summary(
        whole_summary(context.tx, left_mailbox(from.key), uid_of(from.key), row, scratch));
    new_message message;
    message.blob = row.blob;
    message.blob_octets = row.octets - row.prefix.size();
    message.internal_date = row.internal_date;
    message.save_date = context.now;
    message.thread = row.thread;
    message.prefix = row.prefix;
    message.summary = summary;
    message.flags = std::move(flags);
    return insert_message(context, edit, to, message);
}

expunged_place place_of_expunged(std::string_view key) {
    const auto box = left_mailbox(key);
    expunged_place place;
    place.account = box.account;
    place.at = expunged_at(key);
    place.mailbox = box.mailbox;
    place.uid = uid_of(key);
    return place;
}

std::string key_of_expunged(const expunged_place& place) {
    return std::string(expunged_key(place.account, place.at, place.mailbox, place.uid));
}

void keep_expunged(write_context& context,
                   account_edit& edit,
                   mailbox_key box,
                   uid id,
                   std::uint32_t flags,
                   std::string_view row) {
    std::string kept;
    append_le(kept, flags);
    kept.append(row);
    edit.totals().expunged_octets += decode_message(row).octets;
    context.tx.put(table::expunged, expunged_key(box.account, context.now, box.mailbox, id), kept);
    context.expunged[box.account] += 1;
}

void take_expunged(write_context& context, const expunged_row& row) {
    const auto account = keeping_account(row.key);
    const auto box = left_mailbox(row.key);
    if (auto totals = find_totals(context.tx, account)) {
        const auto octets = decode_message(kept_message(row.value)).octets;
        totals->expunged_octets -= std::min(totals->expunged_octets, octets);
        context.tx.put(table::counters, account_row_key(account), encode(*totals));
    }
    for (std::uint16_t n = 0;
         context.tx.remove(table::summary_rest, summary_rest_key(box, uid_of(row.key), n));)
        ++n;
    context.tx.remove(table::expunged, row.key);
}

void purge_expunged(write_context& context, const expunged_row& row, trace_door by) {
    const auto blob = decode_message(kept_message(row.value)).blob;
    if (by != trace_door::none) context.purged[{keeping_account(row.key), by}].push_back(blob);
    context.drop_reference(blob);
    take_expunged(context, row);
    forget_removed_account(context, keeping_account(row.key));
}

std::vector<expunged_row> expired_rows(const txn& within, std::int64_t at, std::size_t limit) {
    std::vector<expunged_row> rows;
    cursor walk(within, table::expunged);
    // Key order is account, time: look at the expired head of each account.
    for (bool found = walk.first(); found && rows.size() < limit;) {
        if (expunged_at(walk.key()) <= at) {
            rows.push_back({std::string(walk.key()), std::string(walk.value())});
            found = walk.next();
        } else {
            found = walk.seek(account_key(account_id(keeping_account(walk.key()).value() + 1)));
        }
    }
    return rows;
}

std::uint64_t count_expunged(const txn& within, account_id account) {
    std::uint64_t count = 0;
    cursor walk(within, table::expunged);
    const auto prefix = account_key(account);
    for (bool more = walk.seek(prefix); more && walk.key().starts_with(prefix); more = walk.next())
        ++count;
    return count;
}

std::vector<expunged_row> oldest_rows(const txn& within, account_id account, std::size_t limit) {
    std::vector<expunged_row> rows;
    cursor walk(within, table::expunged);
    const auto prefix = account_key(account);
    for (bool more = walk.seek(prefix);
         more && walk.key().starts_with(prefix) && rows.size() < limit; more = walk.next())
        rows.push_back({std::string(walk.key()), std::string(walk.value())});
    return rows;
}

std::vector<expunged_row> latest_rows(const txn& within,
                                      account_id account,
                                      std::string_view before,
                                      std::int64_t since,
                                      std::size_t limit) {
    std::vector<expunged_row> rows;
    cursor walk(within, table::expunged);
    const auto prefix = account_key(account);
    const auto after_last = account_key(account_id(account.value() + 1));
    const std::string_view end = before.empty() ? std::string_view(after_last) : before;
    for (bool more = walk.seek(end) ? walk.previous() : walk.last();
         more && walk.key().starts_with(prefix) && rows.size() < limit; more = walk.previous()) {
        if (expunged_at(walk.key()) < since) break;
        rows.push_back({std::string(walk.key()), std::string(walk.value())});
    }
    return rows;
}

std::size_t purge_over_limit(write_context& context,
                             account_id account,
                             std::uint32_t quotas,
                             std::size_t limit) {
    const auto quota = quota_of(context.tx, account);
    if (quotas == 0 || quota == 0) return 0;
    const auto most = quota > UINT64_MAX / quotas ? UINT64_MAX : quota * quotas;
    const auto totals = find_totals(context.tx, account);
    if (!totals || totals->expunged_octets <= most) return 0;
    std::size_t purged = 0;
    auto left = totals->expunged_octets;
    for (const auto& row : oldest_rows(context.tx, account, limit)) {
        if (left <= most) break;
        left -= std::min(left, decode_message(kept_message(row.value)).octets);
        purge_expunged(context, row);
        ++purged;
    }
    return purged;
}

void note_removed_account(write_context& context, const account& old, std::int64_t begun_at) {
    removed_account row;
    row.name = old.name;
    row.quota_octets = old.quota_octets;
    row.removed_at = begun_at;
    row.display_name = old.display_name;
    row.note = old.note;
    row.forwards = old.forwards;
    row.keep_copy = old.keep_copy;
    row.files_sent = old.files_sent;
    context.tx.put(table::removed, account_key(old.id), encode(row));
}

void forget_removed_account(write_context& context, account_id account) {
    if (context.tx.get(table::account, account_key(account)) || has_mailboxes(context.tx, account))
        return;
    if (!oldest_rows(context.tx, account, 1).empty()) return;
    context.tx.remove(table::counters, account_row_key(account));
    context.tx.remove(table::removed, account_key(account));
    forget_gone_mailboxes(context, account);
}

std::vector<account_id> accounts_that_had(const txn& within, std::string_view address) {
    std::vector<account_id> found;
    if (const auto account = find_account_id(within, address)) found.push_back(*account);
    cursor at(within, table::removed);
    for (bool more = at.first(); more; more = at.next())
        if (decode_removed(at.value()).name == address) found.push_back(keeping_account(at.key()));
    return found;
}

result<restored_mail> restore_rows(write_context& context,
                                   account_id account,
                                   const std::vector<expunged_row>& rows,
                                   std::size_t max_mailboxes) {
    account_edit edit(context, account);
    if (!edit.exists()) return fail(errc::no_such_account);
    if (context.is_room_low) return fail(errc::disk_full);
    std::optional<mailbox_id> restored;
    restored_mail done;
    std::vector<const expunged_row*> taken;
    const bool is_one_homeless = std::any_of(rows.begin(), rows.end(), [&](const auto& row) {
        return !home_of(context.tx, account, row.key);
    });
    if (is_one_homeless) {
        // Before anything is written: a refusal leaves the transaction as it was.
        const auto made = restored_mailbox(context, edit, account, max_mailboxes);
        if (!made) return made.error();
        restored = *made;
    }
    for (const auto& row : rows) {
        if (!edit.has_room(decode_message(kept_message(row.value)).octets)) {
            ++done.left_over_quota;
            done.left_octets += octets_of_expunged(row.value);
            continue;
        }
        const auto home = home_of(context.tx, account, row.key);
        const mailbox_key to{account, home ? *home : *restored};
        put_back_message(context, edit, to, row, flags_in(to, row));
        taken.push_back(&row);
    }
    edit.save();
    std::vector<blob_id> blobs;
    for (const auto* row : taken) {
        blobs.push_back(decode_message(kept_message(row->value)).blob);
        take_expunged(context, *row);
        forget_removed_account(context, keeping_account(row->key));
    }
    note_messages(context, trace_step::restored, {account, mailbox_id()}, std::move(blobs),
                  trace_actor(trace_door::administrator, {}));
    done.messages = taken.size();
    return done;
}

}  // namespace hauspost::storage::lmdb
