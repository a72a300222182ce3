#include "storage/lmdb/sender_rows.hpp"

#include "base/octets.hpp"
#include "storage/errc.hpp"
#include "storage/lmdb/queue_rows.hpp"

#include <xxhash.h>

#include <algorithm>
#include <utility>

namespace hauspost::storage::lmdb {

using namespace schema;

namespace {

constexpr std::uint8_t frozen_bit = 1, told_bit = 2;
constexpr std::size_t day_at = 4, address_at = 8;  // in a key of "correspondent_day"
constexpr std::int64_t day_seconds = 24 * hour_seconds;

std::uint32_t today_at(std::int64_t seconds) {
    return static_cast<std::uint32_t>(std::max<std::int64_t>(0, seconds) / day_seconds);
}

/// Writes down that the account wrote to an address today. False: it had before.
bool remember(write_txn& tx, account_id account, std::uint64_t address, std::uint32_t today) {
    std::string day;
    append_le(day, today);
    const auto key = sender_rows::correspondent_key(account, address);
    const auto stored = tx.get(table::correspondent, key);
    if (stored && stored->size() != day.size()) throw fault("damaged row in table correspondent");
    if (stored && *stored == day) return false;
    const bool is_new = !stored;
    if (stored) {
        const auto before = load_le<std::uint32_t>(stored->data());
        tx.remove(table::correspondent_day, sender_rows::day_key(account, before, address));
    }
    tx.put(table::correspondent, key, day);
    tx.put(table::correspondent_day, sender_rows::day_key(account, today, address), "");
    return is_new;
}

/// The longest unseen; of before a day.
std::size_t forget_oldest(write_txn& tx,
                          account_id account,
                          std::uint32_t before_day,
                          std::size_t most) {
    std::vector<std::string> found;
    {
        const std::string prefix(account_key(account));
        cursor at(tx, table::correspondent_day);
        for (bool more = at.seek(prefix);
             more && at.key().starts_with(prefix) && found.size() < most; more = at.next()) {
            if (sender_rows::day_of(at.key()) >= before_day) break;
            found.emplace_back(at.key());
        }
    }
    for (const auto& key : found) {
        tx.remove(table::correspondent_day, key);
        tx.remove(table::correspondent,
                  sender_rows::correspondent_key(account,
                                                 load_be<std::uint64_t>(key.data() + address_at)));
    }
    return found.size();
}

}  // namespace

namespace sender_rows {

std::string encode(const sender_row& row) {
    std::string out;
    out.push_back(
        static_cast<char>((row.frozen ? frozen_bit : 0) | (row.owner_told ? told_bit : 0)));
    const auto frozen = row.frozen.value_or(frozen_sender());
    out.push_back(static_cast<char>(frozen.reason));
    append_le(out, frozen.since);
    append_le(out, row.correspondents);
    for (const auto& hour : row.hours) {
        append_le(out, hour.begins_at);
        append_le(out, hour.messages);
        append_le(out, hour.recipients);
        append_le(out, hour.new_recipients);
        append_le(out, hour.unknown_recipients);
    }
    return out;
}

sender_row decode(std::string_view octets) {
    octet_reader in(octets);
    sender_row row;
    const auto bits = in.number<std::uint8_t>();
    frozen_sender frozen;
    frozen.reason = static_cast<freeze_reason>(in.number<std::uint8_t>());
    frozen.since = in.number<std::int64_t>();
    if ((bits & frozen_bit) != 0) row.frozen = frozen;
    row.owner_told = (bits & told_bit) != 0;
    row.correspondents = in.number<std::uint32_t>();
    while (in.ok() && !in.rest().empty()) {
        auto& hour = row.hours.emplace_back();
        hour.begins_at = in.number<std::int64_t>();
        hour.messages = in.number<std::uint32_t>();
        hour.recipients = in.number<std::uint32_t>();
        hour.new_recipients = in.number<std::uint32_t>();
        hour.unknown_recipients = in.number<std::uint32_t>();
    }
    if (!in.ok()) throw fault("damaged row in table sender");
    return row;
}

sender_row find(const txn& within, account_id account) {
    const auto found = within.get(table::sender, account_key(account));
    return found ? decode(*found) : sender_row();
}

bool is_frozen(const txn& within, account_id account) {
    const auto found = within.get(table::sender, account_key(account));
    return found && !found->empty() && (found->front() & frozen_bit) != 0;
}

std::vector<sent_hour> hours_of(const sender_row& row, std::int64_t now) {
    const auto first = now - now % hour_seconds - (hours_of_a_day - 1) * hour_seconds;
    auto hours = row.hours;
    std::erase_if(hours, [first](const auto& one) { return one.begins_at < first; });
    return hours;
}

sent_hour& current_hour(std::vector<sent_hour>& hours, std::int64_t now) {
    const auto begins_at = now - now % hour_seconds;
    // A clock that went back counts on in the last hour that it has seen.
    if (hours.empty() || hours.back().begins_at < begins_at)
        hours.emplace_back().begins_at = begins_at;
    return hours.back();
}

std::uint64_t hash_of(std::string_view canonical_address) {
    return XXH3_64bits(canonical_address.data(), canonical_address.size());
}

std::string correspondent_key(account_id account, std::uint64_t address) {
    std::string key(account_key(account));
    append_be(key, address);
    return key;
}

std::string day_key(account_id account, std::uint32_t day, std::uint64_t address) {
    std::string key(account_key(account));
    append_be(key, day);
    append_be(key, address);
    return key;
}

std::uint32_t day_of(std::string_view day_key) {
    return load_be<std::uint32_t>(day_key.data() + day_at);
}

std::set<mail_address> new_ones(const txn& within,
                                account_id account,
                                const std::vector<mail_address>& addresses) {
    std::set<mail_address> found;
    for (const auto& address : addresses)
        if (!within.get(table::correspondent, correspondent_key(account, hash_of(address))))
            found.insert(address);
    return found;
}

}  // namespace sender_rows

void put_sender(write_txn& tx, account_id account, const sender_row& row) {
    tx.put(table::sender, account_key(account), sender_rows::encode(row));
}

error_code refuse_submission(const txn& within, const submission& wanted, std::int64_t now) {
    if (!wanted.account) return {};
    if (!within.get(table::account, account_key(wanted.account)))
        return make_error_code(errc::no_such_account);
    const auto row = sender_rows::find(within, wanted.account);
    if (row.frozen) return make_error_code(errc::sending_frozen);
    sent_hour adding;
    adding.messages = 1;
    adding.recipients = wanted.recipients;
    if (wanted.limits.new_recipients_per_day != 0)
        adding.new_recipients = static_cast<std::uint32_t>(
            sender_rows::new_ones(within, wanted.account, wanted.outside).size());
    if (find_reached(wanted.limits, sender_rows::hours_of(row, now), adding, now))
        return make_error_code(errc::over_sending_limit);
    return {};
}

std::set<mail_address> count_submission(write_context& context,
                                        const submission& sent,
                                        std::uint32_t most) {
    std::set<mail_address> fresh;
    if (!sent.account) return fresh;
    auto row = sender_rows::find(context.tx, sent.account);
    const auto today = today_at(context.now);
    for (const auto& address : sent.outside)
        if (remember(context.tx, sent.account, sender_rows::hash_of(address), today))
            fresh.insert(address);
    row.correspondents += static_cast<std::uint32_t>(fresh.size());
    if (row.correspondents > most)
        row.correspondents -= static_cast<std::uint32_t>(
            forget_oldest(context.tx, sent.account, UINT32_MAX, row.correspondents - most));
    row.hours = sender_rows::hours_of(row, context.now);
    auto& hour = sender_rows::current_hour(row.hours, context.now);
    ++hour.messages;
    hour.recipients += sent.recipients;
    hour.new_recipients += static_cast<std::uint32_t>(fresh.size());
    put_sender(context.tx, sent.account, row);
    return fresh;
}

std::size_t forget_correspondents(write_context& context,
                                  account_id account,
                                  std::uint32_t before_day,
                                  std::size_t most) {
    const auto gone = forget_oldest(context.tx, account, before_day, most);
    if (gone == 0) return 0;
    auto row = sender_rows::find(context.tx, account);
    row.correspondents -= std::min(row.correspondents, static_cast<std::uint32_t>(gone));
    put_sender(context.tx, account, row);
    return gone;
}

void forget_sender(write_context& context, account_id account) {
    auto row = sender_rows::find(context.tx, account);
    if (!row.frozen) {
        context.tx.remove(table::sender, account_key(account));
        return;
    }
    row.hours.clear();
    row.owner_told = true;  // he has removed it
    put_sender(context.tx, account, row);
}

std::size_t release_frozen(write_context& context, account_id account, std::size_t most) {
    constexpr std::size_t account_octets = 4;
    std::vector<recipient_place> found;
    {
        const std::string prefix(account_key(account));
        cursor at(context.tx, table::frozen_mail);
        for (bool more = at.seek(prefix);
             more && at.key().starts_with(prefix) && found.size() < most; more = at.next())
            found.push_back(queue_rows::place_of(at.key().substr(account_octets)));
    }
    queue_edit edit(context.tx);
    for (const auto place : found) {
        const auto item = queue_rows::find(context.tx, place.id);
        const auto row = context.tx.get(table::queue_recipient, queue_rows::recipient_key(place));
        if (!item || !row) throw fault("a frozen recipient is missing in the queue");
        const auto before = queue_rows::decode_recipient(place.number, *row);
        auto after = before;
        after.frozen = false;
        edit.replace(*item, before, after);
    }
    edit.save();
    if (!found.empty()) context.queue_changed = true;
    return found.size();
}

}  // namespace hauspost::storage::lmdb
