#include "storage/lmdb/directory.hpp"

#include "base/address.hpp"
#include "storage/lmdb/account_rename.hpp"
#include "storage/lmdb/directory_rows.hpp"
#include "storage/lmdb/expunged_rows.hpp"
#include "storage/lmdb/forward_rows.hpp"
#include "storage/lmdb/mailbox_rows.hpp"
#include "storage/lmdb/right_records.hpp"
#include "storage/lmdb/rights_rows.hpp"
#include "storage/lmdb/sender_rows.hpp"
#include "storage/lmdb/sign_in_rows.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>

namespace hauspost::storage::lmdb {

using namespace schema;

namespace {

constexpr std::uint64_t uid_validity_apart = 64;  // of the INBOXes of two accounts, at least

bool is_address(std::string_view name) {
    return name.size() <= max_address_octets && !address::local_part_of(name).empty() &&
           !address::domain_of(name).empty();
}

account_usage usage_of(const txn& within, account_id id) {
    const auto totals = find_totals(within, id);
    if (!totals) return {};
    return {totals->octets, totals->messages};
}

/// Who may lead elsewhere; "": nobody.
std::string forwarder_in(const met_address& met) {
    if (const auto* row = std::get_if<account>(&met.entry))
        return row->forwards.empty() ? std::string() : row->name;
    if (const auto* row = std::get_if<alias>(&met.entry)) return row->name;
    return met.domain->catch_all.empty() ? std::string() : catch_all_name(met.domain->name);
}

bool has_domain(const txn& within, std::string_view name) {
    return within.get(table::domain, address::domain_of(name)).has_value();
}

}  // namespace

awaitable<directory_entry> directory::find_address(std::string name) {
    read_txn tx(core_.env);
    co_return read_address(tx, name);
}

awaitable<std::optional<account>> directory::find_account(account_id id) {
    read_txn tx(core_.env);
    co_return find_account_row(tx, id);
}

awaitable<std::optional<domain>> directory::find_domain(std::string name) {
    read_txn tx(core_.env);
    co_return find_domain_row(tx, name);
}

awaitable<met_address> directory::find_recipient(std::vector<mail_address> names) {
    met_address met;
    read_txn tx(core_.env);
    met.domain = find_domain_row(tx, address::domain_of(names.front()));
    if (!met.domain) co_return met;
    for (const auto& name : names) {
        met.entry = read_address(tx, name);
        if (!std::holds_alternative<std::monostate>(met.entry)) break;
    }
    if (const auto* row = std::get_if<account>(&met.entry))
        if (row->quota_octets != 0) met.usage = usage_of(tx, row->id);
    if (const auto by = forwarder_in(met); !by.empty()) met.suspended = suspended_targets(tx, by);
    co_return met;
}

awaitable<std::vector<account_usage>> directory::usages(std::vector<account_id> ids) {
    std::vector<account_usage> all;
    all.reserve(ids.size());
    read_txn tx(core_.env);
    for (const auto id : ids)
        all.push_back(usage_of(tx, id));
    co_return all;
}

/// Page by page, and others have their turn between two pages.
awaitable<std::optional<account>> directory::first_account(std::string domain) {
    constexpr std::size_t page = 200;
    std::string after;
    for (;;) {
        auto accounts = co_await list_accounts(after, page);
        for (auto& one : accounts)
            if (one.active && (domain.empty() || address::domain_of(one.name) == domain))
                co_return std::move(one);
        if (accounts.size() < page) co_return std::nullopt;
        after = accounts.back().name;
        co_await asio::post(asio::use_awaitable);
    }
}

awaitable<std::vector<account>> directory::list_accounts(std::string after, std::size_t limit) {
    std::vector<account> found;
    read_txn tx(core_.env);
    cursor at(tx, table::address);
    bool more = after.empty() ? at.first() : at.seek(after);
    for (; more && found.size() < limit; more = at.next()) {
        if (at.key() == after || at.value().front() != static_cast<char>(address_kind::account))
            continue;
        octet_reader in(at.value().substr(1));
        auto row = find_account_row(tx, account_id(in.number<std::uint32_t>()));
        if (!row) throw fault("an address refers to an account that is missing");
        found.push_back(std::move(*row));
    }
    co_return found;
}

awaitable<std::vector<alias>> directory::list_aliases(std::string after, std::size_t limit) {
    std::vector<alias> found;
    read_txn tx(core_.env);
    cursor at(tx, table::address);
    bool more = after.empty() ? at.first() : at.seek(after);
    for (; more && found.size() < limit; more = at.next()) {
        if (at.key() == after || at.value().front() != static_cast<char>(address_kind::alias))
            continue;
        found.push_back(decode_alias(at.key(), at.value().substr(1)));
    }
    co_return found;
}

awaitable<std::vector<domain>> directory::list_domains() {
    std::vector<domain> found;
    read_txn tx(core_.env);
    cursor at(tx, table::domain);
    for (bool more = at.first(); more; more = at.next())
        found.push_back(decode_domain(at.key(), at.value()));
    co_return found;
}

awaitable<result<account_id>> directory::add_account(account wanted) {
    if (!is_address(wanted.name)) co_return fail(errc::invalid_name);
    auto work = [&](write_context& context) -> result<account_id> {
        if (!has_domain(context.tx, wanted.name)) return fail(errc::no_such_domain);
        if (context.tx.get(table::address, wanted.name)) return fail(errc::already_exists);
        const auto next = std::max<std::uint64_t>(1, meta_number(context.tx, "next_account"));
        set_meta_number(context.tx, "next_account", next + 1);
        wanted.id = account_id(static_cast<std::uint32_t>(next));
        if (wanted.created_at == 0) wanted.created_at = context.now;
        put_account_and_address(context, wanted);
        // UIDVALIDITY starts at the time of making, and above what any removed account had, so that
        // an account made anew under the same name never repeats one (RFC 9051 2.3.1.1). Not the
        // same for two accounts of one second: one may get the other's name (rename_account).
        account_row totals;
        totals.next_mailbox = inbox.value();
        totals.next_uid_validity = static_cast<std::uint32_t>(std::max<std::uint64_t>(
            static_cast<std::uint64_t>(std::max<std::int64_t>(1, context.now)),
            meta_number(context.tx, "next_uid_validity")));
        set_meta_number(context.tx, "next_uid_validity",
                        totals.next_uid_validity + uid_validity_apart);
        context.tx.put(table::counters, account_row_key(wanted.id), encode(totals));
        account_edit edit(context, wanted.id);
        make_first_mailboxes(context, edit, wanted.id);
        edit.save();
        return wanted.id;
    };
    co_return co_await core_.writer->run(std::move(work));
}

awaitable<error_code> directory::change_account(account_id id, account_change change) {
    auto work = [&](write_context& context) -> error_code {
        const auto old = find_account_row(context.tx, id);
        if (!old) return make_error_code(errc::no_such_account);
        if (change.is_outdated(*old)) return make_error_code(errc::changed_meanwhile);
        // Runs again when the batch it is in has to be repeated: nothing is taken out of `change`.
        const auto row = change.applied_to(*old);
        put_account(context, row);
        if (row.password_hash != old->password_hash || row.active != old->active)
            context.credentials_changed.push_back(id);
        return {};
    };
    co_return co_await core_.writer->run(std::move(work));
}

awaitable<result<bool>> directory::renew_password_hash(account_id id,
                                                       std::string old_hash,
                                                       std::string new_hash) {
    auto work = [&](write_context& context) -> result<bool> {
        auto row = find_account_row(context.tx, id);
        if (!row) return refusal<result<bool>>(errc::no_such_account);
        if (row->password_hash != old_hash) return false;
        row->password_hash = new_hash;
        put_account(context, *row);
        return true;
    };
    co_return co_await core_.writer->run(std::move(work));
}

namespace {

/// One slice of what a large account leaves behind: all in one transaction would hold up all other
/// writers. Broken off after one, the account is there, switched off, with fewer mailboxes, and the
/// command can be said again. False: the rest fits into this transaction.
bool remove_slice(write_context& context, account row) {
    constexpr std::size_t mailboxes_per_slice = 200;
    constexpr std::size_t grants_per_slice = 500, correspondents_per_slice = 500;
    if (!begin_some_removals(context, row.id, mailboxes_per_slice) &&
        drop_grants_to(context, row.id, grants_per_slice) < grants_per_slice &&
        forget_correspondents(context, row.id, UINT32_MAX, correspondents_per_slice) <
            correspondents_per_slice)
        return false;
    if (!row.active) return true;
    row.active = false;
    put_account(context, row);
    context.credentials_changed.push_back(row.id);
    return true;
}

}  // namespace

awaitable<error_code> directory::remove_account(account_id id) {
    const auto begun_at = std::chrono::system_clock::to_time_t(core_.time().now());
    // Whether there is more to do.
    auto work = [&](write_context& context) -> result<bool> {
        const auto old = find_account_row(context.tx, id);
        if (!old) return refusal<result<bool>>(errc::no_such_account);
        if (remove_slice(context, *old)) return true;
        if (const auto totals = find_totals(context.tx, id))
            set_meta_number(context.tx, "next_uid_validity",
                            std::max<std::uint64_t>(totals->next_uid_validity,
                                                    meta_number(context.tx, "next_uid_validity")));
        begin_account_removal(context, id);
        note_removed_account(context, *old, begun_at);
        remove_address(context, old->name);
        remove_account_row(context, id);
        forget_sender(context, id);
        forget_bans(context.tx, core_.bans, old->name);
        sign_in_rows::forget(context.tx, id);
        context.credentials_changed.push_back(id);
        return false;
    };
    for (bool more = true; more;) {
        const auto done = co_await core_.writer->run(work);
        if (!done) co_return done.error();
        more = *done;
        core_.janitor->note_removal();
    }
    co_return error_code();
}

awaitable<result<std::size_t>> directory::rename_account(mail_address from,
                                                         mail_address to,
                                                         bool keep_alias) {
    if (!is_address(from)) co_return fail(errc::no_such_account);
    if (!is_address(to)) co_return fail(errc::invalid_name);
    auto work = [&](write_context& context) -> result<std::size_t> {
        if (!has_domain(context.tx, to)) return fail(errc::no_such_domain);
        auto renamed = lmdb::rename_account(context, from, to, keep_alias);
        // Nobody signs in by the old name any more, and nobody has tried the new one.
        if (renamed) forget_bans(context.tx, core_.bans, from);
        return renamed;
    };
    co_return co_await core_.writer->run(std::move(work));
}

awaitable<error_code> directory::add_alias(alias wanted) {
    if (!is_address(wanted.name) || wanted.targets.empty())
        co_return make_error_code(errc::invalid_name);
    auto work = [&](write_context& context) -> error_code {
        if (!has_domain(context.tx, wanted.name)) return make_error_code(errc::no_such_domain);
        const auto entry = read_address(context.tx, wanted.name);
        if (std::holds_alternative<account>(entry)) return make_error_code(errc::already_exists);
        const auto* there = std::get_if<alias>(&entry);
        auto row = there != nullptr ? *there : wanted;
        for (const auto& target : wanted.targets)
            if (std::find(row.targets.begin(), row.targets.end(), target) == row.targets.end())
                row.targets.push_back(target);
        if (row.targets.size() > max_targets) return make_error_code(errc::too_many_targets);
        put_alias(context, row);
        return {};
    };
    co_return co_await core_.writer->run(std::move(work));
}

awaitable<result<std::vector<mail_address>>> directory::remove_targets(
    std::string name, std::vector<mail_address> targets) {
    auto work = [&](write_context& context) -> result<std::vector<mail_address>> {
        auto entry = read_address(context.tx, name);
        auto* row = std::get_if<alias>(&entry);
        if (row == nullptr) return fail(errc::no_such_address);
        for (const auto& target : targets)
            std::erase(row->targets, target);
        if (row->targets.empty())
            remove_address(context, name);
        else
            put_alias(context, *row);
        return std::move(row->targets);
    };
    co_return co_await core_.writer->run(std::move(work));
}

awaitable<error_code> directory::enable_alias(std::string name, bool enabled) {
    auto work = [&](write_context& context) -> error_code {
        auto entry = read_address(context.tx, name);
        auto* row = std::get_if<alias>(&entry);
        if (row == nullptr) return make_error_code(errc::no_such_address);
        row->enabled = enabled;
        put_alias(context, *row);
        return {};
    };
    co_return co_await core_.writer->run(std::move(work));
}

awaitable<error_code> directory::remove_alias(alias seen) {
    auto work = [&](write_context& context) -> error_code {
        const auto entry = read_address(context.tx, seen.name);
        const auto* row = std::get_if<alias>(&entry);
        if (row == nullptr) return make_error_code(errc::no_such_address);
        if (row->version != seen.version) return make_error_code(errc::changed_meanwhile);
        remove_address(context, seen.name);
        return {};
    };
    co_return co_await core_.writer->run(std::move(work));
}

awaitable<error_code> directory::add_domain(domain wanted) {
    if (wanted.name.empty() || wanted.name.size() > 255 ||
        wanted.name.find('@') != std::string::npos)
        co_return make_error_code(errc::invalid_name);
    auto work = [&](write_context& context) -> error_code {
        if (context.tx.get(table::domain, wanted.name))
            return make_error_code(errc::already_exists);
        auto row = wanted;
        row.created_at = context.now;
        put_domain(context, row);
        return {};
    };
    co_return co_await core_.writer->run(std::move(work));
}

awaitable<error_code> directory::set_catch_all(domain seen, mail_address target) {
    auto work = [&](write_context& context) -> error_code {
        auto row = find_domain_row(context.tx, seen.name);
        if (!row) return make_error_code(errc::no_such_domain);
        if (row->version != seen.version && row->catch_all != target)
            return make_error_code(errc::changed_meanwhile);
        row->catch_all = target;
        put_domain(context, *row);
        return {};
    };
    co_return co_await core_.writer->run(std::move(work));
}

awaitable<error_code> directory::remove_domain(std::string name) {
    auto work = [&](write_context& context) -> error_code {
        if (!find_domain_row(context.tx, name)) return make_error_code(errc::no_such_domain);
        {
            cursor at(context.tx, table::address);
            for (bool more = at.first(); more; more = at.next())
                if (address::domain_of(at.key()) == name)
                    return make_error_code(errc::still_in_use);
        }
        remove_domain_row(context, name);
        right_records::forget(context.tx, name);
        return {};
    };
    co_return co_await core_.writer->run(std::move(work));
}

}  // namespace hauspost::storage::lmdb
