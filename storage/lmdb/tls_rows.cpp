#include "storage/lmdb/tls_rows.hpp"

#include "base/octets.hpp"

#include <algorithm>
#include <cstdint>
#include <optional>

namespace hauspost::storage::lmdb::tls_rows {
namespace {

constexpr std::size_t max_domain_octets = 253;  // RFC 1035 2.3.4
// Together they stay below schema::max_value_octets.
constexpr std::size_t max_lines_octets = 600;
constexpr std::size_t max_text_octets = 64;
constexpr std::size_t number_octets = 2;

[[noreturn]] void refuse_row(const char* which) {
    throw fault(std::string("damaged row in table ") + which);
}

std::string result_key(const tls_day& of, std::uint16_t number) {
    auto key = day_key(of);
    append_be(key, number);
    return key;
}

std::string encode_result(const tls_result& row) {
    std::string out;
    append_le(out, row.sessions);
    append_text(out, row.policy_type);
    append_text(out, row.policy_lines);
    append_text(out, row.mx_hosts);
    append_text(out, row.failure);
    append_text(out, row.mx);
    append_text(out, row.address);
    return out;
}

void bound(tls_result& one) {
    const auto cut = [](std::string& text, std::size_t most) {
        if (text.size() > most) text.resize(most);
    };
    cut(one.policy_lines, max_lines_octets);
    cut(one.mx_hosts, max_lines_octets);
    cut(one.mx, max_domain_octets);
    for (auto* text : {&one.policy_type, &one.failure, &one.address})
        cut(*text, max_text_octets);
}

bool is_alike(const tls_result& a, const tls_result& b) {
    return a.policy_type == b.policy_type && a.failure == b.failure &&
           a.policy_lines == b.policy_lines && a.mx_hosts == b.mx_hosts;
}

bool is_same(const tls_result& a, const tls_result& b) {
    return is_alike(a, b) && a.mx == b.mx && a.address == b.address;
}

/// Rows of a day and domain, with their keys.
struct keyed_result {
    std::string key;
    tls_result row;
};

std::vector<keyed_result> rows_of(const txn& within, const tls_day& of) {
    std::vector<keyed_result> found;
    const auto prefix = day_key(of);
    cursor at(within, table::tls_result);
    for (bool more = at.seek(prefix); more && at.key().starts_with(prefix); more = at.next())
        found.push_back({std::string(at.key()), decode_result(at.key(), at.value())});
    return found;
}

}  // namespace

std::string encode(const kept_policy& row) {
    std::string out;
    append_le(out, row.fetched_at);
    append_le(out, row.expires_at);
    append_text(out, row.id);
    append_text(out, row.text);
    return out;
}

kept_policy decode_policy(std::string_view domain, std::string_view octets) {
    octet_reader in(octets);
    kept_policy row;
    row.domain = domain;
    row.fetched_at = in.number<std::int64_t>();
    row.expires_at = in.number<std::int64_t>();
    row.id = in.text();
    row.text = in.text();
    if (!in.ok() || !in.rest().empty()) refuse_row("tls_policy");
    return row;
}

std::string day_key(const tls_day& of) {
    std::string key;
    append_be(key, of.day);
    key += of.domain;
    key.push_back('\0');
    return key;
}

tls_result decode_result(std::string_view key, std::string_view octets) {
    constexpr auto head = sizeof(std::uint32_t);
    constexpr auto tail = number_octets + 1;
    if (key.size() <= head + tail || key[key.size() - tail] != '\0') refuse_row("tls_result");
    octet_reader in(octets);
    tls_result row;
    row.day = load_be<std::uint32_t>(key.data());
    row.domain = key.substr(head, key.size() - head - tail);
    row.sessions = in.number<std::uint64_t>();
    row.policy_type = in.text();
    row.policy_lines = in.text();
    row.mx_hosts = in.text();
    row.failure = in.text();
    row.mx = in.text();
    row.address = in.text();
    if (!in.ok() || !in.rest().empty()) refuse_row("tls_result");
    return row;
}

void count(write_txn& tx, tls_result one) {
    if (one.domain.empty() || one.domain.size() > max_domain_octets ||
        one.domain.find('\0') != std::string::npos)
        return;
    bound(one);
    tls_day of;
    of.day = one.day;
    of.domain = one.domain;
    auto rows = rows_of(tx, of);
    const bool is_room = rows.size() < tls_store::max_results_of_day &&
                         tx.count(table::tls_result) < tls_store::max_results;
    auto found = std::ranges::find_if(rows, [&](const auto& at) { return is_same(at.row, one); });
    if (found == rows.end() && !is_room)
        found = std::ranges::find_if(rows, [&](const auto& at) { return is_alike(at.row, one); });
    if (found != rows.end()) {
        found->row.sessions += one.sessions;
        tx.put(table::tls_result, found->key, encode_result(found->row));
    } else if (is_room) {
        const auto number = static_cast<std::uint16_t>(rows.size());
        tx.put(table::tls_result, result_key(of, number), encode_result(one));
    }
}

std::vector<tls_result> results_of(const txn& within, const tls_day& of) {
    std::vector<tls_result> found;
    for (auto& one : rows_of(within, of))
        found.push_back(std::move(one.row));
    return found;
}

void remove_results(write_txn& tx, const tls_day& of) {
    for (const auto& one : rows_of(tx, of))
        tx.remove(table::tls_result, one.key);
}

void make_room_for_policy(write_txn& tx, std::int64_t now) {
    if (tx.count(table::tls_policy) < tls_store::max_policies) return;
    std::vector<std::string> expired;
    std::string oldest;
    std::int64_t oldest_at = INT64_MAX;
    {
        cursor at(tx, table::tls_policy);
        for (bool more = at.first(); more; more = at.next()) {
            const auto row = decode_policy(at.key(), at.value());
            if (row.expires_at <= now) expired.push_back(row.domain);
            if (row.fetched_at >= oldest_at) continue;
            oldest = row.domain;
            oldest_at = row.fetched_at;
        }
    }
    for (const auto& domain : expired)
        tx.remove(table::tls_policy, domain);
    if (expired.empty()) tx.remove(table::tls_policy, oldest);
}

}  // namespace hauspost::storage::lmdb::tls_rows
