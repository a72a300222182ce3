#include "storage/lmdb/restored_rows.hpp"

#include "mail/flags.hpp"
#include "storage/lmdb/expunged_rows.hpp"
#include "storage/lmdb/gone_rows.hpp"
#include "storage/lmdb/keyword_rows.hpp"
#include "storage/lmdb/mailbox_rows.hpp"
#include "storage/lmdb/message_rows.hpp"
#include "storage/lmdb/trace_steps.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>
#include <utility>

namespace hauspost::storage::lmdb {

using namespace schema;

namespace {

/// For what was in a mailbox of which nobody knows the name, or that cannot be made.
constexpr auto name_of_last_resort = "Restored";

bool has_use(const txn& within, account_id account, mail::special_use use) {
    const auto all = list_names(within, account);
    return std::any_of(all.begin(), all.end(), [&](const auto& box) {
        return find_mailbox_row(within, {account, box.id})->use == use;
    });
}

/// The mailboxes that messages come back to, found or made when they are needed.
class refilled_mailboxes {
public:
    refilled_mailboxes(write_context& context, account_edit& edit, const restore_target& to)
        : context_(context), edit_(edit), to_(to) {}

    /// Asked before anything is written: a refusal leaves the transaction as it was.
    [[nodiscard]] error_code find_named() {
        if (to_.mailbox.empty()) return {};
        const auto found = find_or_make(canonical_name(to_.mailbox), mail::special_use::none);
        if (!found) return found.error();
        named_ = *found;
        return {};
    }
    [[nodiscard]] mailbox_id of(mailbox_key from) {
        if (named_) return named_;
        const auto [found, is_new] = homes_.try_emplace(from);
        if (is_new) found->second = find_home(from);
        return found->second;
    }
    [[nodiscard]] bool is_made(mailbox_id id) const { return made_.contains(id); }

    /// Flags of a row in the numbers of the mailbox that it goes to.
    [[nodiscard]] numbered_flags flags_in(mailbox_key to,
                                          mailbox_key from,
                                          std::string_view value) {
        numbered_flags flags{flags_of_expunged(value), {}};
        constexpr auto system_bits = (1u << mail::flags::first_keyword) - 1;
        if (to == from || (flags.bits & ~system_bits) == 0) return flags;
        const auto [words, is_new] = words_of_.try_emplace(from);
        if (is_new) words->second = find_former_mailbox(context_.tx, from).keywords;
        const auto names = name_flags(flags, words->second);
        auto known = read_keywords(context_.tx, to);
        const auto numbered = number_flags(context_, to, names, known);
        return numbered ? *numbered : number_known(names, known);
    }

private:
    result<mailbox_id> find_or_make(const std::string& name, mail::special_use use) {
        if (const auto there = find_mailbox(context_.tx, to_.account, name))
            if (is_selectable(context_.tx, {to_.account, *there})) return *there;
        if (use != mail::special_use::none && has_use(context_.tx, to_.account, use))
            use = mail::special_use::none;
        const auto made =
            create_mailbox(context_, edit_, to_.account, name, use, to_.max_mailboxes);
        if (!made) return made.error();
        // Many mail programs show only what is subscribed.
        context_.tx.put(table::subscription, name_key(to_.account, name), "");
        made_.insert(*made);
        return *made;
    }

    mailbox_id find_home(mailbox_key from) {
        if (from.account == to_.account && is_selectable(context_.tx, from)) return from.mailbox;
        const auto former = find_former_mailbox(context_.tx, from);
        if (!former.name.empty())
            if (const auto home = find_or_make(former.name, former.use)) return *home;
        const auto last = find_or_make(name_of_last_resort, mail::special_use::none);
        return last ? *last : inbox;
    }

