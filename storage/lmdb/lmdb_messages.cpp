#include "storage/lmdb/flag_rows.hpp"
#include "storage/lmdb/mailbox_rows.hpp"
#include "storage/lmdb/message_rows.hpp"
#include "storage/lmdb/store_parts.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <array>
#include <map>

/// lmdb_store: all that changes messages.
namespace hauspost::storage {

using namespace schema;

namespace {

/// Some 3 ms of the writer; longer commands give others their turn in between.
constexpr std::size_t messages_per_expunge = 1000;
constexpr std::size_t messages_per_copy = 1000;

/// Our own staged bodies are the only ones that exist (stage() makes them).
staged_body& own(staged_blob& blob) {
    return static_cast<staged_body&>(blob);
}

bool is_open(const txn& within, mailbox_key box) {
    const auto row = find_mailbox_row(within, box);
    return row && row->selectable && !row->removing;
}

void deliver_local(write_context& context,
                   const delivery_request& request,
                   const placed_blob& blob) {
    for (const auto& copy : request.local) {
        account_edit edit(context, copy.account);
        new_message message;
        message.blob = blob.blob;
        message.blob_octets = blob.octets;
        message.internal_date = request.internal_date;
        message.save_date = context.now;
        message.thread = request.thread;
        message.prefix = copy.prefix;
        message.summary = request.summary;
        insert_message(context, edit, {copy.account, inbox}, message);
        edit.save();
    }
}

void enqueue(write_context& context, const delivery_request& request, const placed_blob& blob) {
    auto next = std::max<std::uint64_t>(1, meta_number(context.tx, "next_queue"));
    for (auto item : request.remote) {
        item.id = queue_id(next++);
        item.blob = blob.blob;
        item.octets = item.prefix.size() + blob.octets;
        context.tx.append(table::queue, queue_key(item.id), encode(item));
        context.tx.put(table::due, due_key(item.due_at, item.id), "");
    }
    set_meta_number(context.tx, "next_queue", next);
}

uid insert_appended(write_context& context,
                    account_edit& edit,
                    const append_request& request,
                    numbered_flags flags) {
    const auto& body = own(*request.blob);
    context.add_blob(body.placed(), 1);
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
flag_names all_names(const std::vector<append_request>& requests) {
    flag_names all;
    for (const auto& request : requests)
        all.keywords.insert(all.keywords.end(), request.flags.keywords.begin(),
                            request.flags.keywords.end());
    return all;
}

/// Octets of a message that is to be replaced; nullopt when it is not there.
std::optional<std::uint64_t> octets_of(const txn& within, const replaced_message& old) {
    if (!is_open(within, old.mailbox)) return std::nullopt;
    const auto row = within.get(table::message, message_key(old.mailbox, old.uid));
    if (!row) return std::nullopt;
    return decode_message(*row).octets;
}

result<std::vector<append_result>> append_messages(
    write_context& context,
    const std::vector<append_request>& requests,
    const std::optional<replaced_message>& replaced) {
    const auto box = requests.front().mailbox;
    account_edit edit(context, box.account);
    if (!edit.exists() || !is_open(context.tx, box)) return fail(errc::no_such_mailbox);
    if (context.is_map_low) return fail(errc::disk_full);
    std::uint64_t octets = 0;
    for (const auto& request : requests)
        octets += request.prefix.size() + request.blob->octets();
    if (replaced) {
        const auto freed = octets_of(context.tx, *replaced);
        if (!freed) return fail(errc::no_such_message);
        octets -= std::min(octets, *freed);
    }
    if (octets > 0 && !edit.has_room(octets)) return fail(errc::over_quota);
    auto words = read_keywords(context.tx, box);
    const auto numbered = number_flags(context, box, all_names(requests), words);
    if (!numbered) return numbered.error();
    std::vector<append_result> done;
    done.reserve(requests.size());
    const auto validity = edit.mailbox(box.mailbox)->uid_validity;
    for (const auto& request : requests) {
        const auto id = insert_appended(context, edit, request, number_known(request.flags, words));
        done.push_back({validity, id, modseq(edit.modseq())});
    }
    if (replaced) {
        const std::array<uid, 1> old{replaced->uid};
        expunge_messages(context, edit, replaced->mailbox, old);
    }
    edit.save();
    return done;
}

/// Before anything is written: a refusal must leave the transaction as it was.
error_code refuse_delivery(write_context& context,
                           const delivery_request& request,
                           std::uint64_t blob_octets) {
    if (context.is_map_low) return make_error_code(errc::disk_full);
    std::map<account_id, std::uint64_t> wanted;  // somebody may get two copies
    for (const auto& copy : request.local) {
        account_edit edit(context, copy.account);
        if (!find_account_row(context.tx, copy.account) || edit.mailbox(inbox) == nullptr)
            return make_error_code(errc::no_such_account);
        // One message over the limit is taken (H10): a mailbox that is nearly full must not keep a
        // message from all its other recipients.
        auto& octets = wanted[copy.account];
        if (!edit.has_room(octets + 1)) return make_error_code(errc::over_quota);
        octets += copy.prefix.size() + blob_octets;
    }
    return {};
}

}  // namespace

awaitable<error_code> lmdb_store::deliver(delivery_request request) {
    auto& body = own(*request.blob);
    auto work = [&](write_context& context) -> error_code {
        if (const auto refused = refuse_delivery(context, request, body.octets())) return refused;
        const auto copies = request.local.size() + request.remote.size();
        if (copies == 0) return {};
        context.add_blob(body.placed(), static_cast<std::uint32_t>(copies));
        deliver_local(context, request, body.placed());
        if (!request.remote.empty()) enqueue(context, request, body.placed());
        return {};
    };
    const std::array<pending_body*, 1> bodies{&body};
    const auto done = co_await parts_->pen->run(std::move(work), bodies);
    if (!done && !(request.local.empty() && request.remote.empty())) body.keep();
    co_return done;
}

awaitable<result<append_result>> lmdb_store::append(append_request request) {
    std::vector<append_request> requests;
    requests.push_back(std::move(request));
    const std::optional<replaced_message> nothing;
    auto done = co_await append_all(std::move(requests), nothing);
    if (!done) co_return done.error();
    co_return done->front();
}

awaitable<result<std::vector<append_result>>> lmdb_store::append_all(
    std::vector<append_request> requests, std::optional<replaced_message> replaced) {
    std::vector<pending_body*> bodies;
    bodies.reserve(requests.size());
    for (const auto& request : requests)
        bodies.push_back(&own(*request.blob));
    auto work = [&](write_context& context) {
        return append_messages(context, requests, replaced);
    };
    auto done = co_await parts_->pen->run(std::move(work), bodies);
    if (done)
        for (const auto& request : requests)
            own(*request.blob).keep();
    co_return done;
}

awaitable<result<store_result>> lmdb_store::store_flags(store_request request) {
    auto work = [&](write_context& context) -> result<store_result> {
        account_edit edit(context, request.mailbox.account);
        if (!edit.exists() || !is_open(context.tx, request.mailbox))
            return fail(errc::no_such_mailbox);
        return change_flags(context, edit, request);
    };
    co_return co_await parts_->pen->run(std::move(work));
}

awaitable<result<copy_result>> lmdb_store::transfer(
    mailbox_key from, uid_ranges uids, mailbox_key to, bool move, flag_mask kept) {
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
            if (!edit.exists() || !target.edit.exists() || !is_open(context.tx, from) ||
                !is_open(context.tx, to))
                return fail(errc::no_such_mailbox);
            if (context.is_map_low && !move) return fail(errc::disk_full);
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
        auto slice = co_await parts_->pen->run(std::move(work));
        if (!slice) {
            const auto reason = slice.error();
            if (!move) co_await take_back(to, std::move(all.to));
            co_return reason;
        }
        all.uid_validity = slice->uid_validity;
        all.modseq = slice->modseq;
        all.from.insert(all.from.end(), slice->from.begin(), slice->from.end());
        all.to.insert(all.to.end(), slice->to.begin(), slice->to.end());
        done += messages_per_copy;
    } while (done < wanted->size());
    co_return all;
}

/// RFC 9051 6.4.7: a COPY that fails leaves the destination as it was.
awaitable<void> lmdb_store::take_back(mailbox_key box, std::vector<uid> copies) {
    if (copies.empty()) co_return;
    auto work = [&](write_context& context) -> result<std::size_t> {
        account_edit edit(context, box.account);
        if (!edit.exists() || edit.mailbox(box.mailbox) == nullptr) return std::size_t{0};
        expunge_messages(context, edit, box, copies);
        edit.save();
        return copies.size();
    };
    const auto undone = co_await parts_->pen->run(std::move(work));
    if (!undone)
        spdlog::error("copy_left_over account={} mailbox={} messages={} reason=\"{}\"",
                      box.account.value(), box.mailbox.value(), copies.size(),
                      undone.error().message());
}

awaitable<result<uid_ranges>> lmdb_store::expunge(mailbox_key mailbox, uid_ranges uids) {
    return remove_in_slices(mailbox, std::move(uids), true);
}

awaitable<result<uid_ranges>> lmdb_store::remove_messages(mailbox_key mailbox, uid_ranges uids) {
    return remove_in_slices(mailbox, std::move(uids), false);
}

awaitable<result<uid_ranges>> lmdb_store::remove_in_slices(mailbox_key mailbox,
                                                           uid_ranges uids,
                                                           bool only_deleted) {
    std::vector<uid> all;
    for (bool more = true; more;) {
        auto work = [&](write_context& context) -> result<std::vector<uid>> {
            account_edit edit(context, mailbox.account);
            if (!edit.exists() || !is_open(context.tx, mailbox)) return fail(errc::no_such_mailbox);
            auto gone = present_uids(context.tx, mailbox, uids, only_deleted, messages_per_expunge);
            if (gone.empty()) return gone;
            expunge_messages(context, edit, mailbox, gone);
            edit.save();
            return gone;
        };
        auto slice = co_await parts_->pen->run(std::move(work));
        if (!slice) co_return slice.error();
        all.insert(all.end(), slice->begin(), slice->end());
        more = slice->size() == messages_per_expunge;
    }
    std::sort(all.begin(), all.end());
    co_return to_ranges(all);
}

}  // namespace hauspost::storage
