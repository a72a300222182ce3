#include "tests/storage/older_formats.hpp"

#include "storage/lmdb/env.hpp"
#include "storage/lmdb/migrate_queue.hpp"
#include "storage/lmdb/queue_rows.hpp"
#include "storage/lmdb/schema.hpp"
#include "storage/lmdb/write_context.hpp"

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace hauspost::storage::test {

using namespace lmdb;

namespace {

constexpr std::size_t account_counters_before_4 = 32;

/// Until format 11 nobody remembered them.
void forget_gone_mailboxes(write_txn& tx) {
    std::vector<std::string> keys;
    {
        cursor at(tx, table::gone_mailbox);
        for (bool more = at.first(); more; more = at.next())
            keys.emplace_back(at.key());
    }
    for (const auto& key : keys)
        tx.remove(table::gone_mailbox, key);
}

}  // namespace

void make_version_6(const lmdb::store_options& options) {
    environment env(options.data_dir / "meta", options.map_octets);
    write_txn tx(env);
    std::vector<std::pair<std::string, std::string>> counters;
    {
        cursor at(tx, table::counters);
        for (bool more = at.first(); more; more = at.next())
            if (load_be<std::uint32_t>(at.key().data() + 4) != 0)
                counters.emplace_back(at.key(), at.value().substr(0, 48));
    }
    for (const auto& [key, value] : counters)
        tx.put(table::counters, key, value);
    set_meta_number(tx, "schema", 6);
    tx.commit();
}

void make_version_7(const lmdb::store_options& options) {
    constexpr std::size_t version_octets = 8, since_10_octets = 1;
    environment env(options.data_dir / "meta", options.map_octets);
    write_txn tx(env);
    std::map<std::string, std::string> values;  // by mailbox and entry
    std::vector<std::pair<table, std::pair<std::string, std::string>>> shorter;
    {
        cursor at(tx, table::annotation);
        for (bool more = at.first(); more; more = at.next())
            values[std::string(at.key().substr(0, at.key().size() - 3))] += at.value();
        for (const auto which : {table::account, table::address, table::domain}) {
            cursor rows(tx, which);
            for (bool more = rows.first(); more; more = rows.next()) {
                const auto value = rows.value();
                if (which == table::address && value.front() != 2) continue;
                const auto later = version_octets + (which == table::account ? since_10_octets : 0);
                shorter.push_back({which,
                                   {std::string(rows.key()),
                                    std::string(value.substr(0, value.size() - later))}});
            }
        }
    }
    for (const auto& [which, row] : shorter)
        tx.put(which, row.first, row.second);
    for (const auto& [key, value] : values) {
        const std::string_view old = std::string_view(value).substr(schema::annotation_head);
        for (char n = 0; tx.remove(table::annotation, key + std::string(2, '\0') + n); ++n) {
        }
        for (std::size_t n = 0; n == 0 || n * schema::max_value_octets < old.size(); ++n)
            tx.put(table::annotation, key + std::string(2, '\0') + static_cast<char>(n),
                   old.substr(n * schema::max_value_octets, schema::max_value_octets));
    }
    tx.remove(table::meta, "directory_version");
    set_meta_number(tx, "schema", 7);
    tx.commit();
}

void make_version_3(const lmdb::store_options& options) {
    environment env(options.data_dir / "meta", options.map_octets);
    write_txn tx(env);
    std::vector<std::pair<std::string, std::string>> counters;
    std::vector<std::string> removed;
    {
        cursor at(tx, table::counters);
        for (bool more = at.first(); more; more = at.next())
            if (load_be<std::uint32_t>(at.key().data() + 4) == 0)
                counters.emplace_back(at.key(), at.value().substr(0, account_counters_before_4));
        cursor gone(tx, table::removed);
        for (bool more = gone.first(); more; more = gone.next())
            removed.emplace_back(gone.key());
    }
    for (const auto& [key, value] : counters)
        tx.put(table::counters, key, value);
    for (const auto& key : removed) {
        tx.remove(table::removed, key);
        tx.remove(table::counters, key + std::string(4, '\0'));
    }
    forget_gone_mailboxes(tx);
    set_meta_number(tx, "schema", 3);
    tx.commit();
}

void make_version_1(const lmdb::store_options& options) {
    make_version_3(options);
    environment env(options.data_dir / "meta", options.map_octets);
    write_txn tx(env);
    std::vector<std::pair<std::string, std::string>> vanished, counters;
    {
        cursor at(tx, table::vanished);
        for (bool more = at.first(); more; more = at.next())
            vanished.emplace_back(at.key(), at.value().substr(8));
        cursor box(tx, table::counters);
        for (bool more = box.first(); more; more = box.next())
            if (load_be<std::uint32_t>(box.key().data() + 4) != 0)
                counters.emplace_back(box.key(), box.value().substr(0, 36));
    }
    for (const auto& [key, value] : vanished)
        tx.put(table::vanished, key, value);
    for (const auto& [key, value] : counters)
        tx.put(table::counters, key, value);
    set_meta_number(tx, "schema", 1);
    tx.commit();
}

void make_version_8(const lmdb::store_options& options) {
    environment env(options.data_dir / "meta", options.map_octets);
    write_txn tx(env);
    std::map<std::string, queue_row_8> rows;
    {
        cursor at(tx, table::queue);
        for (bool more = at.first(); more; more = at.next()) {
            const queue_id id(load_be<std::uint64_t>(at.key().data()));
            auto& row = rows[std::string(at.key())];
            row.item = queue_rows::decode(id, at.value());
            row.item.recipients = queue_rows::recipients_of(tx, id);
            row.due_at = row.item.recipients.front().due_at;
            row.held = row.item.recipients.front().held;
        }
    }
    for (const auto which : {table::queue_recipient, table::due, table::track, table::track_due}) {
        std::vector<std::string> keys;
        {
            cursor at(tx, which);
            for (bool more = at.first(); more; more = at.next())
                keys.emplace_back(at.key());
        }
        for (const auto& key : keys)
            tx.remove(which, key);
    }
    for (const auto& [key, row] : rows) {
        std::string due;
        append_be(due, static_cast<std::uint64_t>(row.due_at));
        tx.put(table::due, due + key, "");
        tx.put(table::queue, key, encode(row));
    }
    set_meta_number(tx, "schema", 8);
    tx.commit();
}

void take_back_accounts_to_9(const lmdb::store_options& options) {
    environment env(options.data_dir / "meta", options.map_octets);
    write_txn tx(env);
    std::map<std::string, std::string> rows;
    {
        cursor at(tx, table::account);
        for (bool more = at.first(); more; more = at.next())
            rows[std::string(at.key())] = at.value().substr(0, at.value().size() - 1);
    }
    for (const auto& [key, row] : rows)
        tx.put(table::account, key, row);
    set_meta_number(tx, "schema", 9);
    tx.commit();
}

void make_version_10(const lmdb::store_options& options) {
    environment env(options.data_dir / "meta", options.map_octets);
    write_txn tx(env);
    std::map<std::string, std::string> removed;
    {
        cursor at(tx, table::removed);
        for (bool more = at.first(); more; more = at.next()) {
            const auto name_octets = load_le<std::uint32_t>(at.value().data());
            removed[std::string(at.key())] = at.value().substr(0, 4 + name_octets + 16);
        }
    }
    for (const auto& [key, row] : removed)
        tx.put(table::removed, key, row);
    forget_gone_mailboxes(tx);
    set_meta_number(tx, "schema", 10);
    tx.commit();
}

}  // namespace hauspost::storage::test
