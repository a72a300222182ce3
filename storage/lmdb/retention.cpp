#include "storage/lmdb/retention.hpp"

#include "base/log.hpp"
#include "storage/lmdb/audit_rows.hpp"
#include "storage/lmdb/ban_rows.hpp"
#include "storage/lmdb/expunged_rows.hpp"
#include "storage/lmdb/gone_rows.hpp"
#include "storage/lmdb/sender_rows.hpp"
#include "storage/lmdb/sent_copies.hpp"
#include "storage/lmdb/trace_rows.hpp"
#include "storage/lmdb/vanished_rows.hpp"

#include <algorithm>
#include <string>
#include <vector>

namespace hauspost::storage::lmdb {

using namespace schema;

namespace {

constexpr std::size_t purged_per_slice = 500;         // some 3 ms of the writer
constexpr std::size_t traced_per_slice = 5000;        // some 3 ms
constexpr std::size_t mailboxes_per_snapshot = 2000;  // some 5 ms of an open read transaction

vanished_limits limits_of(const store_options& options, const clock& time) {
    vanished_limits most;
    most.most_ranges = options.vanished_ranges;
    most.written_before = std::chrono::system_clock::to_time_t(time.now() - options.vanished_age);
    return most;
}

/// Days since 1970.
std::int64_t day_of(wall_time at) {
    return std::chrono::system_clock::to_time_t(at) / (hours_of_a_day * hour_seconds);
}

}  // namespace

std::size_t retention::purge_expired(writer& writer) {
    // A clock that stands at 1970 after a restart must not make everything look expired.
    const auto limit = std::max<std::time_t>(
        0, std::chrono::system_clock::to_time_t(time_.now() - keeping_.deleted_mail()));
    std::size_t purged = 0;
    for (bool more = true; more;) {
        auto work = [limit](write_context& context) -> result<std::size_t> {
            const auto rows = expired_rows(context.tx, limit, purged_per_slice);
            for (const auto& row : rows)
                purge_expunged(context, row);
            return rows.size();
        };
        const auto done = writer.run_blocking(work);
        if (!done) return purged;  // the store is stopping, or full: next time
        purged += *done;
        more = *done == purged_per_slice;
    }
    purged += purge_over_limits(writer);
    if (purged > 0) log::info("purge messages={}", purged);
    return purged;
}

/// What the writer has left over, and after a quota was made smaller.
std::size_t retention::purge_over_limits(writer& writer) {
    std::size_t purged = 0;
    for (auto account = next_that_keeps(account_id()); account;
         account = next_that_keeps(account)) {
        for (bool more = true; more;) {
            auto work = [&](write_context& context) -> result<std::size_t> {
                return purge_over_limit(context, account, options_.expunged_quotas,
                                        purged_per_slice);
            };
            const auto done = writer.run_blocking(work);
            if (!done) return purged;
            purged += *done;
            more = *done == purged_per_slice;
        }
    }
    return purged;
}

account_id retention::next_that_keeps(account_id after) {
    return next_of(table::expunged, after);
}

/// The next account that has rows in the table; 0: none.
account_id retention::next_of(table which, account_id after) {
    const read_txn tx(env_);
    cursor at(tx, which);
    const bool found = at.seek(account_key(account_id(after.value() + 1)));
    return account_id(found ? load_be<std::uint32_t>(at.key().data()) : 0);
}

void retention::forget_old_vanished(writer& writer) {
    const auto most = limits_of(options_, time_);
    std::vector<mailbox_key> full;
    std::string from(8, '\0');
    for (bool more = true; more;) {
        read_txn tx(env_);
        cursor at(tx, table::mailbox);
        more = at.seek(from);
        for (std::size_t n = 0; more && n < mailboxes_per_snapshot; ++n, more = at.next()) {
            const mailbox_key box{account_id(load_be<std::uint32_t>(at.key().data())),
                                  mailbox_id(load_be<std::uint32_t>(at.key().data() + 4))};
            if (has_old_vanished(tx, box, most)) full.push_back(box);
        }
        if (more) from = at.key();
    }
    for (const auto box : full)
        forget_vanished_of(writer, box);
}

void retention::forget_vanished_of(writer& writer, mailbox_key box) {
    const auto most = limits_of(options_, time_);
    for (bool more = true; more;) {
        auto work = [&](write_context& context) -> result<std::size_t> {
            return forget_vanished(context, box, most, purged_per_slice);
        };
        const auto done = writer.run_blocking(work);
        more = done && *done == purged_per_slice;
    }
}

void retention::keep_senders(writer& writer) {
    for (auto account = next_of(table::frozen_mail, account_id()); account;
         account = next_of(table::frozen_mail, account)) {
        for (bool more = true; more;) {
            auto work = [account](write_context& context) -> result<std::size_t> {
                if (sender_rows::is_frozen(context.tx, account)) return std::size_t{0};
                return release_frozen(context, account, purged_per_slice);
            };
            const auto done = writer.run_blocking(work);
            more = done && *done == purged_per_slice;
        }
    }
    const auto day = day_of(time_.now());
    if (day == looked_on_) return;
    looked_on_ = day;
    const auto before = std::max<std::int64_t>(0, day_of(time_.now() - options_.correspondent_age));
    for (auto account = next_of(table::correspondent_day, account_id()); account;
         account = next_of(table::correspondent_day, account))
        forget_correspondents_of(writer, account, static_cast<std::uint32_t>(before));
}

void retention::forget_correspondents_of(writer& writer,
                                         account_id account,
                                         std::uint32_t before_day) {
    {
        const read_txn tx(env_);
        cursor at(tx, table::correspondent_day);
        if (!at.seek(sender_rows::day_key(account, 0, 0)) ||
            sender_rows::day_of(at.key()) >= before_day)
            return;
    }
    for (bool more = true; more;) {
        auto work = [&](write_context& context) -> result<std::size_t> {
            return forget_correspondents(context, account, before_day, purged_per_slice);
        };
        const auto done = writer.run_blocking(work);
        more = done && *done == purged_per_slice;
    }
}

void retention::forget_old_trace(writer& writer) {
    const auto age = std::chrono::hours(24) * keeping_.trace_days();
    const auto until =
        std::chrono::floor<std::chrono::microseconds>((time_.now() - age).time_since_epoch());
    const auto limit = static_cast<std::uint64_t>(std::max<std::int64_t>(0, until.count()));
    for (bool more = true; more;) {
        auto work = [&](write_context& context) -> result<bool> {
            const bool is_too_large = options_.trace_octets != 0 &&
                                      context.tx.octets(table::trace) > options_.trace_octets;
            std::vector<std::string> old;
            {
                cursor at(context.tx, table::trace);
                for (bool is_there = at.first(); is_there && old.size() < traced_per_slice;
                     is_there = at.next()) {
                    if (!is_too_large && trace_rows::place_of(at.key()).microseconds >= limit)
                        break;
                    old.emplace_back(at.key());
                }
            }
            for (const auto& key : old)
                context.tx.remove(table::trace, key);
            return old.size() == traced_per_slice;
        };
        const auto done = writer.run_blocking(work);
        more = done && *done;
    }
}

void retention::forget_old_audit(writer& writer) {
    const auto until = std::chrono::floor<std::chrono::microseconds>(
        (time_.now() - options_.audit_age).time_since_epoch());
    audit_place limit;
    limit.microseconds = static_cast<std::uint64_t>(std::max<std::int64_t>(0, until.count()));
    for (bool more = true; more;) {
        std::vector<std::string> old;
        {
            const read_txn tx(env_);
            cursor at(tx, table::audit);
            for (bool is_there = at.first(); is_there && old.size() < traced_per_slice &&
                                             audit_rows::place_of(at.key()) < limit;
                 is_there = at.next())
                old.emplace_back(at.key());
        }
        auto work = [&](write_context& context) -> result<std::size_t> {
            for (const auto& key : old)
                context.tx.remove(table::audit, key);
            return old.size();
        };
        more = !old.empty() && writer.run_blocking(work);
    }
}

void retention::forget_gone_mailboxes(writer& writer) {
    const auto limit = std::max<std::time_t>(
        0, std::chrono::system_clock::to_time_t(time_.now() - keeping_.deleted_mail()));
    std::string from;
    do {
        std::vector<std::string> old;
        {
            const read_txn tx(env_);
            old = old_gone_mailboxes(tx, limit, purged_per_slice, from);
        }
        if (old.empty()) continue;
        auto work = [&](write_context& context) -> result<std::size_t> {
            for (const auto& key : old)
                context.tx.remove(table::gone_mailbox, key);
            return old.size();
        };
        if (!writer.run_blocking(work)) return;
    } while (!from.empty());
}

void retention::forget_filed_copies(writer& writer) {
    for (bool more = true; more;) {
        std::vector<std::string> old;
        {
            const read_txn tx(env_);
            old = old_filed_keys(tx, std::chrono::system_clock::to_time_t(time_.now()),
                                 purged_per_slice);
        }
        auto work = [&](write_context& context) -> result<std::size_t> {
            for (const auto& key : old)
                context.tx.remove(table::filed, key);
            return old.size();
        };
        more = !old.empty() && writer.run_blocking(work);
    }
}

void retention::forget_old_bans(writer& writer) {
    const auto now = std::chrono::system_clock::to_time_t(time_.now());
    for (bool more = true; more;) {
        std::vector<std::string> old;
        {
            const read_txn tx(env_);
            old = ban_rows::old_keys(tx, now, purged_per_slice);
        }
        auto work = [&](write_context& context) -> result<std::size_t> {
            for (const auto& key : old)
                context.tx.remove(table::ban, key);
            return old.size();
        };
        more = !old.empty() && writer.run_blocking(work);
    }
}

}  // namespace hauspost::storage::lmdb
