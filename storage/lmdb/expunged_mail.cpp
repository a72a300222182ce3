#include "storage/lmdb/expunged_mail.hpp"

#include "storage/lmdb/expunged_rows.hpp"
#include "storage/lmdb/rights_rows.hpp"

#include <algorithm>

namespace hauspost::storage::lmdb {

using namespace schema;

namespace {

constexpr std::size_t freed_per_slice = 500;  // some 3 ms of the writer

}  // namespace

awaitable<account_usage> expunged_mail::expunged(mail_address address) {
    account_usage all;
    const read_txn tx(core_.env);
    for (const auto account : accounts_that_had(tx, address)) {
        if (const auto totals = find_totals(tx, account)) all.octets += totals->expunged_octets;
        all.messages += count_expunged(tx, account);
    }
    co_return all;
}

awaitable<result<std::uint64_t>> expunged_mail::purge(mail_address address) {
    std::vector<account_id> accounts;
    {
        const read_txn tx(core_.env);
        accounts = accounts_that_had(tx, address);
    }
    std::uint64_t purged = 0;
    for (const auto account : accounts) {
        for (bool more = true; more;) {
            auto work = [account](write_context& context) -> result<std::size_t> {
                const auto rows = oldest_rows(context.tx, account, freed_per_slice);
                for (const auto& row : rows)
                    purge_expunged(context, row, trace_door::administrator);
                return rows.size();
            };
            const auto done = co_await core_.writer->run(std::move(work));
            if (!done) co_return done.error();
            purged += *done;
            more = *done == freed_per_slice;
        }
    }
    co_return purged;
}

awaitable<result<restored_mail>> expunged_mail::restore(mail_address address,
                                                        std::chrono::seconds within) {
    std::vector<account_id> accounts;
    std::optional<account_id> target;
    {
        const read_txn tx(core_.env);
        accounts = accounts_that_had(tx, address);
        target = find_account_id(tx, address);
    }
    if (!target) co_return fail(errc::no_such_account);
    const auto now = std::chrono::system_clock::to_time_t(core_.time().now());
    const auto since = now - std::min<std::int64_t>(now, within.count());
    restored_mail all;
    for (const auto source : accounts) {
        std::string before;
        for (bool more = true; more;) {
            std::string last;
            auto work = [&](write_context& context) -> result<restored_mail> {
                const auto rows = latest_rows(context.tx, source, before, since, freed_per_slice);
                more = rows.size() == freed_per_slice;
                if (rows.empty()) return restored_mail();
                last = rows.back().key;
                return restore_rows(context, *target, rows, core_.options.max_mailboxes);
            };
            const auto done = co_await core_.writer->run(std::move(work));
            if (!done) co_return done.error();
            before = last;
            all.messages += done->messages;
            all.left_over_quota += done->left_over_quota;
        }
    }
    co_return all;
}

}  // namespace hauspost::storage::lmdb
