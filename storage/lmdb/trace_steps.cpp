#include "storage/lmdb/trace_steps.hpp"

#include "base/random.hpp"
#include "storage/lmdb/mailbox_rows.hpp"
#include "storage/lmdb/trace_rows.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

namespace hauspost::storage::lmdb {

trace_steps::trace_steps(const keeping_now& keeping)
    : keeping_(keeping), next_number_(static_cast<std::uint32_t>(random::number() >> 33)) {}

void trace_steps::note(trace_event event) noexcept {
    if (is_on()) notes_.add(std::move(event));
}

void trace_steps::write(write_context& context, wall_time now) {
    if (!is_on()) return notes_.drop();
    if (context.is_room_low) {
        // Rows of the trace make the store grow: expunging comes first.
        notes_.count_lost(context.trace.size());
        notes_.drop();
        return;
    }
    const auto since_epoch = std::chrono::floor<std::chrono::microseconds>(now.time_since_epoch());
    const auto at = static_cast<std::uint64_t>(std::max<std::int64_t>(0, since_epoch.count()));
    for (auto& [whose, blobs] : context.purged)
        note_messages(context, trace_step::purged, {whose.first, mailbox_id()}, std::move(blobs),
                      trace_actor(whose.second, {}));
    for (const auto& event : context.trace)
        append(context, event, at);
    notes_.hand_out([&](const trace_event& event) { append(context, event, at); });
}

void trace_steps::append(write_context& context,
                         const trace_event& event,
                         std::uint64_t microseconds) {
    context.tx.append(table::trace, trace_rows::key_of({microseconds, next_number_++}),
                      trace_rows::encode(event, static_cast<std::int64_t>(microseconds / 1000)));
}

void note_messages(write_context& context,
                   trace_step step,
                   mailbox_key box,
                   std::vector<blob_id> blobs,
                   const trace_actor& by) {
    std::sort(blobs.begin(), blobs.end());
    for (std::size_t done = 0; done < blobs.size(); done += trace_rows::max_blobs) {
        const auto some = std::span(blobs).subspan(done).first(
            std::min(blobs.size() - done, trace_rows::max_blobs));
        trace_event event;
        event.step = step;
        event.door = by.door;
        event.account = box.account;
        event.by = by.user;
        event.peer = by.program;
        if (const auto row = find_mailbox_row(context.tx, box)) event.target = row->name;
        event.number = some.size();
        event.blobs.assign(some.begin(), some.end());
        context.trace.push_back(std::move(event));
    }
}

trace_event step_of(trace_step step, const queue_item& item, const queue_recipient& recipient) {
    trace_event event;
    event.step = step;
    event.blob = item.blob;
    event.account = item.sender;
    event.to = recipient.to;
    event.number = item.id.value();
    return event;
}

void note_outcome(write_context& context,
                  const queue_item& item,
                  const queue_recipient& recipient,
                  const queue_outcome& outcome) {
    if (outcome.trace == trace_step::none) return;
    auto event = step_of(outcome.trace, item, recipient);
    if (outcome.trace != trace_step::sender_told) {
        event.attempt = recipient.attempts;
        event.peer = outcome.host;
        event.words = outcome.reply;
        event.tls = outcome.tls;
    } else {
        event.target = item.reverse_path;
    }
    if (outcome.trace == trace_step::postponed) event.due_at = outcome.due_at;
    context.trace.push_back(std::move(event));
}

}  // namespace hauspost::storage::lmdb
