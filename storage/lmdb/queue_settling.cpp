#include "storage/lmdb/queue_settling.hpp"

#include "storage/fault.hpp"
#include "storage/lmdb/trace_steps.hpp"

#include <algorithm>
#include <optional>

namespace hauspost::storage::lmdb {
namespace {

/// A recipient as its outcome leaves it; `done` has none.
queue_recipient settled(const queue_recipient& before,
                        const queue_outcome& outcome,
                        std::int64_t now) {
    auto after = before;
    after.lease = 0;
    if (outcome.what == queue_outcome::end::release) {
        if (after.attempts > 0) --after.attempts;
        after.due_at = now;
        return after;
    }
    after.due_at = outcome.what == queue_outcome::end::again ? outcome.due_at : now;
    if (outcome.what == queue_outcome::end::report) after.state = outcome.state;
    after.delay_told = before.delay_told || outcome.delay_told;
    after.last_reply = outcome.reply;
    after.last_host = outcome.host;
    after.last_tls = outcome.tls;
    return after;
}

/// nullopt: an operator took it out meanwhile, or it is under the lease no more.
std::optional<queue_recipient> held_recipient(const txn& within,
                                              const queue_outcome& outcome,
                                              std::uint64_t lease) {
    const recipient_place at{outcome.id, outcome.number};
    const auto row = within.get(table::queue_recipient, queue_rows::recipient_key(at));
    if (!row) return std::nullopt;
    auto found = queue_rows::decode_recipient(at.number, *row);
    if (found.lease != lease) return std::nullopt;
    return found;
}

}  // namespace

void take_out(write_context& context,
              queue_edit& edit,
              const queue_item& item,
              const queue_recipient& recipient) {
    if (edit.remove(item, recipient)) context.drop_reference(item.blob);
}

bool is_held(const txn& within, const claimed_outcomes& claimed) {
    return std::ranges::all_of(claimed.outcomes, [&](const auto& outcome) {
        return held_recipient(within, outcome, claimed.lease).has_value();
    });
}

void settle_claimed(write_context& context, queue_edit& edit, const claimed_outcomes& claimed) {
    for (const auto& outcome : claimed.outcomes) {
        const auto before = held_recipient(context.tx, outcome, claimed.lease);
        if (!before) continue;
        const auto item = queue_rows::find(context.tx, outcome.id);
        if (!item) throw fault("a queued recipient is of a message that is missing");
        note_outcome(context, *item, *before, outcome);
        if (outcome.what == queue_outcome::end::done)
            take_out(context, edit, *item, *before);
        else
            edit.replace(*item, *before, settled(*before, outcome, context.now));
    }
}

}  // namespace hauspost::storage::lmdb
