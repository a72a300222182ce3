#include "storage/lmdb/traffic_rows.hpp"

#include "base/octets.hpp"
#include "storage/fault.hpp"
#include "storage/traffic_store.hpp"

#include <algorithm>
#include <string>

namespace hauspost::storage::lmdb::traffic_rows {
namespace {

constexpr std::int64_t hour_seconds = 3600;

std::uint64_t hour_of(std::int64_t now) {
    return static_cast<std::uint64_t>(std::max<std::int64_t>(0, now) / hour_seconds);
}

std::string key_of(std::uint64_t hour) {
    std::string key;
    append_be(key, hour);
    return key;
}

std::string encode(const traffic& passed) {
    std::string out;
    for (const auto number : {passed.received, passed.submitted, passed.refused, passed.delivered,
                              passed.failed, passed.sign_ins, passed.wrong_passwords})
        append_le(out, number);
    return out;
}

void forget_before(write_txn& tx, std::uint64_t hour) {
    std::vector<std::string> old;
    {
        cursor at(tx, table::traffic);
        const auto end = key_of(hour);
        for (bool is_there = at.first(); is_there && at.key() < end; is_there = at.next())
            old.emplace_back(at.key());
    }
    for (const auto& key : old)
        tx.remove(table::traffic, key);
}

}  // namespace

hourly_traffic decode(std::string_view key, std::string_view octets) {
    octet_reader in(octets);
    hourly_traffic row;
    for (auto* number :
         {&row.passed.received, &row.passed.submitted, &row.passed.refused, &row.passed.delivered,
          &row.passed.failed, &row.passed.sign_ins, &row.passed.wrong_passwords})
        *number = in.number<std::uint64_t>();
    if (!in.ok() || !in.rest().empty() || key.size() != sizeof(std::uint64_t))
        throw fault("damaged row in table traffic");
    row.begins_at = static_cast<std::int64_t>(load_be<std::uint64_t>(key.data())) * hour_seconds;
    return row;
}

void add(write_txn& tx, std::int64_t now, const traffic& passed) {
    const auto hour = hour_of(now);
    const auto key = key_of(hour);
    auto sum = passed;
    if (const auto found = tx.get(table::traffic, key))
        sum += decode(key, *found).passed;
    else if (hour > static_cast<std::uint64_t>(traffic_store::hours_kept))
        forget_before(tx, hour - static_cast<std::uint64_t>(traffic_store::hours_kept));
    tx.put(table::traffic, key, encode(sum));
}

std::vector<hourly_traffic> read(const txn& within, std::int64_t since) {
    std::vector<hourly_traffic> found;
    cursor at(within, table::traffic);
    for (bool is_there = at.seek(key_of(hour_of(since))); is_there; is_there = at.next())
        found.push_back(decode(at.key(), at.value()));
    return found;
}

}  // namespace hauspost::storage::lmdb::traffic_rows
