#include "base/log.hpp"
#include "storage/lmdb/expunged_rows.hpp"
#include "storage/lmdb/flag_rows.hpp"
#include "storage/lmdb/large_bodies.hpp"
#include "storage/lmdb/mailbox_rows.hpp"
#include "storage/lmdb/mailboxes.hpp"
#include "storage/lmdb/message_rows.hpp"
#include "storage/lmdb/sent_copies.hpp"
#include "storage/lmdb/trace_steps.hpp"

#include <algorithm>
#include <array>

/// All that changes messages.
namespace hauspost::storage::lmdb {

using namespace schema;

namespace {

/// Some 3 ms of the writer; longer commands give others their turn in between.
constexpr std::size_t messages_per_expunge = 1000;
constexpr std::size_t messages_per_copy = 1000;

/// Who moves to the trash makes room, sooner or later.
bool is_trash(const txn& within, mailbox_key from, mailbox_key to) {
    return from.account == to.account &&
           find_mailbox_row(within, to)->use == mail::special_use::trash;
}

uid insert_appended(write_context& context,
                    account_edit& edit,
                    const append_request& request,
                    numbered_flags flags) {
    auto& body = staged_body::of(*request.blob);
    context.add_blob(body, 1);
    new_message message;
    message.blob = body.placed().blob;
    message.blob_octets = body.octets();
    message.internal_date = request.internal_date;
    message.save_date = context.now;
    message.thread = request.thread;
    message.prefix = request.prefix;
    message.summary = request.summary;
    message.flags = std::move(flags);
    return insert_message(context, edit, request.mailbox, message);
}

/// All keywords of several messages: they are numbered together, since a refusal must leave the
/// keyword table as it was.
mail::flag_names all_names(const std::vector<mail::flag_names>& of_each) {
    mail::flag_names all;
    for (const auto& flags : of_each)
        all.keywords.insert(all.keywords.end(), flags.keywords.begin(), flags.keywords.end());
    return all;
}

/// What is appended, and the server's copy of the same message that goes with it.
struct brought_message {
    const append_request& request;
    std::optional<copy_to_merge> merged;
};

std::vector<brought_message> find_merges(const txn& within,
                                         const std::vector<append_request>& requests) {
    std::vector<brought_message> all;
    all.reserve(requests.size());
    for (const auto& request : requests)
        all.push_back({request, find_copy_to_merge(within, request)});
    return all;
}

/// The flags of both where there are two.
std::vector<mail::flag_names> flags_of_each(const std::vector<brought_message>& messages) {
    std::vector<mail::flag_names> all;
    all.reserve(messages.size());
    for (const auto& message : messages) {
        auto flags = message.request.flags;
        if (message.merged) {
            flags.system |= message.merged->flags.system;
            for (const auto& keyword : message.merged->flags.keywords)
                flags.keywords.push_back(keyword);
        }
        all.push_back(std::move(flags));
    }
    return all;
}

/// Octets of a message that is to be replaced; nullopt when it is not there.
std::optional<std::uint64_t> octets_of(const txn& within, const replaced_message& old) {
    if (!is_selectable(within, old.mailbox)) return std::nullopt;
    const auto row = within.get(table::message, message_key(old.mailbox, old.uid));
    if (!row) return std::nullopt;
    return decode_message(*row).octets;
}

/// Why the messages cannot be stored, as far as that is known without storing them. Asked before
/// large bodies are laid down, and again in the transaction, where a refusal must leave everything
/// as it was.
error_code refuse_append(const txn& within,
                         bool is_room_low,
                         const std::vector<append_request>& requests,
                         const std::optional<replaced_message>& replaced) {
    const auto box = requests.front().mailbox;
    if (!find_totals(within, box.account) || !is_selectable(within, box))
        return make_error_code(errc::no_such_mailbox);
    if (is_room_low) return make_error_code(errc::disk_full);
    std::uint64_t octets = 0;
    for (const auto& request : requests)
        octets += request.prefix.size() + request.blob->octets();
    if (replaced) {
        const auto freed = octets_of(within, *replaced);
        if (!freed) return make_error_code(errc::no_such_message);
        octets -= std::min(octets, *freed);
    }
    if (octets > 0 && !has_room(within, box.account, octets))
        return make_error_code(errc::over_quota);
    return {};
}

result<std::vector<append_result>> append_messages(write_context& context,
                                                   const std::vector<append_request>& requests,
                                                   const std::optional<replaced_message>& replaced,
                                                   const trace_actor& by) {
    const auto box = requests.front().mailbox;
    if (const auto refused = refuse_append(context.tx, context.is_room_low, requests, replaced))
        return refused;
    account_edit edit(context, box.account);
    auto words = read_keywords(context.tx, box);
    const auto messages = find_merges(context.tx, requests);
    const auto flags = flags_of_each(messages);
    const auto numbered = number_flags(context, box, all_names(flags), words);
    if (!numbered) return numbered.error();
    std::vector<append_result> done;
    done.reserve(requests.size());
    const auto validity = edit.mailbox(box.mailbox)->uid_validity;
    for (std::size_t n = 0; n < messages.size(); ++n) {
        const auto& [request, merged] = messages[n];
        const auto id = insert_appended(context, edit, request, number_known(flags[n], words));
        done.push_back({validity, id, modseq(edit.modseq())});
        if (merged)
            take_merged_copy(context, edit, request, *merged);
        else
            note_brought_copy(context, request, id, staged_body::of(*request.blob).placed().blob);
    }
    if (replaced) {
        const std::array<uid, 1> old{replaced->uid};
        auto blobs = expunge_messages(context, edit, replaced->mailbox, old);
        note_messages(context, trace_step::expunged, replaced->mailbox, std::move(blobs), by);
    }
    edit.save();
    for (const auto& message : messages)
        if (message.merged) free_merged_copy(context, *message.merged);
    return done;
}

}  // namespace

awaitable<result<append_result>> mailboxes::append(append_request request) {
    std::vector<append_request> requests;
    requests.push_back(std::move(request));
    const std::optional<replaced_message> nothing;
    const trace_actor nobody;
    auto done = co_await append_all(std::move(requests), nothing, nobody);
    if (!done) co_return done.error();
    co_return done->front();
}

awaitable<result<std::vector<append_result>>> mailboxes::append_all(
    std::vector<append_request> requests,
    std::optional<replaced_message> replaced,
    trace_actor by) {
    std::vector<staged_body*> bodies;
    bodies.reserve(requests.size());
    for (const auto& request : requests)
        bodies.push_back(&staged_body::of(*request.blob));
    const auto refuse = [&](const txn& within, bool is_room_low) {
        return refuse_append(within, is_room_low, requests, replaced);
    };
    const auto failed = co_await lay_down_large(core_, bodies, refuse);
    if (failed) co_return failed;
    auto work = [&](write_context& context) {
        return append_messages(context, requests, replaced, by);
    };
    co_return co_await core_.writer->run(std::move(work), octets_in_memory(bodies));
}

awaitable<result<store_result>> mailboxes::store_flags(store_request request) {
    auto work = [&](write_context& context) -> result<store_result> {
        account_edit edit(context, request.mailbox.account);
        if (!edit.exists() || !is_selectable(context.tx, request.mailbox))
            return fail(errc::no_such_mailbox);
        return change_flags(context, edit, request);
    };
    co_return co_await core_.writer->run(std::move(work));
}

awaitable<result<copy_result>> mailboxes::transfer(
    mailbox_key from, mail::uid_ranges uids, mailbox_key to, bool move, mail::flag_mask kept) {
    copy_result all;
    std::optional<std::vector<uid>> wanted;  // what was there when the command began
    std::size_t done = 0;
    const bool is_same_account = from.account == to.account;
    do {
        auto work = [&](write_context& context) -> result<copy_result> {
            account_edit edit(context, from.account);
            std::optional<account_edit> other;
            if (!is_same_account) other.emplace(context, to.account);
            const copy_target target{other ? *other : edit, to, kept};
            if (!edit.exists() || !target.edit.exists() || !is_selectable(context.tx, from) ||
                !is_selectable(context.tx, to))
                return fail(errc::no_such_mailbox);
            if (context.is_room_low && !(move && is_trash(context.tx, from, to)))
                return fail(errc::disk_full);
            if (!wanted) wanted = present_uids(context.tx, from, uids, false, SIZE_MAX);
            const auto left = std::span(*wanted).subspan(done);
            auto copied =
                copy_messages(context, edit, from,
                              left.first(std::min(left.size(), messages_per_copy)), target, move);
            if (!copied) return copied;
            edit.save();
            if (other) other->save();
            return copied;
        };
        std::exception_ptr fault;
        result<copy_result> slice = fail(errc::busy);
        try {
            slice = co_await core_.writer->run(std::move(work));
        } catch (...) {
            fault = std::current_exception();
        }
        if (!slice && !move) co_await take_back(to, std::move(all.to));
        if (fault) std::rethrow_exception(fault);
        if (!slice) co_return slice.error();
        all.uid_validity = slice->uid_validity;
        all.modseq = slice->modseq;
        all.from.insert(all.from.end(), slice->from.begin(), slice->from.end());
        all.to.insert(all.to.end(), slice->to.begin(), slice->to.end());
        done += messages_per_copy;
    } while (done < wanted->size());
    co_return all;
}

/// RFC 9051 6.4.7: a COPY that fails leaves the destination as it was: its copies do not wait for
/// the end of the retention time either.
awaitable<void> mailboxes::take_back(mailbox_key box, std::vector<uid> copies) {
    std::string reason;
    std::size_t done = 0;
    while (done < copies.size()) {
        const auto all = std::span(copies).subspan(done);
        const auto slice = all.first(std::min(all.size(), messages_per_expunge));
        auto work = [&](write_context& context) -> error_code {
            account_edit edit(context, box.account);
            if (!edit.exists() || edit.mailbox(box.mailbox) == nullptr) return {};
            expunge_messages(context, edit, box, slice);
            edit.save();
            for (const auto id : slice) {
                const auto key = expunged_key(box.account, context.now, box.mailbox, id);
                if (const auto row = context.tx.get(table::expunged, key))
                    purge_expunged(context, {std::string(key), std::string(*row)},
                                   trace_door::none);
            }
            return {};
        };
        try {
            const auto failed = co_await core_.writer->run(std::move(work));
            if (failed) reason = failed.message();
        } catch (const std::exception& error) {
            reason = error.what();
        }
        if (!reason.empty()) break;
        done += slice.size();
    }
    if (!reason.empty())
        log::error("copy_left_over account={} mailbox={} messages={} reason={}",
                   box.account.value(), box.mailbox.value(), copies.size() - done,
                   log_safe(reason));
}

awaitable<result<mail::uid_ranges>> mailboxes::claim_recent(mailbox_key mailbox) {
    auto work = [&](write_context& context) -> result<mail::uid_ranges> {
        if (!is_selectable(context.tx, mailbox)) return fail(errc::no_such_mailbox);
        auto counters = *find_counters(context.tx, mailbox);
        mail::uid_ranges claimed;
        if (counters.recent == 0) return claimed;  // another session was first
        claimed.push_back({counters.first_recent, uid(counters.uid_next.value() - 1)});
        counters.first_recent = counters.uid_next;
        counters.recent = 0;
        context.tx.put(table::counters, mailbox_row_key(mailbox), encode(counters));
        return claimed;
    };
    co_return co_await core_.writer->run(std::move(work));
}

awaitable<result<mail::uid_ranges>> mailboxes::expunge(mailbox_key mailbox,
                                                       mail::uid_ranges uids,
                                                       trace_actor by) {
    return remove_in_slices(mailbox, std::move(uids), true, std::move(by));
}

awaitable<result<mail::uid_ranges>> mailboxes::remove_messages(mailbox_key mailbox,
                                                               mail::uid_ranges uids,
                                                               trace_actor by) {
    return remove_in_slices(mailbox, std::move(uids), false, std::move(by));
}

awaitable<result<mail::uid_ranges>> mailboxes::remove_in_slices(mailbox_key mailbox,
                                                                mail::uid_ranges uids,
                                                                bool only_deleted,
                                                                trace_actor by) {
    std::vector<uid> all;
    for (bool more = true; more;) {
        auto work = [&](write_context& context) -> result<std::vector<uid>> {
            account_edit edit(context, mailbox.account);
            if (!edit.exists() || !is_selectable(context.tx, mailbox))
                return fail(errc::no_such_mailbox);
            auto gone = present_uids(context.tx, mailbox, uids, only_deleted, messages_per_expunge);
            if (gone.empty()) return gone;
            auto blobs = expunge_messages(context, edit, mailbox, gone);
            note_messages(context, trace_step::expunged, mailbox, std::move(blobs), by);
            edit.save();
            return gone;
        };
        auto slice = co_await core_.writer->run(std::move(work));
        if (!slice) co_return slice.error();
        all.insert(all.end(), slice->begin(), slice->end());
        more = slice->size() == messages_per_expunge;
    }
    std::sort(all.begin(), all.end());
    co_return to_ranges(all);
}

}  // namespace hauspost::storage::lmdb