    write_context& context_;
    account_edit& edit_;
    const restore_target& to_;
    mailbox_id named_;
    std::map<mailbox_key, mailbox_id> homes_;
    std::map<mailbox_key, std::vector<std::string>> words_of_;
    std::set<mailbox_id> made_;
};

/// Copied out, in the order of the keys, which is that in which they went.
std::vector<expunged_row> rows_of_keys(const txn& within, const std::vector<std::string>& keys) {
    std::vector<expunged_row> rows;
    for (const auto& key : keys)
        if (const auto value = within.get(table::expunged, key))
            rows.push_back({key, std::string(*value)});
    return rows;
}

/// In the order in which they came to their mailboxes.
void sort_by_uid(std::vector<expunged_row>& rows) {
    std::sort(rows.begin(), rows.end(), [](const auto& a, const auto& b) {
        const auto first = place_of_expunged(a.key), second = place_of_expunged(b.key);
        return std::tie(first.account, first.mailbox, first.uid) <
               std::tie(second.account, second.mailbox, second.uid);
    });
}

void add_uid(mail::uid_ranges& to, uid id) {
    if (!to.empty() && to.back().last.value() + 1 == id.value())
        to.back().last = id;
    else
        to.push_back({id, id});
}

/// Nothing was ever in it but what these UIDs name.
bool was_made_for(const txn& within, mailbox_key box, const refilled_mailbox& of) {
    const auto counters = find_counters(within, box);
    if (!of.is_made || !counters || counters->messages > 0 || of.uids.empty()) return false;
    return of.uids.front().first.value() == 1 &&
           of.uids.back().last.value() + 1 == counters->uid_next.value();
}

}  // namespace

result<mail_returned> bring_rows_back(write_context& context,
                                      const restore_target& to,
                                      const std::vector<std::string>& keys) {
    account_edit edit(context, to.account);
    if (!edit.exists()) return fail(errc::no_such_account);
    if (context.is_room_low) return fail(errc::disk_full);
    mail_returned done;
    done.since = done.until = context.now;
    auto rows = rows_of_keys(context.tx, keys);
    if (to.mailbox.empty()) sort_by_uid(rows);
    const bool is_any_room = std::any_of(rows.begin(), rows.end(), [&](const auto& row) {
        return edit.has_room(octets_of_expunged(row.value));
    });
    refilled_mailboxes boxes(context, edit, to);
    if (is_any_room)
        if (const auto refused = boxes.find_named()) return refused;
    std::map<mailbox_id, refilled_mailbox> filled;
    std::map<mailbox_id, std::vector<blob_id>> blobs;
    std::vector<const expunged_row*> taken;
    for (const auto& row : rows) {
        if (const auto octets = octets_of_expunged(row.value); !edit.has_room(octets)) {
            ++done.left_over_quota;
            done.left_octets += octets;
            continue;
        }
        const auto place = place_of_expunged(row.key);
        const mailbox_key from{place.account, place.mailbox};
        const mailbox_key box{to.account, boxes.of(from)};
        auto flags = boxes.flags_in(box, from, row.value);
        const auto id = put_back_message(context, edit, box, row, std::move(flags));
        auto& one = filled[box.mailbox];
        ++one.messages;
        add_uid(one.uids, id);
        blobs[box.mailbox].push_back(blob_of_expunged(row.value));
        taken.push_back(&row);
    }
    edit.save();
    for (const auto* row : taken) {
        take_expunged(context, *row);
        forget_removed_account(context, place_of_expunged(row->key).account);
    }
    for (auto& [id, of] : filled) {
        of.id = id;
        of.name = find_mailbox_row(context.tx, {to.account, id})->name;
        of.is_made = boxes.is_made(id);
        note_messages(context, trace_step::restored, {to.account, id}, std::move(blobs[id]),
                      trace_actor(trace_door::administrator, {}));
        done.mailboxes.push_back(std::move(of));
    }
    done.messages = taken.size();
    return done;
}

void add_returned(mail_returned& all, mail_returned slice) {
    if (all.since == 0) all.since = slice.since;
    all.until = slice.until;
    all.messages += slice.messages;
    all.left_over_quota += slice.left_over_quota;
    all.left_octets += slice.left_octets;
    for (auto& box : slice.mailboxes) {
        const auto known =
            std::find_if(all.mailboxes.begin(), all.mailboxes.end(),
                         [&](const auto& candidate) { return candidate.id == box.id; });
        if (known == all.mailboxes.end()) {
            all.mailboxes.push_back(std::move(box));
            continue;
        }
        known->messages += box.messages;
        for (const auto& range : box.uids) {
            if (known->uids.back().last.value() + 1 == range.first.value())
                known->uids.back().last = range.last;
            else
                known->uids.push_back(range);
        }
    }
}

result<undone_slice> undo_rows(write_context& context,
                               account_id account,
                               const refilled_mailbox& box,
                               std::int64_t since,
                               std::int64_t until,
                               uid from,
                               std::size_t limit) {
    account_edit edit(context, account);
    if (!edit.exists()) return fail(errc::no_such_account);
    const mailbox_key key{account, box.id};
    undone_slice done;
    if (!is_selectable(context.tx, key)) return done;
    mail::uid_ranges ranges;
    for (const auto& range : box.uids)
        if (range.last >= from) ranges.push_back({std::max(range.first, from), range.last});
    auto uids = present_uids(context.tx, key, ranges, false, limit);
    if (uids.size() == limit) done.next = uid(uids.back().value() + 1);
    // Only what that restore has saved.
    std::erase_if(uids, [&](uid id) {
        const auto row = context.tx.get(table::message, message_key(key, id));
        if (!row) return true;
        const auto saved = decode_message(*row).save_date;
        return saved < since || saved > until;
    });
    auto blobs = expunge_messages(context, edit, key, uids);
    done.messages = blobs.size();
    note_messages(context, trace_step::expunged, key, std::move(blobs),
                  trace_actor(trace_door::administrator, {}));
    edit.save();
    if (done.next || !was_made_for(context.tx, key, box)) return done;
    account_edit removal(context, account);
    const auto name = find_mailbox_row(context.tx, key)->name;
    done.is_removed = begin_removal(context, removal, account, name).has_value();
    removal.save();
    return done;
}

}  // namespace hauspost::storage::lmdb
