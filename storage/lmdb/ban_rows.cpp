#include "storage/lmdb/ban_rows.hpp"

#include "base/octets.hpp"
#include "base/utf8.hpp"
#include "storage/ban_store.hpp"
#include "storage/fault.hpp"

#include <algorithm>
#include <utility>

namespace hauspost::storage::lmdb::ban_rows {
namespace {

constexpr std::uint8_t ban_version = 1;

[[noreturn]] void refuse_ban() {
    throw fault("damaged row in table ban");
}

ban_name name_of(std::string_view key) {
    const auto network = key.substr(std::min<std::size_t>(1, key.size()));
    const auto end = network.find('\0');
    if (key.empty() || end == std::string_view::npos) refuse_ban();
    return {static_cast<ban_kind>(key.front()), std::string(network.substr(0, end)),
            std::string(network.substr(end + 1))};
}

}  // namespace

bool fits(const ban_name& name) {
    return name.network.size() <= ban::max_network_octets &&
           name.account.size() <= ban::max_account_octets &&
           name.network.find('\0') == std::string::npos;
}

std::string key_of(const ban_name& name) {
    std::string key(1, static_cast<char>(name.of));
    key += name.network;
    key += '\0';
    return key + name.account;
}

std::string encode(const ban& row) {
    std::string out(1, static_cast<char>(ban_version));
    append_le(out, row.begun_at);
    append_le(out, row.ends_at);
    append_le(out, row.passwords);
    append_le(out, row.times);
    const auto count = std::min(row.tried.size(), ban::max_tried);
    append_le(out, static_cast<std::uint8_t>(count));
    for (std::size_t n = 0; n < count; ++n)
        append_text(out, utf8::truncated(row.tried[n], ban::max_tried_octets));
    return out;
}

ban decode(std::string_view key, std::string_view octets) {
    octet_reader in(octets);
    ban row;
    row.name = name_of(key);
    const auto version = in.number<std::uint8_t>();
    row.begun_at = in.number<std::int64_t>();
    row.ends_at = in.number<std::int64_t>();
    row.passwords = in.number<std::uint32_t>();
    row.times = in.number<std::uint32_t>();
    for (auto left = in.number<std::uint8_t>(); left > 0 && in.ok(); --left)
        row.tried.emplace_back(in.text());
    if (!in.ok() || !in.rest().empty() || version != ban_version || !fits(row.name) ||
        row.name.of < ban_kind::network || row.name.of > last_ban_kind)
        refuse_ban();
    return row;
}

std::vector<ban> read(const txn& within) {
    std::vector<ban> all;
    cursor at(within, table::ban);
    for (bool more = at.first(); more; more = at.next())
        all.push_back(decode(at.key(), at.value()));
    return all;
}

std::vector<std::string> old_keys(const txn& within, std::int64_t now, std::size_t most) {
    std::vector<std::string> old;
    cursor at(within, table::ban);
    for (bool more = at.first(); more && old.size() < most; more = at.next())
        if (decode(at.key(), at.value()).ends_at + ban_store::remembered_seconds <= now)
            old.emplace_back(at.key());
    return old;
}

namespace {

/// When it goes at the earliest. One that cannot be read goes first: it must not keep others from being written.
std::int64_t worth_of(std::string_view key, std::string_view octets) {
    try {
        const auto row = decode(key, octets);
        return row.name.of == ban_kind::ordered ? INT64_MAX : row.ends_at;
    } catch (const fault&) {
        return INT64_MIN;
    }
}

}  // namespace

void keep_limit(write_txn& tx) {
    const auto there = tx.count(table::ban);
    if (there <= ban_store::max_bans) return;
    std::vector<std::pair<std::int64_t, std::string>> all;
    all.reserve(there);
    {
        cursor at(tx, table::ban);
        for (bool more = at.first(); more; more = at.next())
            all.emplace_back(worth_of(at.key(), at.value()), at.key());
    }
    const auto too_many = there - ban_store::max_bans + ban_store::max_bans / 10;
    const auto end = all.begin() + static_cast<std::ptrdiff_t>(too_many);
    std::nth_element(all.begin(), end - 1, all.end());
    for (auto one = all.begin(); one != end; ++one)
        tx.remove(table::ban, one->second);
}

void forget_account(write_txn& tx, std::string_view account) {
    const auto tail = std::string(1, '\0') + std::string(account);
    std::vector<std::string> keys;
    {
        cursor at(tx, table::ban);
        for (bool more = at.first(); more; more = at.next())
            if (at.key().ends_with(tail)) keys.emplace_back(at.key());
    }
    for (const auto& key : keys)
        tx.remove(table::ban, key);
}

}  // namespace hauspost::storage::lmdb::ban_rows
