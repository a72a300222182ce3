#include "storage/lmdb/sign_in_rows.hpp"

#include "base/log.hpp"
#include "base/octets.hpp"
#include "base/utf8.hpp"
#include "storage/fault.hpp"
#include "storage/lmdb/schema.hpp"

#include <algorithm>

namespace hauspost::storage::lmdb::sign_in_rows {
namespace {

constexpr std::uint8_t sign_in_version = 1;
constexpr std::size_t sign_in_key_octets = 5;

[[noreturn]] void refuse_sign_in() {
    throw fault("damaged row in table sign_in");
}

std::string key_of(account_id account, trace_door door) {
    std::string key;
    append_be(key, account.value());
    key.push_back(static_cast<char>(door));
    return key;
}

/// Where the old row cannot be read: nothing. It is written anew then, and must not keep others from being written.
std::vector<used_network> networks_before(const txn& within, std::string_view key) {
    const auto found = within.get(table::sign_in, key);
    if (!found) return {};
    try {
        return decode(key, *found).networks;
    } catch (const fault& error) {
        log::error("sign_in_row_fault what={}", log_safe(error.what()));
        return {};
    }
}

std::string encode(const last_sign_in& row) {
    std::string out(1, static_cast<char>(sign_in_version));
    append_le(out, row.at);
    out.push_back(row.seen.is_encrypted ? 1 : 0);
    append_text(out, utf8::truncated(row.seen.address, sign_in::max_address_octets));
    append_text(out, utf8::truncated(row.seen.program, sign_in::max_program_octets));
    append_le(out, static_cast<std::uint8_t>(row.networks.size()));
    for (const auto& one : row.networks) {
        append_text(out, utf8::truncated(one.network, sign_in::max_address_octets));
        append_le(out, one.at);
    }
    return out;
}

}  // namespace

last_sign_in decode(std::string_view key, std::string_view octets) {
    if (key.size() != sign_in_key_octets) refuse_sign_in();
    octet_reader in(octets);
    last_sign_in row;
    row.seen.account = account_id(load_be<std::uint32_t>(key.data()));
    row.seen.door = static_cast<trace_door>(key.back());
    const auto version = in.number<std::uint8_t>();
    row.at = in.number<std::int64_t>();
    row.seen.is_encrypted = in.number<std::uint8_t>() != 0;
    row.seen.address = in.text();
    row.seen.program = in.text();
    for (auto left = in.number<std::uint8_t>(); left > 0 && in.ok(); --left) {
        auto& one = row.networks.emplace_back();
        one.network = in.text();
        one.at = in.number<std::int64_t>();
    }
    const bool is_door = row.seen.door == trace_door::submission ||
                         row.seen.door == trace_door::imap || row.seen.door == trace_door::pop3;
    if (!in.ok() || !in.rest().empty() || version != sign_in_version || !is_door ||
        row.networks.size() > last_sign_in::max_networks)
        refuse_sign_in();
    return row;
}

void put(write_txn& tx, const sign_in& seen, std::int64_t at) {
    if (!tx.get(table::account, schema::account_key(seen.account))) return;
    const auto key = key_of(seen.account, seen.door);
    last_sign_in row;
    row.networks = networks_before(tx, key);
    row.seen = seen;
    row.at = at;
    std::erase_if(row.networks, [&](const auto& one) {
        return one.network == seen.network || one.at + last_sign_in::networks_kept_seconds < at;
    });
    if (!seen.network.empty()) {
        row.networks.insert(row.networks.begin(), used_network(seen.network, at));
        if (row.networks.size() > last_sign_in::max_networks) row.networks.pop_back();
    }
    tx.put(table::sign_in, key, encode(row));
}

std::vector<last_sign_in> of_account(const txn& within, account_id account) {
    std::vector<last_sign_in> all;
    const auto prefix = schema::account_key(account);
    cursor at(within, table::sign_in);
    for (bool more = at.seek(prefix); more && at.key().starts_with(prefix); more = at.next())
        all.push_back(decode(at.key(), at.value()));
    return all;
}

void forget(write_txn& tx, account_id account) {
    for (const auto door : {trace_door::submission, trace_door::imap, trace_door::pop3})
        tx.remove(table::sign_in, key_of(account, door));
}

}  // namespace hauspost::storage::lmdb::sign_in_rows
