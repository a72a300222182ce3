#include "storage/lmdb/retention.hpp"

#include "base/log.hpp"
#include "storage/lmdb/expunged_rows.hpp"
#include "storage/lmdb/sent_copies.hpp"
#include "storage/lmdb/vanished_rows.hpp"

#include <algorithm>
#include <string>
#include <vector>

namespace hauspost::storage::lmdb {

using namespace schema;

namespace {

constexpr std::size_t purged_per_slice = 500;         // some 3 ms of the writer
constexpr std::size_t mailboxes_per_snapshot = 2000;  // some 5 ms of an open read transaction

vanished_limits limits_of(const store_options& options, const clock& time) {
    vanished_limits most;
    most.most_ranges = options.vanished_ranges;
    most.written_before = std::chrono::system_clock::to_time_t(time.now() - options.vanished_age);
    return most;
}

}  // namespace

std::size_t retention::purge_expired(writer& writer) {
    // A clock that stands at 1970 after a restart must not make everything look expired.
    const auto limit = std::max<std::time_t>(
        0, std::chrono::system_clock::to_time_t(time_.now() - options_.retention));
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

/// The next account that has expunged messages; 0: none.
account_id retention::next_that_keeps(account_id after) {
    const read_txn tx(env_);
    cursor at(tx, table::expunged);
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

}  // namespace hauspost::storage::lmdb
