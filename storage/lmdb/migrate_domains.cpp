#include "storage/lmdb/migrate_domains.hpp"

#include "base/address.hpp"
#include "base/log.hpp"
#include "storage/lmdb/migrate_queue.hpp"
#include "storage/lmdb/schema.hpp"

#include <algorithm>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace hauspost::storage::lmdb {

using namespace schema;

namespace {

using rows = std::vector<std::pair<std::string, std::string>>;

rows all_rows(const txn& within, table which) {
    rows all;
    cursor at(within, which);
    for (bool more = at.first(); more; more = at.next())
        all.emplace_back(at.key(), at.value());
    return all;
}

std::string spelled(const std::string& name) {
    return address::canonical(name).value_or(name);
}

void spell_each(std::vector<mail_address>& names) {
    std::vector<mail_address> made;
    for (const auto& name : names) {
        auto one = spelled(name);
        if (std::find(made.begin(), made.end(), one) == made.end()) made.push_back(std::move(one));
    }
    names = std::move(made);
}

void rename_domains(write_txn& tx) {
    std::map<std::string, domain> made;
    const auto add = [&made](const std::string& name, domain row) {
        row.name = name;
        if (!row.catch_all.empty()) row.catch_all = spelled(row.catch_all);
        const auto [at, is_new] = made.try_emplace(name, row);
        if (!is_new && !row.catch_all.empty()) at->second.catch_all = row.catch_all;
    };
    const auto before = all_rows(tx, table::domain);
    // Those that keep their name first, so that the others win over them.
    for (const bool keeps : {true, false})
        for (const auto& [key, value] : before) {
            const auto name = address::to_a_labels(key).value_or(key);
            if ((name == key) == keeps) add(name, decode_domain(key, value));
        }
    for (const auto& [key, value] : before)
        tx.remove(table::domain, key);
    for (const auto& [name, row] : made)
        tx.put(table::domain, name, encode_domain(row));
}

/// Gives an account another address, in both tables.
void rename_account(write_txn& tx, const std::string& value, const std::string& name) {
    octet_reader in(std::string_view(value).substr(1));
    const account_id id(in.number<std::uint32_t>());
    const auto old = tx.get(table::account, account_key(id));
    if (!old) throw fault("an address refers to an account that is missing");
    auto row = decode_account(id, *old);
    row.name = name;
    tx.put(table::account, account_key(id), encode_account(row));
    tx.put(table::address, name, value);
}

/// Makes room at an address that another one takes.
void give_way(write_txn& tx, const std::string& name, const std::string& value) {
    tx.remove(table::address, name);
    if (value.front() == static_cast<char>(address_kind::alias)) {
        log::warn("migrate alias={} result=given_up reason=same_address", log_safe(name));
        return;
    }
    for (int n = 2;; ++n) {
        const auto other = std::string(address::local_part_of(name)) + '.' + std::to_string(n) +
                           '@' + std::string(address::domain_of(name));
        if (tx.get(table::address, other)) continue;
        rename_account(tx, value, other);
        log::warn("migrate account={} renamed_to={} reason=same_address", log_safe(name),
                  log_safe(other));
        return;
    }
}

void rename_addresses(write_txn& tx) {
    for (const auto& [key, value] : all_rows(tx, table::address)) {
        const auto name = spelled(key);
        if (name == key) continue;
        tx.remove(table::address, key);
        if (const auto there = tx.get(table::address, name))
            give_way(tx, name, std::string(*there));
        if (value.front() == static_cast<char>(address_kind::alias))
            tx.put(table::address, name, value);
        else
            rename_account(tx, value, name);
    }
}

void rename_targets(write_txn& tx) {
    for (const auto& [key, value] : all_rows(tx, table::address)) {
        if (value.front() != static_cast<char>(address_kind::alias)) continue;
        auto row = decode_alias(key, std::string_view(value).substr(1));
        spell_each(row.targets);
        tx.put(table::address, key, value.front() + encode_alias(row));
    }
    for (const auto& [key, value] : all_rows(tx, table::account)) {
        const account_id id(load_be<std::uint32_t>(key.data()));
        auto row = decode_account(id, value);
        spell_each(row.forwards);
        tx.put(table::account, key, encode_account(row));
    }
}

/// The index of what is shared with a whole domain has its name in the key.
void index_anyone_again(write_txn& tx) {
    constexpr account_id anyone_of_domain{};
    const auto prefix = account_key(anyone_of_domain);
    for (const auto& [key, value] : all_rows(tx, table::granted))
        if (std::string_view(key).starts_with(std::string_view(prefix)))
            tx.remove(table::granted, key);
    for (const auto& [key, value] : all_rows(tx, table::rights)) {
        const mailbox_key box{account_id(load_be<std::uint32_t>(key.data())),
                              mailbox_id(load_be<std::uint32_t>(key.data() + 4))};
        if (load_be<std::uint32_t>(key.data() + 8) != anyone_of_domain.value()) continue;
        const auto owner = tx.get(table::account, account_key(box.account));
        if (!owner) continue;
        const auto name = decode_account(box.account, *owner).name;
        tx.put(table::granted, granted_key(anyone_of_domain, address::domain_of(name), box), "");
    }
}

void rename_subscriptions(write_txn& tx) {
    constexpr std::string_view shared = "Shared/";
    for (const auto& [key, value] : all_rows(tx, table::subscription)) {
        const auto name = std::string_view(key).substr(4);
        if (!name.starts_with(shared)) continue;
        const auto slash = name.find('/', std::max(shared.size(), name.find('@')));
        const auto owner = name.substr(0, slash).substr(shared.size());
        const auto made = spelled(std::string(owner));
        if (made == owner) continue;
        std::string other(shared);
        other += made;
        if (slash != std::string_view::npos) other += name.substr(slash);
        const account_id whose(load_be<std::uint32_t>(key.data()));
        tx.remove(table::subscription, key);
        tx.put(table::subscription, name_key(whose, other), value);
    }
}

void rename_removed(write_txn& tx) {
    for (const auto& [key, value] : all_rows(tx, table::removed)) {
        auto row = decode_removed(value);
        row.name = spelled(row.name);
        tx.put(table::removed, key, encode(row));
    }
}

void rename_queued(write_txn& tx) {
    for (const auto& [key, value] : all_rows(tx, table::queue)) {
        auto row = decode_queue_8(value);
        row.item.reverse_path = address::with_a_labels(row.item.reverse_path);
        for (auto& recipient : row.item.recipients)
            recipient.to = address::with_a_labels(recipient.to);
        tx.put(table::queue, key, encode(row));
    }
}

}  // namespace

void spell_domains_in_a_labels(write_txn& tx) {
    rename_domains(tx);
    rename_addresses(tx);
    rename_targets(tx);
    index_anyone_again(tx);
    rename_subscriptions(tx);
    rename_removed(tx);
    rename_queued(tx);
}

}  // namespace hauspost::storage::lmdb
