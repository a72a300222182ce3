#include "storage/lmdb/senders.hpp"

#include "base/octets.hpp"
#include "storage/lmdb/sender_rows.hpp"

#include <chrono>
#include <utility>

namespace hauspost::storage::lmdb {
namespace {

constexpr std::size_t released_per_slice = 500;
constexpr std::size_t max_untold = 100;

sent_hour two_hours(const std::vector<sent_hour>& hours, std::int64_t now) {
    const auto first = now - now % hour_seconds - hour_seconds;
    std::vector<sent_hour> recent;
    for (const auto& hour : hours)
        if (hour.begins_at >= first) recent.push_back(hour);
    return sum_of(recent);
}

bool is_hijacked(const unknown_recipients& noted, const sent_hour& recent) {
    if (noted.freeze_from == 0 || recent.unknown_recipients < noted.freeze_from) return false;
    return std::uint64_t{recent.unknown_recipients} * 100 >=
           std::uint64_t{recent.new_recipients} * noted.freeze_percent;
}

}  // namespace

awaitable<sender_state> senders::find(account_id account, std::vector<mail_address> outside) {
    const auto now = std::chrono::system_clock::to_time_t(core_.time().now());
    sender_state state;
    read_txn tx(core_.env);
    const auto row = sender_rows::find(tx, account);
    state.hours = sender_rows::hours_of(row, now);
    state.new_recipients =
        static_cast<std::uint32_t>(sender_rows::new_ones(tx, account, outside).size());
    state.frozen = row.frozen;
    co_return state;
}

awaitable<std::vector<account_id>> senders::untold() {
    auto work = [this] {
        std::vector<account_id> found;
        read_txn tx(core_.env);
        cursor at(tx, table::sender);
        for (bool more = at.first(); more && found.size() < max_untold; more = at.next()) {
            const auto row = sender_rows::decode(at.value());
            if (row.frozen && !row.owner_told)
                found.emplace_back(load_be<std::uint32_t>(at.key().data()));
        }
        return found;
    };
    auto found = co_await core_.readers.run(std::move(work));
    if (!found) co_return std::vector<account_id>();
    co_return std::move(*found);
}

awaitable<result<bool>> senders::note_unknown(unknown_recipients noted) {
    auto work = [&](write_context& context) -> result<bool> {
        if (!context.tx.get(table::account, schema::account_key(noted.account))) return false;
        auto row = sender_rows::find(context.tx, noted.account);
        row.hours = sender_rows::hours_of(row, context.now);
        sender_rows::current_hour(row.hours, context.now).unknown_recipients += noted.count;
        const bool is_first = !row.frozen && is_hijacked(noted, two_hours(row.hours, context.now));
        if (is_first) {
            row.frozen = frozen_sender{context.now, freeze_reason::unknown_recipients};
            row.owner_told = false;
        }
        put_sender(context.tx, noted.account, row);
        return is_first;
    };
    co_return co_await core_.writer->run(std::move(work));
}

awaitable<error_code> senders::freeze(account_id account, freeze_reason reason) {
    auto work = [&](write_context& context) -> error_code {
        if (!context.tx.get(table::account, schema::account_key(account)))
            return make_error_code(errc::no_such_account);
        auto row = sender_rows::find(context.tx, account);
        if (row.frozen) return {};
        row.frozen = frozen_sender{context.now, reason};
        row.owner_told = reason == freeze_reason::by_operator;  // it was he
        put_sender(context.tx, account, row);
        return {};
    };
    co_return co_await core_.writer->run(std::move(work));
}

/// The row first: what is claimed between two slices is not frozen again. A crash in between leaves
/// the rest to the janitor.
awaitable<result<std::size_t>> senders::unfreeze(account_id account) {
    std::size_t released = 0;
    auto work = [&](write_context& context) -> result<std::size_t> {
        auto row = sender_rows::find(context.tx, account);
        if (row.frozen) {
            row.frozen.reset();
            row.owner_told = false;
            for (auto& hour : row.hours)
                hour.unknown_recipients = 0;
            put_sender(context.tx, account, row);
        }
        return release_frozen(context, account, released_per_slice);
    };
    for (bool more = true; more;) {
        const auto done = co_await core_.writer->run(work);
        if (!done) co_return done.error();
        released += *done;
        more = *done == released_per_slice;
    }
    co_return released;
}

awaitable<error_code> senders::note_told(account_id account) {
    auto work = [&](write_context& context) -> error_code {
        auto row = sender_rows::find(context.tx, account);
        if (!row.frozen) return {};
        row.owner_told = true;
        put_sender(context.tx, account, row);
        return {};
    };
    co_return co_await core_.writer->run(std::move(work));
}

}  // namespace hauspost::storage::lmdb
