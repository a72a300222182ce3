#include "storage/lmdb/expunged_mail.hpp"

#include "storage/lmdb/expunged_match.hpp"
#include "storage/lmdb/expunged_rows.hpp"
#include "storage/lmdb/expunged_search.hpp"
#include "storage/lmdb/removed_accounts.hpp"
#include "storage/lmdb/restored_rows.hpp"
#include "storage/lmdb/rights_rows.hpp"

#include <algorithm>
#include <optional>
#include <utility>

namespace hauspost::storage::lmdb {

using namespace schema;

namespace {

constexpr std::size_t freed_per_slice = 500;         // some 3 ms of the writer
constexpr std::int64_t deletions_are_good_for = 60;  // seconds

/// Keys of messages that somebody has chosen, as far as they are of these accounts; each once.
std::vector<std::string> chosen_keys(const std::vector<expunged_place>& places,
                                     const std::vector<account_id>& accounts) {
    std::vector<std::string> keys;
    for (const auto& place : places)
        if (std::find(accounts.begin(), accounts.end(), place.account) != accounts.end())
            keys.push_back(key_of_expunged(place));
    std::sort(keys.begin(), keys.end());
    keys.erase(std::unique(keys.begin(), keys.end()), keys.end());
    return keys;
}

}  // namespace

std::chrono::seconds expunged_mail::retention() const noexcept {
    return core_.keeping.deleted_mail();
}

std::int64_t expunged_mail::now() const {
    return std::chrono::system_clock::to_time_t(core_.time().now());
}

template <class Search>
awaitable<error_code> expunged_mail::run_search(Search& search) {
    for (bool more = true; more;) {
        auto look = [&] {
            const read_txn tx(core_.env);
            return search.next_slice(tx);
        };
        const auto is_more = co_await core_.readers.run(std::move(look));
        if (!is_more) co_return make_error_code(errc::busy);
        more = *is_more;
    }
    co_return error_code();
}

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
            all.left_octets += done->left_octets;
        }
    }
    co_return all;
}

awaitable<result<expunged_page>> expunged_mail::find(expunged_query wanted,
                                                     const heading_reader& headings) {
    std::vector<account_id> accounts;
    {
        const read_txn tx(core_.env);
        accounts = accounts_that_had(tx, wanted.address);
    }
    expunged_search search(std::move(accounts), std::move(wanted), headings);
    if (const auto refused = co_await run_search(search)) co_return refused;
    co_return search.take();
}

awaitable<result<mail_returned>> expunged_mail::bring_back(restore_request wanted,
                                                           const heading_reader& headings) {
    std::vector<account_id> accounts;
    std::optional<account_id> target;
    {
        const read_txn tx(core_.env);
        accounts = accounts_that_had(tx, wanted.address);
        target = find_account_id(tx, wanted.into.empty() ? wanted.address : wanted.into);
    }
    if (!target) co_return fail(errc::no_such_account);
    const restore_target to{*target, wanted.mailbox, core_.options.max_mailboxes};
    // What is expunged meanwhile stays so, or this might never end.
    wanted.wanted.until = std::min(wanted.wanted.until, now());
    auto chosen = chosen_keys(wanted.places, accounts);
    if (!wanted.places.empty()) accounts.clear();
    std::reverse(accounts.begin(), accounts.end());
    expunged_collection collection(std::move(accounts), std::move(wanted.wanted), headings);
    mail_returned all;
    for (bool more = true; more;) {
        std::vector<std::string> keys;
        if (!chosen.empty()) {
            const auto some = std::min(chosen.size(), freed_per_slice);
            keys.assign(chosen.begin(), chosen.begin() + static_cast<std::ptrdiff_t>(some));
            chosen.erase(chosen.begin(), chosen.begin() + static_cast<std::ptrdiff_t>(some));
        } else {
            auto look = [&] {
                const read_txn tx(core_.env);
                return collection.next(tx);
            };
            const auto is_more = co_await core_.readers.run(std::move(look));
            if (!is_more) co_return fail(errc::busy);
            more = *is_more;
            if (more && !collection.is_full()) continue;
            keys = collection.take();
        }
        auto work = [&](write_context& context) { return bring_rows_back(context, to, keys); };
        auto done = co_await core_.writer->run(std::move(work));
        if (!done) co_return done.error();
        add_returned(all, std::move(*done));
    }
    // Or the alarm would stand for a minute after the mail is back.
    const std::lock_guard lock(deletions_.mutex);
    deletions_.found_at = 0;
    co_return all;
}

awaitable<result<std::uint64_t>> expunged_mail::undo(restore_undo what) {
    std::optional<account_id> account;
    {
        const read_txn tx(core_.env);
        account = find_account_id(tx, what.address);
    }
    if (!account) co_return fail(errc::no_such_account);
    std::uint64_t messages = 0;
    for (const auto& box : what.mailboxes) {
        uid from(1);
        while (from) {
            auto work = [&](write_context& context) {
                return undo_rows(context, *account, box, what.since, what.until, from,
                                 freed_per_slice);
            };
            const auto done = co_await core_.writer->run(std::move(work));
            if (!done) co_return done.error();
            messages += done->messages;
            from = done->next;
            if (done->is_removed) core_.janitor->note_removal();
        }
    }
    co_return messages;
}

awaitable<result<std::vector<removed_mailer>>> expunged_mail::removed_accounts() {
    removed_accounts_list list;
    if (const auto refused = co_await run_search(list)) co_return refused;
    co_return list.take();
}

awaitable<result<std::vector<mass_deletion>>> expunged_mail::mass_deletions(std::int64_t since) {
    const auto asked_at = now();
    {
        const std::lock_guard lock(deletions_.mutex);
        const auto age = asked_at - deletions_.found_at;
        const bool is_good = deletions_.found_at != 0 && age >= 0 && age < deletions_are_good_for &&
                             deletions_.since <= since;
        if (is_good) {
            auto found = deletions_.found;
            std::erase_if(found, [since](const auto& one) { return one.until < since; });
            co_return found;
        }
    }
    mass_deletion_search search(since);
    if (const auto refused = co_await run_search(search)) co_return refused;
    auto found = search.take();
    const std::lock_guard lock(deletions_.mutex);
    deletions_.found_at = asked_at;
    deletions_.since = since;
    deletions_.found = found;
    co_return found;
}

}  // namespace hauspost::storage::lmdb
