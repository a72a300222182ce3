#include "storage/lmdb/account_rename.hpp"

#include "base/address.hpp"
#include "storage/errc.hpp"
#include "storage/lmdb/account_edit.hpp"
#include "storage/lmdb/directory_rows.hpp"
#include "storage/lmdb/rights_rows.hpp"

#include <algorithm>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace hauspost::storage::lmdb {

using namespace schema;

namespace {

constexpr account_id anyone_of_domain{};
constexpr std::size_t max_local_octets = 64;  // RFC 5321 4.5.3.1.1
constexpr std::size_t max_key_octets = 511;   // LMDB

using rows = std::vector<std::pair<std::string, std::string>>;

struct renaming {
    write_context& context;
    const std::string from;
    const std::string to;
    std::size_t targets = 0;  // that lead to the new address now
};

bool is_alias(std::string_view value) {
    return value.front() == static_cast<char>(address_kind::alias);
}

/// Of a row that is no alias.
account_id named_account(std::string_view value) {
    octet_reader in(value.substr(1));
    return account_id(in.number<std::uint32_t>());
}

/// from+detail as to+detail, where both mean the account.
std::optional<mail_address> with_detail(const renaming& run, std::string_view target) {
    const auto local = address::local_part_of(target);
    const auto plus = local.find('+');
    if (plus == std::string_view::npos || local.substr(0, plus) != address::local_part_of(run.from))
        return std::nullopt;
    if (address::domain_of(target) != address::domain_of(run.from)) return std::nullopt;
    if (target.size() > max_address_octets || run.context.tx.get(table::address, target))
        return std::nullopt;  // somebody has exactly that address
    const auto new_local = address::local_part_of(run.to);
    std::string made(new_local);
    made += local.substr(plus);
    const bool is_possible =
        made.size() <= max_local_octets && new_local.find('+') == std::string_view::npos;
    made += '@';
    made += address::domain_of(run.to);
    if (!is_possible || made.size() > max_address_octets ||
        run.context.tx.get(table::address, made))
        return run.to;
    return made;
}

/// The new spelling of each target, in its place and once. False: nothing changes.
bool follow(renaming& run, std::vector<mail_address>& targets) {
    std::vector<mail_address> made;
    std::size_t changed = 0;
    for (const auto& one : targets) {
        auto other = one == run.from ? run.to : with_detail(run, one);
        if (other) ++changed;
        auto name = other ? std::move(*other) : one;
        if (std::find(made.begin(), made.end(), name) == made.end())
            made.push_back(std::move(name));
    }
    if (changed == 0) return false;
    run.targets += changed;
    targets = std::move(made);
    return true;
}

/// The rows in which the old address may stand.
rows rows_with(const txn& within, table which, std::string_view text) {
    rows found;
    cursor at(within, which);
    for (bool more = at.first(); more; more = at.next())
        if (at.value().find(text) != std::string_view::npos)
            found.emplace_back(at.key(), at.value());
    return found;
}

void follow_targets(renaming& run) {
    const auto& tx = run.context.tx;
    const auto local = address::local_part_of(run.from);
    for (const auto& [key, value] : rows_with(tx, table::address, local)) {
        if (!is_alias(value)) continue;
        auto row = decode_alias(key, std::string_view(value).substr(1));
        if (follow(run, row.targets)) put_alias(run.context, std::move(row));
    }
    for (const auto& [key, value] : rows_with(tx, table::account, local)) {
        const account_id id(load_be<std::uint32_t>(key.data()));
        auto row = decode_account(id, value);
        if (follow(run, row.forwards)) put_account(run.context, std::move(row));
    }
    for (const auto& [key, value] : rows_with(tx, table::domain, local)) {
        auto row = decode_domain(key, value);
        std::vector<mail_address> catch_all{row.catch_all};
        if (!follow(run, catch_all)) continue;
        row.catch_all = catch_all.front();
        put_domain(run.context, std::move(row));
    }
}

struct given_right {
    mailbox_key box;
    account_id to;
    mail::rights_set rights = 0;
};

std::vector<given_right> rights_given_by(const txn& within, account_id owner) {
    std::vector<given_right> all;
    cursor at(within, table::rights);
    const auto key = account_key(owner);
    const std::string_view prefix = key;
    for (bool more = at.seek(prefix); more && at.key().starts_with(prefix); more = at.next())
        all.push_back({{owner, mailbox_id(load_be<std::uint32_t>(at.key().data() + 4))},
                       account_id(load_be<std::uint32_t>(at.key().data() + 8)),
                       load_le<std::uint32_t>(at.value().data())});
    return all;
}

/// Everybody to whom a mailbox of the account may have been shown.
std::set<account_id> viewers_of(const renaming& run, const std::vector<given_right>& given) {
    std::set<account_id> all;
    bool has_anyone = false;
    for (const auto& one : given) {
        if (one.to == anyone_of_domain)
            has_anyone = true;
        else
            all.insert(one.to);
    }
    if (!has_anyone) return all;
    cursor at(run.context.tx, table::address);
    for (bool more = at.first(); more; more = at.next()) {
        if (is_alias(at.value()) || address::domain_of(at.key()) != address::domain_of(run.from))
            continue;
        all.insert(named_account(at.value()));
    }
    return all;
}

/// "Shared/<owner's address>/..." among somebody's subscriptions. False: there is none.
bool follow_subscriptions(renaming& run, account_id viewer) {
    const std::string shared = "Shared/";
    const auto prefix = name_key(viewer, shared + run.from);
    std::vector<std::string> ends;
    {
        cursor at(run.context.tx, table::subscription);
        for (bool more = at.seek(prefix); more && at.key().starts_with(prefix); more = at.next()) {
            const auto end = at.key().substr(prefix.size());
            if (end.empty() || end.front() == '/') ends.emplace_back(end);
        }
    }
    for (const auto& end : ends) {
        run.context.tx.remove(table::subscription, prefix + end);
        const auto other = name_key(viewer, shared + run.to + end);
        if (other.size() <= max_key_octets) run.context.tx.put(table::subscription, other, "");
    }
    return !ends.empty();
}

/// Rights and their index: what is given to anyone is given to those of the account's own domain.
void follow_sharing(renaming& run, const std::vector<given_right>& given) {
    for (const auto viewer : viewers_of(run, given)) {
        const bool is_named =
            std::ranges::any_of(given, [viewer](const auto& one) { return one.to == viewer; });
        if (follow_subscriptions(run, viewer) || is_named) wake(run.context, viewer);
    }
}

void put_anyone_rights(renaming& run, const std::vector<given_right>& given, bool has_them) {
    for (const auto& one : given)
        if (one.to == anyone_of_domain)
            put_rights(run.context, one.box, one.to, has_them ? one.rights : 0);
}

/// An alias that would only lead from the new address to the old one goes.
bool make_way(renaming& run) {
    const auto there = run.context.tx.get(table::address, run.to);
    if (!there) return true;
    if (!is_alias(*there)) return false;
    if (decode_alias(run.to, there->substr(1)).targets != std::vector<mail_address>{run.from})
        return false;
    remove_address(run.context, run.to);
    return true;
}

}  // namespace

