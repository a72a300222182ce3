#include "storage/lmdb/owner_office.hpp"

#include "storage/lmdb/owner_rows.hpp"

#include <algorithm>
#include <utility>

namespace hauspost::storage::lmdb {
namespace {

bool is_within_bounds(const owner& row) {
    return row.password_hash.size() <= owner::max_hash_octets &&
           row.totp_key.reveal().size() <= owner::max_key_octets &&
           row.recovery_codes.size() <= owner::max_recovery_codes &&
           row.language.size() <= owner::max_language_octets &&
           (!row.is_totp_on || !row.totp_key.empty());
}

/// Takes the proof's second factor, where there is one to be shown, out of the row.
sign_in_end spend(owner& row, const owner_proof& proof) {
    if (!row.is_totp_on) return sign_in_end::opened;
    if (proof.recovery_code) {
        const auto had = std::erase(row.recovery_codes, *proof.recovery_code);
        return had == 0 ? sign_in_end::code_used : sign_in_end::opened;
    }
    if (proof.totp_step == 0) return sign_in_end::changed_meanwhile;  // it was switched on just now
    // RFC 6238 5.2: a code is good once; older ones are none any more.
    if (proof.totp_step <= row.totp_step) return sign_in_end::code_used;
    row.totp_step = proof.totp_step;
    return sign_in_end::opened;
}

}  // namespace

awaitable<owner> owner_office::find_owner() {
    read_txn tx(core_.env);
    co_return owner_rows::find_owner(tx);
}

awaitable<std::optional<setup_link>> owner_office::find_setup_link() {
    read_txn tx(core_.env);
    co_return owner_rows::find_link(tx);
}

awaitable<std::optional<web_session>> owner_office::find_session(sha256_digest key) {
    read_txn tx(core_.env);
    co_return owner_rows::find_session(tx, key);
}

awaitable<std::vector<web_session>> owner_office::list_sessions() {
    read_txn tx(core_.env);
    auto all = owner_rows::sessions_of(tx);
    std::sort(all.begin(), all.end(),
              [](const auto& one, const auto& other) { return one.made_at > other.made_at; });
    co_return all;
}

awaitable<error_code> owner_office::change_owner(owner wanted, std::optional<web_session> opened) {
    if (!is_within_bounds(wanted)) co_return make_error_code(errc::invalid_name);
    auto work = [&](write_context& context) -> error_code {
        const auto there = owner_rows::find_owner(context.tx);
        if (there.version != wanted.version) return make_error_code(errc::changed_meanwhile);
        if (there.password_hash != wanted.password_hash) owner_rows::shut(context.tx);
        owner_rows::put_owner(context.tx, wanted);
        if (opened) owner_rows::open_session(context.tx, *opened, {});
        context.office.sessions = true;
        return {};
    };
    co_return co_await core_.writer->run(std::move(work));
}

awaitable<error_code> owner_office::reset_owner(setup_link fresh) {
    auto work = [&](write_context& context) -> error_code {
        const auto there = owner_rows::find_owner(context.tx);
        owner bare;
        bare.version = there.version;
        bare.language = there.language;
        owner_rows::shut(context.tx);
        owner_rows::put_owner(context.tx, std::move(bare));
        context.office.sessions = true;
        context.tx.put(table::owner, owner_rows::setup_key, owner_rows::encode(fresh));
        return {};
    };
    co_return co_await core_.writer->run(std::move(work));
}

awaitable<error_code> owner_office::put_setup_link(setup_link fresh) {
    auto work = [&](write_context& context) -> error_code {
        if (owner_rows::find_owner(context.tx).has_password())
            return make_error_code(errc::not_allowed);
        context.tx.put(table::owner, owner_rows::setup_key, owner_rows::encode(fresh));
        return {};
    };
    co_return co_await core_.writer->run(std::move(work));
}

awaitable<error_code> owner_office::open_setup(sha256_digest digest,
                                               web_session opened,
                                               session_limits limits) {
    auto work = [&](write_context& context) -> error_code {
        const auto link = owner_rows::find_link(context.tx);
        if (!link || link->digest != digest || link->expires_at <= context.now ||
            owner_rows::find_owner(context.tx).has_password())
            return make_error_code(errc::not_allowed);
        context.tx.remove(table::owner, owner_rows::setup_key);
        opened.is_setup = true;
        owner_rows::open_session(context.tx, opened, limits);
        return {};
    };
    co_return co_await core_.writer->run(std::move(work));
}

awaitable<result<sign_in_end>> owner_office::sign_in(owner_proof proof,
                                                     web_session opened,
                                                     session_limits limits) {
    auto work = [&](write_context& context) -> result<sign_in_end> {
        auto row = owner_rows::find_owner(context.tx);
        if (!row.has_password() || row.password_hash != proof.password_hash)
            return sign_in_end::changed_meanwhile;
        const auto codes = row.recovery_codes.size();
        const auto step = row.totp_step;
        if (const auto end = spend(row, proof); end != sign_in_end::opened) return end;
        if (row.totp_step != step || row.recovery_codes.size() != codes)
            owner_rows::put_owner(context.tx, std::move(row));
        opened.is_setup = false;
        owner_rows::open_session(context.tx, opened, limits);
        context.office.sessions = true;
        return sign_in_end::opened;
    };
    co_return co_await core_.writer->run(std::move(work));
}

awaitable<result<bool>> owner_office::renew_password_hash(std::string old_hash,
                                                          std::string new_hash) {
    if (new_hash.empty() || new_hash.size() > owner::max_hash_octets)
        co_return refusal<result<bool>>(errc::invalid_name);
    auto work = [&](write_context& context) -> result<bool> {
        auto row = owner_rows::find_owner(context.tx);
        if (!row.has_password() || row.password_hash != old_hash) return false;
        row.password_hash = new_hash;
        owner_rows::put_owner(context.tx, std::move(row));
        return true;
    };
    co_return co_await core_.writer->run(std::move(work));
}

awaitable<error_code> owner_office::note_seen(sha256_digest key, std::int64_t now) {
    auto work = [&](write_context& context) -> error_code {
        auto row = owner_rows::find_session(context.tx, key);
        if (!row || row->seen_at >= now) return {};
        row->seen_at = now;
        context.tx.put(table::web_session, octets_of(key), owner_rows::encode(*row));
        return {};
    };
    co_return co_await core_.writer->run(std::move(work));
}

awaitable<result<bool>> owner_office::end_session(sha256_digest key) {
    auto work = [&](write_context& context) -> result<bool> {
        context.office.sessions = true;
        return context.tx.remove(table::web_session, octets_of(key));
    };
    co_return co_await core_.writer->run(std::move(work));
}

}  // namespace hauspost::storage::lmdb
