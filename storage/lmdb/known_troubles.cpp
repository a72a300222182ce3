#include "storage/lmdb/known_troubles.hpp"

#include "base/octets.hpp"
#include "storage/lmdb/account_edit.hpp"
#include "storage/lmdb/schema.hpp"
#include "storage/lmdb/sender_rows.hpp"

#include <algorithm>
#include <utility>

namespace hauspost::storage::lmdb {
namespace {

/// nullopt: it has room, no limit, or is gone.
std::optional<full_account> nearly_full_at(const txn& within, const account& row) {
    if (row.quota_octets == 0) return std::nullopt;
    const auto totals = find_totals(within, row.id);
    if (!totals) return std::nullopt;
    constexpr double part = overview_store::nearly_full_percent / 100.0;
    if (static_cast<double>(totals->octets) < part * static_cast<double>(row.quota_octets))
        return std::nullopt;
    return full_account{row.id, row.name, totals->octets, row.quota_octets};
}

void put_fullest_first(std::vector<full_account>& all) {
    const auto part = [](const full_account& one) {
        return static_cast<double>(one.octets) / static_cast<double>(one.quota_octets);
    };
    std::stable_sort(all.begin(), all.end(), [&part](const auto& one, const auto& other) {
        return part(one) > part(other);
    });
    if (all.size() > overview_store::max_troubles)
        all.erase(all.begin() + overview_store::max_troubles, all.end());
}

std::vector<full_account> find_full(const txn& within) {
    constexpr std::size_t kept_at_once = 1'000;
    std::vector<full_account> found;
    cursor at(within, table::account);
    for (bool more = at.first(); more; more = at.next()) {
        const account_id id(load_be<std::uint32_t>(at.key().data()));
        if (auto one = nearly_full_at(within, schema::decode_account(id, at.value())))
            found.push_back(std::move(*one));
        if (found.size() >= kept_at_once) put_fullest_first(found);
    }
    put_fullest_first(found);
    return found;
}

bool is_hijacked_row(const sender_row& row) {
    return row.frozen && row.frozen->reason != freeze_reason::by_operator;
}

std::vector<account_id> find_hijacked(const txn& within) {
    std::vector<account_id> found;
    cursor at(within, table::sender);
    for (bool more = at.first(); more && found.size() < overview_store::max_troubles;
         more = at.next()) {
        const account_id id(load_be<std::uint32_t>(at.key().data()));
        // What has gone stays frozen.
        if (is_hijacked_row(sender_rows::decode(at.value())) && find_account_row(within, id))
            found.push_back(id);
    }
    return found;
}

}  // namespace

bool known_troubles::is_outdated(std::int64_t now) const {
    const std::lock_guard lock(mutex_);
    return !walked_at_ || now < *walked_at_ || now - *walked_at_ >= good_for;
}

void known_troubles::walk(environment& env, std::int64_t now) {
    std::vector<full_account> full;
    std::vector<account_id> hijacked;
    {
        const read_txn tx(env);
        full = find_full(tx);
        hijacked = find_hijacked(tx);
    }
    const std::lock_guard lock(mutex_);
    walked_at_ = now;
    hijacked_ = std::move(hijacked);
    full_.clear();
    for (const auto& one : full)
        full_.push_back(one.id);
}

account_troubles known_troubles::read(environment& env) const {
    std::vector<account_id> full;
    account_troubles all;
    {
        const std::lock_guard lock(mutex_);
        full = full_;
        all.hijacked = hijacked_;
    }
    const read_txn tx(env);
    for (const auto id : full) {
        const auto row = find_account_row(tx, id);
        if (!row) continue;
        if (auto one = nearly_full_at(tx, *row)) all.nearly_full.push_back(std::move(*one));
    }
    put_fullest_first(all.nearly_full);
    std::erase_if(all.hijacked, [&tx](const auto id) {
        return !find_account_row(tx, id) || !is_hijacked_row(sender_rows::find(tx, id));
    });
    return all;
}

}  // namespace hauspost::storage::lmdb
