#include "storage/lmdb/deliveries.hpp"

#include "storage/lmdb/large_bodies.hpp"
#include "storage/lmdb/mailbox_rows.hpp"
#include "storage/lmdb/message_rows.hpp"
#include "storage/lmdb/queue_rows.hpp"
#include "storage/lmdb/queue_settling.hpp"
#include "storage/lmdb/sender_rows.hpp"
#include "storage/lmdb/sent_copies.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <map>
#include <set>
#include <utility>

namespace hauspost::storage::lmdb {

using namespace schema;

namespace {

void deliver_local(write_context& context,
                   const delivery_request& request,
                   const placed_blob& blob) {
    for (const auto& copy : request.local) {
        account_edit edit(context, copy.account);
        auto message = delivered_message(context, request, blob);
        message.prefix = copy.prefix;
        insert_message(context, edit, {copy.account, inbox}, message);
        edit.save();
    }
}

/// fresh  addresses to which request.sent is the first message of its account
/// Returns  the first of their ids; the others follow
std::uint64_t enqueue(write_context& context,
                      const delivery_request& request,
                      const std::set<mail_address>& fresh,
                      const placed_blob& blob) {
    const auto first = std::max<std::uint64_t>(1, meta_number(context.tx, "next_queue"));
    auto next = first;
    queue_edit edit(context.tx);
    for (auto item : request.remote) {
        item.id = queue_id(next++);
        item.blob = blob.blob;
        item.octets = item.prefix.size() + blob.octets;
        for (auto& recipient : item.recipients)
            recipient.is_new = fresh.contains(recipient.to);
        edit.add(std::move(item));
    }
    edit.save();
    context.queue_changed = true;
    set_meta_number(context.tx, "next_queue", next);
    return first;
}

/// Behind enqueue(): tracks are put into order by each for itself.
void settle_queue(write_context& context, const claimed_outcomes& claimed) {
    if (claimed.outcomes.empty()) return;
    queue_edit edit(context.tx);
    settle_claimed(context, edit, claimed);
    edit.save();
    context.queue_changed = true;
}

void note_steps(write_context& context,
                const delivery_request& request,
                const placed_blob& blob,
                std::uint64_t first_queue) {
    for (auto event : request.trace) {
        event.blob = blob.blob;
        if (event.step == trace_step::queued) event.number += first_queue;
        context.trace.push_back(std::move(event));
    }
}

/// Why a message cannot be delivered: asked before its octets are laid down, and again in the
/// transaction.
error_code refuse_delivery(const txn& within,
                           bool is_room_low,
                           std::int64_t now,
                           const delivery_request& request) {
    if (is_room_low) return make_error_code(errc::disk_full);
    if (const auto refused = refuse_submission(within, request.sent, now)) return refused;
    if (!is_held(within, request.settles)) return make_error_code(errc::changed_meanwhile);
    std::map<account_id, std::uint64_t> wanted;  // somebody may get two copies
    for (const auto& copy : request.local) {
        if (!find_account_row(within, copy.account) ||
            !find_counters(within, {copy.account, inbox}))
            return make_error_code(errc::no_such_account);
        // One message over the limit is taken: a mailbox that is nearly full must not keep a
        // message from all its other recipients.
        auto& octets = wanted[copy.account];
        if (!has_room(within, copy.account, octets + 1)) return make_error_code(errc::over_quota);
        octets += copy.prefix.size() + request.blob->octets();
    }
    return {};
}

}  // namespace

awaitable<delivery_outcome> deliveries::deliver(delivery_request request) {
    if (request.local.empty() && request.remote.empty()) co_return delivery_outcome();
    auto& body = staged_body::of(*request.blob);
    const std::array<staged_body*, 1> bodies{&body};
    const auto now = std::chrono::system_clock::to_time_t(core_.time().now());
    const auto refuse = [&request, now](const txn& within, bool is_room_low) {
        return refuse_delivery(within, is_room_low, now, request);
    };
    const auto failed = co_await lay_down_large(core_, bodies, refuse);
    if (failed) co_return failed;
    auto work = [&](write_context& context) -> error_code {
        if (const auto refused = refuse(context.tx, context.is_room_low)) return refused;
        const auto sent = place_of_sent_copy(context.tx, request);
        const auto copies = request.local.size() + request.remote.size() + (sent ? 1 : 0);
        context.add_blob(body, static_cast<std::uint32_t>(copies));
        deliver_local(context, request, body.placed());
        if (sent)
            file_sent_copy(context, *sent, request, body.placed());
        else if (request.copy_in_sent)
            pair_with_brought_copy(context, request);
        const auto fresh =
            count_submission(context, request.sent, core_.options.max_correspondents);
        std::uint64_t first_queue = 0;
        if (!request.remote.empty()) first_queue = enqueue(context, request, fresh, body.placed());
        note_steps(context, request, body.placed(), first_queue);
        settle_queue(context, request.settles);
        if (sent) note_sent_copy(context, request, body.placed().blob);
        return {};
    };
    co_return co_await core_.writer->run(std::move(work), octets_in_memory(bodies));
}

}  // namespace hauspost::storage::lmdb
