#include "storage/lmdb/check_senders.hpp"

#include "base/octets.hpp"
#include "storage/lmdb/schema.hpp"
#include "storage/lmdb/sender_rows.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdint>

namespace hauspost::storage::lmdb {
namespace {

using namespace schema;

constexpr std::size_t account_octets = 4;

/// The next account with rows in one of the tables; 0: none.
account_id next_sender(const txn& within, account_id after) {
    constexpr std::array tables{table::sender, table::correspondent, table::correspondent_day};
    std::uint32_t next = 0;
    for (const auto which : tables) {
        cursor at(within, which);
        if (!at.seek(account_key(account_id(after.value() + 1)))) continue;
        const auto found = load_be<std::uint32_t>(at.key().data());
        next = next == 0 ? found : std::min(next, found);
    }
    return account_id(next);
}

void check_sender(const txn& tx, account_id account, function_ref<void(std::string)> find) {
    const std::string prefix(account_key(account));
    sender_row row;
    try {
        row = sender_rows::find(tx, account);
    } catch (const fault&) {
        find(fmt::format("what account {} has sent is damaged", account.value()));
        return;
    }
    if (!row.frozen && !tx.get(table::account, prefix))
        find(fmt::format("account {} has sent something and is not there", account.value()));
    std::uint32_t correspondents = 0, days = 0;
    cursor at(tx, table::correspondent);
    for (bool more = at.seek(prefix); more && at.key().starts_with(prefix); more = at.next()) {
        ++correspondents;
        const auto address = load_be<std::uint64_t>(at.key().data() + account_octets);
        const bool is_whole = at.value().size() == sizeof(std::uint32_t);
        if (!is_whole || !tx.get(table::correspondent_day,
                                 sender_rows::day_key(
                                     account, load_le<std::uint32_t>(at.value().data()), address)))
            find(fmt::format("correspondent {:016x} of account {} is not found by its day", address,
                             account.value()));
    }
    cursor day(tx, table::correspondent_day);
    for (bool more = day.seek(prefix); more && day.key().starts_with(prefix); more = day.next())
        ++days;
    if (row.correspondents != correspondents || days != correspondents)
        find(fmt::format("account {} counts {} correspondents, there are {} and {} of days",
                         account.value(), row.correspondents, correspondents, days));
}

}  // namespace

void check_senders(environment& env, function_ref<void(std::string)> find) {
    account_id account;
    do {
        const read_txn tx(env);
        account = next_sender(tx, account);
        if (account) check_sender(tx, account, find);
    } while (account && account.value() != UINT32_MAX);
}

}  // namespace hauspost::storage::lmdb
