#include "storage/lmdb/owner_rows.hpp"

#include "base/octets.hpp"
#include "base/random.hpp"
#include "base/utf8.hpp"
#include "storage/fault.hpp"
#include "storage/owner_store.hpp"

#include <algorithm>
#include <utility>

namespace hauspost::storage::lmdb::owner_rows {
namespace {

[[noreturn]] void refuse_row(const char* which) {
    throw fault(std::string("damaged row in table ") + which);
}

/// Not counted: a copy of the store that is put back would give a number out again.
std::uint64_t new_version(std::uint64_t before) {
    std::uint64_t made = 0;
    while (made == 0 || made == before)
        made = random::number();
    return made;
}

}  // namespace

secret encode(const owner& row) {
    constexpr std::size_t head_and_lengths = 64;
    std::string out;
    // Once: what is given up on growing would keep a part of the key.
    out.reserve(head_and_lengths + row.password_hash.size() + row.totp_key.reveal().size() +
                row.language.size() + row.recovery_codes.size() * sizeof(sha256_digest));
    append_le(out, row.version);
    append_le(out, row.password_changed_at);
    append_le(out, row.totp_step);
    out.push_back(row.is_totp_on ? 1 : 0);
    append_text(out, row.password_hash);
    append_text(out, row.totp_key.reveal());
    append_text(out, row.language);
    for (const auto& one : row.recovery_codes)
        out.append(octets_of(one));
    return secret(std::move(out));
}

owner decode_owner(std::string_view octets) {
    octet_reader in(octets);
    owner row;
    row.version = in.number<std::uint64_t>();
    row.password_changed_at = in.number<std::int64_t>();
    row.totp_step = in.number<std::uint64_t>();
    const auto is_on = in.number<std::uint8_t>();
    row.is_totp_on = is_on != 0;
    row.password_hash = in.text();
    row.totp_key = secret(std::string(in.text()));
    row.language = in.text();
    while (in.ok() && !in.rest().empty())
        if (const auto one = digest_of(in.octets(sizeof(sha256_digest))))
            row.recovery_codes.push_back(*one);
    if (!in.ok() || row.version == 0 || is_on > 1 || (row.is_totp_on && row.totp_key.empty()))
        refuse_row("owner");
    return row;
}

std::string encode(const setup_link& row) {
    std::string out(octets_of(row.digest));
    append_le(out, row.made_at);
    append_le(out, row.expires_at);
    return out;
}

setup_link decode_link(std::string_view octets) {
    octet_reader in(octets);
    setup_link row;
    const auto digest = digest_of(in.octets(sizeof(sha256_digest)));
    row.made_at = in.number<std::int64_t>();
    row.expires_at = in.number<std::int64_t>();
    if (!digest || !in.ok() || !in.rest().empty()) refuse_row("owner");
    row.digest = *digest;
    return row;
}

std::string encode(const web_session& row) {
    std::string out;
    append_le(out, row.made_at);
    append_le(out, row.seen_at);
    out.push_back(row.is_setup ? 1 : 0);
    append_text(out, utf8::truncated(row.address, web_session::max_address_octets));
    append_text(out, utf8::truncated(row.agent, web_session::max_agent_octets));
    return out;
}

web_session decode_session(std::string_view key, std::string_view octets) {
    octet_reader in(octets);
    web_session row;
    const auto digest = digest_of(key);
    row.made_at = in.number<std::int64_t>();
    row.seen_at = in.number<std::int64_t>();
    row.is_setup = in.number<char>() != 0;
    row.address = in.text();
    row.agent = in.text();
    if (!digest || !in.ok() || !in.rest().empty()) refuse_row("web_session");
    row.key = *digest;
    return row;
}

owner find_owner(const txn& within) {
    const auto row = within.get(table::owner, owner_key);
    return row ? decode_owner(*row) : owner();
}

std::optional<setup_link> find_link(const txn& within) {
    const auto row = within.get(table::owner, setup_key);
    if (!row) return std::nullopt;
    return decode_link(*row);
}

std::optional<web_session> find_session(const txn& within, const sha256_digest& key) {
    const auto row = within.get(table::web_session, octets_of(key));
    if (!row) return std::nullopt;
    return decode_session(octets_of(key), *row);
}

std::vector<web_session> sessions_of(const txn& within) {
    std::vector<web_session> all;
    cursor at(within, table::web_session);
    for (bool more = at.first(); more; more = at.next())
        all.push_back(decode_session(at.key(), at.value()));
    return all;
}

void put_owner(write_txn& tx, owner row) {
    row.version = new_version(row.version);
    tx.put(table::owner, owner_key, encode(row).reveal());
}

void open_session(write_txn& tx, const web_session& row, const session_limits& limits) {
    auto all = sessions_of(tx);
    std::erase_if(all, [&](const auto& one) {
        if (!limits.is_over(one)) return false;
        tx.remove(table::web_session, octets_of(one.key));
        return true;
    });
    std::sort(all.begin(), all.end(),
              [](const auto& one, const auto& other) { return one.seen_at < other.seen_at; });
    for (std::size_t n = 0; all.size() - n >= owner_store::max_sessions; ++n)
        tx.remove(table::web_session, octets_of(all[n].key));
    tx.put(table::web_session, octets_of(row.key), encode(row));
}

void shut(write_txn& tx) {
    for (const auto& one : sessions_of(tx))
        tx.remove(table::web_session, octets_of(one.key));
    tx.remove(table::owner, setup_key);
}

}  // namespace hauspost::storage::lmdb::owner_rows
