#include "storage/lmdb/migrate.hpp"

#include "base/log.hpp"
#include "base/utf8.hpp"
#include "storage/lmdb/annotation_rows.hpp"
#include "storage/lmdb/mailbox_rows.hpp"
#include "storage/lmdb/migrate_domains.hpp"
#include "storage/lmdb/migrate_queue.hpp"
#include "storage/lmdb/name_form.hpp"
#include "storage/lmdb/queue_rows.hpp"
#include "storage/lmdb/schema.hpp"
#include "storage/lmdb/write_context.hpp"

#include <array>
#include <chrono>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace hauspost::storage::lmdb {
namespace {

using step = void (*)(write_txn&);
using rows = std::vector<std::pair<std::string, std::string>>;

/// Up to `most` rows from `from` on; `from` becomes the key to go on with, or "" at the end.
rows read_some(const txn& within, table which, std::string& from, std::size_t most) {
    rows some;
    cursor at(within, which);
    bool more = from.empty() ? at.first() : at.seek(from);
    for (; more && some.size() < most; more = at.next())
        some.emplace_back(at.key(), at.value());
    from = more ? std::string(at.key()) : std::string();
    return some;
}

/// Calls change(row) for each row of a table and writes back what it returns.
template <class Change>
void rewrite(write_txn& tx, table which, Change change) {
    constexpr std::size_t rows_at_once = 10'000;
    std::string from;
    do {
        for (const auto& [key, value] : read_some(tx, which, from, rows_at_once))
            tx.put(which, key, change(key, value));
    } while (!from.empty());
}

constexpr std::size_t account_octets = 4;  // in front of a name in a key

/// Those of a table of names that are not in NFC.
rows rows_to_compose(const txn& within, table which) {
    rows found;
    cursor at(within, which);
    for (bool more = at.first(); more; more = at.next()) {
        const std::string name(at.key().substr(account_octets));
        if (composed(name) != name) found.emplace_back(at.key(), at.value());
    }
    return found;
}

/// 1 -> 2: rows of "vanished" begin with the time they were written, counters of a mailbox end with
/// the modseq from which on the table is complete, and how many ranges it has.
void date_vanished(write_txn& tx) {
    const auto now = std::chrono::system_clock::to_time_t(std::chrono::system_clock::now());
    std::map<std::string, std::uint32_t> ranges;  // by mailbox
    rewrite(tx, table::vanished, [&](const std::string& key, const std::string& value) {
        ranges[key.substr(0, 8)] += static_cast<std::uint32_t>(value.size() / 8);
        std::string dated;
        append_le(dated, static_cast<std::int64_t>(now));
        return dated + value;
    });
    rewrite(tx, table::counters, [&](const std::string& key, const std::string& value) {
        const bool is_account = load_be<std::uint32_t>(key.data() + 4) == 0;
        if (is_account) return value;
        std::string longer = value;
        append_le(longer, std::uint64_t{0});
        append_le(longer, ranges[key]);
        return longer;
    });
}

/// Tables "annotation", "rights" and "granted" came, empty. An older program would leave their rows
/// behind when a mailbox goes.
void add_sharing(write_txn&) {}

/// 3 -> 4: counters of an account end with the octets of its expunged messages; table "removed"
/// came, empty: whose mail was removed before is not known.
void count_expunged(write_txn& tx) {
    std::map<std::string, std::uint64_t> octets;  // by account
    {
        cursor at(tx, table::expunged);
        for (bool more = at.first(); more; more = at.next())
            octets[std::string(at.key().substr(0, 4))] +=
                schema::decode_message(at.value().substr(schema::expunged_row_head)).octets;
    }
    rewrite(tx, table::counters, [&](const std::string& key, const std::string& value) {
        const bool is_account = load_be<std::uint32_t>(key.data() + 4) == 0;
        if (!is_account) return value;
        std::string longer = value;
        append_le(longer, octets[key.substr(0, 4)]);
        octets.erase(key.substr(0, 4));
        return longer;
    });
    for (const auto& [account, left] : octets) {
        schema::account_row of_removed;
        of_removed.expunged_octets = left;
        const account_id id(load_be<std::uint32_t>(account.data()));
        tx.put(table::counters, schema::account_row_key(id), schema::encode(of_removed));
    }
}

/// Gives mailboxes names in NFC. Where two were alike but for that, one gets a number.
/// Returns  new keys of "mailbox_name" by the old ones
std::map<std::string, std::string> compose_mailbox_names(write_txn& tx) {
    std::map<std::string, std::string> renamed;
    for (const auto& [key, id] : rows_to_compose(tx, table::mailbox_name)) {
        const account_id account(load_be<std::uint32_t>(key.data()));
        const mailbox_id mailbox(load_le<std::uint32_t>(id.data()));
        // NFC may be longer than what it is made of, a key may not (LMDB: 511 octets).
        constexpr std::size_t room_for_number = 16;
        auto wanted = composed(key.substr(account_octets));
        if (wanted.size() > max_mailbox_name_octets)
            wanted = utf8::truncated(wanted, max_mailbox_name_octets - room_for_number);
        auto name = wanted;
        for (int n = 2; tx.get(table::mailbox_name, schema::name_key(account, name)); ++n)
            name = wanted + " (" + std::to_string(n) + ")";
        const auto row_key = schema::mailbox_row_key({account, mailbox});
        const auto stored = tx.get(table::mailbox, row_key);
        if (!stored) throw fault("a mailbox has a name and no row");
        auto row = schema::decode_mailbox(*stored);
        row.name = name;
        tx.put(table::mailbox, row_key, schema::encode(row));
        tx.remove(table::mailbox_name, key);
        tx.put(table::mailbox_name, schema::name_key(account, name), id);
        renamed[key] = schema::name_key(account, name);
    }
    return renamed;
}

/// 4 -> 5: names of mailboxes are kept in NFC.
void compose_names(write_txn& tx) {
    const auto renamed = compose_mailbox_names(tx);
    for (const auto& [key, value] : rows_to_compose(tx, table::subscription)) {
        const auto mailbox = renamed.find(key);
        tx.remove(table::subscription, key);
        auto name = composed(key.substr(account_octets));
        if (mailbox != renamed.end())
            tx.put(table::subscription, mailbox->second, value);
        else if (name.size() <= max_mailbox_name_octets)
            tx.put(table::subscription, key.substr(0, account_octets) + name, value);
    }
}

/// 6 -> 7: counters of a mailbox end with the first UID that was \Recent in no session yet, and how
/// many messages that are. Of old mail nobody remembers it: none of it is.
void begin_recent(write_txn& tx) {
    constexpr std::size_t uid_next_at = 32, octets_before = 48;
    rewrite(tx, table::counters, [](const std::string& key, const std::string& value) {
        const bool is_account = load_be<std::uint32_t>(key.data() + 4) == 0;
        if (is_account) return value;
        if (value.size() < octets_before) throw fault("damaged row in table counters");
        std::string longer = value.substr(0, octets_before);
        append_le(longer, load_le<std::uint32_t>(value.data() + uid_next_at));
        append_le(longer, std::uint32_t{0});
        return longer;
    });
}

/// 7 -> 8: annotations begin with the checksum of their value; rows of accounts, aliases and domains
/// end with a version.
void add_checksums_and_versions(write_txn& tx) {
    std::map<std::string, std::string> values;  // by mailbox and entry
    {
        cursor at(tx, table::annotation);
        for (bool more = at.first(); more; more = at.next())
            values[std::string(
                at.key().substr(0, at.key().size() - schema::annotation_key_tail))] += at.value();
    }
    for (const auto& [box_and_entry, value] : values)
        put_annotation(tx, box_and_entry, value);
    rewrite(tx, table::account, [](const std::string& key, const std::string& value) {
        const account_id id(load_be<std::uint32_t>(key.data()));
        return schema::encode_account(schema::decode_account(id, value));
    });
    rewrite(tx, table::domain, [](const std::string& key, const std::string& value) {
        return schema::encode_domain(schema::decode_domain(key, value));
    });
    rewrite(tx, table::address, [](const std::string& key, const std::string& value) {
        if (value.front() != static_cast<char>(schema::address_kind::alias)) return value;
        return value.front() + schema::encode_alias(schema::decode_alias(key, value.substr(1)));
    });
    set_meta_number(tx, "directory_version", 1);
}

/// 9 -> 10: tables of what is sent came, empty; messages in the queue end with the time of their
/// release, accounts with whether what they submit is filed in Sent.
void add_sending(write_txn& tx) {
    rewrite(tx, table::queue, [](const std::string& key, const std::string& value) {
        const queue_id id(load_be<std::uint64_t>(key.data()));
        return queue_rows::encode(queue_rows::decode(id, value));
    });
    rewrite(tx, table::account, [](const std::string& key, const std::string& value) {
        const account_id id(load_be<std::uint32_t>(key.data()));
        return schema::encode_account(schema::decode_account(id, value));
    });
}

/// 10 -> 11: tables of the owner, of those who sit before his page, of what was done, of what passes, of
/// who is shut out, of who signed in, of what the owner has set, and of mailboxes that are gone came,
/// empty: which names those had that went before is not known. Rows of removed accounts end with what they were. With the number a
/// program that does not know all that refuses the store, and loses nobody's password.
void add_owner(write_txn& tx) {
    rewrite(tx, table::removed, [](const std::string&, const std::string& value) {
        return schema::encode(schema::decode_removed(value));
    });
}

/// steps[n] leads from version n+1 to version n+2. Released steps are never changed.
constexpr std::array<step, schema::version - 1> steps{date_vanished,
                                                      add_sharing,
                                                      count_expunged,
                                                      compose_names,
                                                      spell_domains_in_a_labels,
                                                      begin_recent,
                                                      add_checksums_and_versions,
                                                      split_queue,
                                                      add_sending,
                                                      add_owner};

constexpr std::string_view schema_name = "schema";

}  // namespace

void migrate(environment& env) {
    for (;;) {
        write_txn tx(env);
        const auto found = meta_number(tx, schema_name);
        if (found == schema::version) return;
        if (found > schema::version)
            throw fault("the store has format " + std::to_string(found) +
                        ", this program knows up to " + std::to_string(schema::version) +
                        ": start the newer Hauspost that wrote it");
        if (found == 0) {
            set_meta_number(tx, schema_name, schema::version);
        } else {
            steps.at(found - 1)(tx);
            set_meta_number(tx, schema_name, found + 1);
            log::info("migrate from={} to={}", found, found + 1);
        }
        tx.commit();
    }
}

}  // namespace hauspost::storage::lmdb