result<std::size_t> rename_account(write_context& context,
                                   std::string_view from,
                                   std::string_view to,
                                   bool keep_alias) {
    renaming run{context, std::string(from), std::string(to)};
    const auto there = context.tx.get(table::address, run.from);
    if (!there || is_alias(*there)) return fail(errc::no_such_account);
    const std::string value(*there);
    const auto id = named_account(value);
    auto row = find_account_row(context.tx, id);
    if (!row) throw fault("an address refers to an account that is missing");
    if (!make_way(run)) return fail(errc::already_exists);
    const auto given = rights_given_by(context.tx, id);
    put_anyone_rights(run, given, false);
    remove_address(context, run.from);
    row->name = run.to;
    put_account_and_address(context, *row);
    put_anyone_rights(run, given, true);
    follow_targets(run);
    follow_sharing(run, given);
    if (keep_alias) {
        alias old;
        old.name = run.from;
        old.targets = {run.to};
        put_alias(context, std::move(old));
    }
    // Whoever gets the old address later is another one to its clients (RFC 9051 2.3.1.1).
    if (const auto totals = find_totals(context.tx, id))
        set_meta_number(context.tx, "next_uid_validity",
                        std::max<std::uint64_t>(totals->next_uid_validity,
                                                meta_number(context.tx, "next_uid_validity")));
    context.credentials_changed.push_back(id);
    return run.targets;
}

}  // namespace hauspost::storage::lmdb
