#include "storage/lmdb/queue.hpp"

#include "base/address.hpp"
#include "base/octets.hpp"
#include "base/random.hpp"
#include "storage/lmdb/queue_rows.hpp"
#include "storage/lmdb/queue_settling.hpp"
#include "storage/lmdb/sender_rows.hpp"
#include "storage/lmdb/tls_rows.hpp"
#include "storage/lmdb/trace_steps.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <utility>

namespace hauspost::storage::lmdb {
namespace {

constexpr std::size_t max_page_recipients = 1000;
constexpr std::array lanes{queue_lane::people, queue_lane::bulk};

std::string lane_prefix(queue_lane lane) {
    return std::string(1, static_cast<char>(lane));
}

bool is_busy(const claim_request& wanted, std::string_view domain) {
    return std::binary_search(wanted.busy.begin(), wanted.busy.end(), domain);
}

/// Tracks that are due, one for each domain.
std::vector<queue_track> due_tracks(const txn& within, const claim_request& wanted) {
    std::vector<queue_track> found;
    for (const auto lane : lanes) {
        const auto prefix = lane_prefix(lane);
        cursor at(within, table::track_due);
        for (bool more = at.seek(prefix);
             more && at.key().starts_with(prefix) && found.size() < wanted.most_domains;
             more = at.next()) {
            if (static_cast<std::int64_t>(load_be<std::uint64_t>(at.key().data() + 1)) > wanted.now)
                break;
            queue_track track{lane, std::string(at.key().substr(9))};
            const auto is_same = [&track](const auto& one) { return one.domain == track.domain; };
            if (is_busy(wanted, track.domain) || std::ranges::any_of(found, is_same)) continue;
            found.push_back(std::move(track));
        }
    }
    return found;
}

std::optional<std::int64_t> next_due(const txn& within, const claim_request& wanted) {
    std::optional<std::int64_t> earliest;
    for (const auto lane : lanes) {
        const auto prefix = lane_prefix(lane);
        cursor at(within, table::track_due);
        for (bool more = at.seek(prefix); more && at.key().starts_with(prefix); more = at.next()) {
            if (is_busy(wanted, at.key().substr(9))) continue;
            const auto due = static_cast<std::int64_t>(load_be<std::uint64_t>(at.key().data() + 1));
            earliest = std::min(due, earliest.value_or(due));
            break;
        }
    }
    return earliest;
}

std::size_t most_messages_of(const claim_request& wanted, const std::string& domain) {
    const auto named = wanted.most_messages_of.find(domain);
    if (named != wanted.most_messages_of.end()) return named->second;
    return domain.empty() ? SIZE_MAX : wanted.most_messages;
}

std::vector<recipient_place> due_recipients(const txn& within,
                                            const queue_track& track,
                                            const claim_request& wanted) {
    std::vector<recipient_place> found;
    std::set<queue_id> messages;
    const auto most_messages = most_messages_of(wanted, track.domain);
    const auto prefix = queue_rows::due_prefix(track);
    cursor at(within, table::due);
    for (bool more = at.seek(prefix);
         more && at.key().starts_with(prefix) && found.size() < wanted.most_recipients;
         more = at.next()) {
        if (queue_rows::due_of(at.key()) > wanted.now) break;
        const auto place = queue_rows::due_place(at.key());
        messages.insert(place.id);
        if (messages.size() > most_messages) break;
        found.push_back(place);
    }
    return found;
}

queue_recipient find_recipient(const txn& within, recipient_place at) {
    const auto row = within.get(table::queue_recipient, queue_rows::recipient_key(at));
    if (!row) throw fault("a due time refers to a queued recipient that is missing");
    return queue_rows::decode_recipient(at.number, *row);
}

queue_item& item_of(const txn& within, std::vector<queue_item>& items, queue_id id) {
    // Recipients of one message nearly always stand in a row.
    if (!items.empty() && items.back().id == id) return items.back();
    const auto known = std::ranges::find(items, id, &queue_item::id);
    if (known != items.end()) return *known;
    auto found = queue_rows::find(within, id);
    if (!found) throw fault("a queued recipient is of a message that is missing");
    return items.emplace_back(std::move(*found));
}

/// Mail of a sender who may not send is taken out of the order when its time comes: so that he is
/// frozen costs one row, however much he has in the queue.
bool freeze(write_context& context,
            queue_edit& edit,
            const queue_item& item,
            const queue_recipient& before) {
    if (!item.sender || before.state != queue_state::waiting ||
        !sender_rows::is_frozen(context.tx, item.sender))
        return false;
    auto after = before;
    after.frozen = true;
    edit.replace(item, before, after);
    return true;
}

/// For who looks: also of what has not come to its time yet.
void show_frozen(const txn& within, queue_item& item) {
    if (!item.sender || !sender_rows::is_frozen(within, item.sender)) return;
    for (auto& recipient : item.recipients)
        recipient.frozen = recipient.state == queue_state::waiting;
}

queue_claim claim_track(write_context& context,
                        queue_edit& edit,
                        const queue_track& track,
                        const claim_request& wanted) {
    queue_claim made;
    while (made.lease == 0)
        made.lease = random::number();
    made.domain = track.domain;
    for (const auto place : due_recipients(context.tx, track, wanted)) {
        const auto before = find_recipient(context.tx, place);
        auto& item = item_of(context.tx, made.items, place.id);
        if (freeze(context, edit, item, before)) continue;
        auto after = before;
        after.lease = made.lease;
        after.due_at = wanted.lease_until;
        if (after.attempts < UINT16_MAX) ++after.attempts;
        after.attempted_at = wanted.now;
        edit.replace(item, before, after);
        item.recipients.push_back(std::move(after));
    }
    std::erase_if(made.items, [](const auto& item) { return item.recipients.empty(); });
    return made;
}

void note_by_operator(write_context& context,
                      trace_step what,
                      const queue_item& item,
                      const queue_recipient& recipient) {
    auto event = step_of(what, item, recipient);
    event.door = trace_door::administrator;
    context.trace.push_back(std::move(event));
}

}  // namespace

awaitable<queue_page> queue::list(queue_id from, std::size_t limit) {
    queue_page page;
    read_txn tx(core_.env);
    std::size_t recipients = 0;
    cursor at(tx, table::queue);
    for (bool more = at.seek(schema::queue_key(from)); more; more = at.next()) {
        const queue_id id(load_be<std::uint64_t>(at.key().data()));
        if (page.items.size() >= limit || recipients >= max_page_recipients) {
            page.next = id;
            break;
        }
        auto item = queue_rows::decode(id, at.value());
        item.recipients = queue_rows::recipients_of(tx, id);
        recipients += item.recipients.size();
        show_frozen(tx, item);
        page.items.push_back(std::move(item));
    }
    co_return page;
}

awaitable<std::optional<queue_item>> queue::find(queue_id id) {
    read_txn tx(core_.env);
    auto item = queue_rows::find(tx, id);
    if (item) {
        item->recipients = queue_rows::recipients_of(tx, id);
        show_frozen(tx, *item);
    }
    co_return item;
}

awaitable<queue_figures> queue::figures() {
    read_txn tx(core_.env);
    co_return queue_figures{tx.count(table::queue), tx.count(table::queue_recipient)};
}

awaitable<result<queue_claims>> queue::claim(claim_request wanted) {
    std::sort(wanted.busy.begin(), wanted.busy.end());
    {
        // Most calls find nothing: they cost no commit.
        read_txn tx(core_.env);
        if (due_tracks(tx, wanted).empty()) co_return queue_claims{{}, next_due(tx, wanted)};
    }
    auto work = [&](write_context& context) -> result<queue_claims> {
        queue_claims made;
        queue_edit edit(context.tx);
        for (const auto& track : due_tracks(context.tx, wanted)) {
            auto one = claim_track(context, edit, track, wanted);
            if (!one.items.empty()) made.claims.push_back(std::move(one));
        }
        edit.save();
        context.queue_changed = true;
        made.next_due = next_due(context.tx, wanted);
        return made;
    };
    co_return co_await core_.writer->run(std::move(work));
}

awaitable<error_code> queue::renew(queue_claim held, std::int64_t lease_until) {
    auto work = [&](write_context& context) -> error_code {
        queue_edit edit(context.tx);
        bool is_held = false;
        for (const auto& item : held.items) {
            for (const auto& claimed : item.recipients) {
                const recipient_place at{item.id, claimed.number};
                const auto row =
                    context.tx.get(table::queue_recipient, queue_rows::recipient_key(at));
                if (!row) continue;
                const auto before = queue_rows::decode_recipient(at.number, *row);
                if (before.lease != held.lease) continue;
                auto after = before;
                after.due_at = lease_until;
                edit.replace(item, before, after);
                is_held = true;
            }
        }
        if (!is_held) return make_error_code(errc::no_such_message);
        edit.save();
        context.queue_changed = true;
        return {};
    };
    co_return co_await core_.writer->run(std::move(work));
}

awaitable<error_code> queue::settle(queue_settlement done) {
    auto work = [&](write_context& context) -> error_code {
        queue_edit edit(context.tx);
        settle_claimed(context, edit, {done.lease, std::move(done.outcomes)});
        edit.put_off(done.domain, done.not_before);
        edit.save();
        for (const auto& one : done.tls)
            tls_rows::count(context.tx, one);
        context.queue_changed = true;
        return {};
    };
    co_return co_await core_.writer->run(std::move(work));
}

awaitable<error_code> queue::retry(queue_id id, std::int64_t now) {
    auto work = [&](write_context& context) -> error_code {
        const auto item = queue_rows::find(context.tx, id);
        if (!item) return make_error_code(errc::no_such_message);
        queue_edit edit(context.tx);
        for (const auto& before : queue_rows::recipients_of(context.tx, id)) {
            if (before.lease != 0 && before.due_at > now) continue;  // somebody is at it
            auto after = before;
            after.due_at = now;
            after.held = false;
            edit.replace(*item, before, after);
            edit.put_off(std::string(address::domain_of(before.to)), 0);
            note_by_operator(context, trace_step::retried, *item, before);
        }
        edit.save();
        context.queue_changed = true;
        return {};
    };
    co_return co_await core_.writer->run(std::move(work));
}

awaitable<error_code> queue::hold(queue_id id, bool held) {
    auto work = [&](write_context& context) -> error_code {
        const auto item = queue_rows::find(context.tx, id);
        if (!item) return make_error_code(errc::no_such_message);
        queue_edit edit(context.tx);
        for (const auto& before : queue_rows::recipients_of(context.tx, id)) {
            auto after = before;
            after.held = held;
            edit.replace(*item, before, after);
            note_by_operator(context, held ? trace_step::held : trace_step::released, *item,
                             before);
        }
        edit.save();
        context.queue_changed = true;
        return {};
    };
    co_return co_await core_.writer->run(std::move(work));
}

awaitable<error_code> queue::remove(queue_id id) {
    auto work = [&](write_context& context) -> error_code {
        const auto item = queue_rows::find(context.tx, id);
        if (!item) return make_error_code(errc::no_such_message);
        queue_edit edit(context.tx);
        for (const auto& recipient : queue_rows::recipients_of(context.tx, id)) {
            note_by_operator(context, trace_step::dropped, *item, recipient);
            take_out(context, edit, *item, recipient);
        }
        edit.save();
        context.queue_changed = true;
        return {};
    };
    co_return co_await core_.writer->run(std::move(work));
}

}  // namespace hauspost::storage::lmdb
