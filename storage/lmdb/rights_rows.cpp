#include "storage/lmdb/rights_rows.hpp"

#include "base/address.hpp"
#include "storage/lmdb/account_edit.hpp"
#include "storage/lmdb/mailbox_rows.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <unordered_map>

namespace hauspost::storage::lmdb {

using namespace schema;

namespace {

constexpr account_id no_account{};

std::string domain_of_account(const txn& within, account_id account) {
    const auto row = find_account_row(within, account);
    return row ? std::string(address::domain_of(row->name)) : std::string();
}

mail::rights_set read_rights(const txn& within, mailbox_key box, account_id grantee) {
    const auto found = within.get(table::rights, rights_key(box, grantee));
    return found ? load_le<std::uint32_t>(found->data()) : 0;
}

/// (grantee, rights) of a mailbox.
std::vector<std::pair<account_id, mail::rights_set>> rights_rows(const txn& within,
                                                                 mailbox_key box) {
    std::vector<std::pair<account_id, mail::rights_set>> all;
    cursor at(within, table::rights);
    const auto key = mailbox_row_key(box);
    const std::string_view prefix = key;
    for (bool more = at.seek(prefix); more && at.key().starts_with(prefix); more = at.next())
        all.emplace_back(account_id(load_be<std::uint32_t>(at.key().data() + 8)),
                         load_le<std::uint32_t>(at.value().data()));
    return all;
}

/// To how many mailboxes an account has given rights, by the one who has them.
std::map<account_id, std::size_t> given_by(const txn& within, account_id owner) {
    std::map<account_id, std::size_t> all;
    cursor at(within, table::rights);
    const auto key = account_key(owner);
    const std::string_view prefix = key;
    for (bool more = at.seek(prefix); more && at.key().starts_with(prefix); more = at.next())
        ++all[account_id(load_be<std::uint32_t>(at.key().data() + 8))];
    return all;
}

std::size_t sum_of(const std::map<account_id, std::size_t>& given) {
    std::size_t sum = 0;
    for (const auto& [grantee, count] : given)
        sum += count;
    return sum;
}

/// The mailboxes in the index below this prefix.
void collect_granted(const txn& within, std::string_view prefix, std::set<mailbox_key>& found) {
    cursor at(within, table::granted);
    for (bool more = at.seek(prefix); more && at.key().starts_with(prefix); more = at.next()) {
        if (found.size() == max_shared_mailboxes) return;
        const auto* box = at.key().data() + prefix.size();
        found.insert(
            {account_id(load_be<std::uint32_t>(box)), mailbox_id(load_be<std::uint32_t>(box + 4))});
    }
}

}  // namespace

std::optional<account_id> find_account_id(const txn& within, std::string_view typed) {
    constexpr std::size_t max_key_octets = 500;  // LMDB takes 511
    const auto name = address::canonical(typed);
    if (!name || name->empty() || name->size() > max_key_octets) return std::nullopt;
    const auto found = within.get(table::address, *name);
    if (!found || found->front() != static_cast<char>(address_kind::account)) return std::nullopt;
    octet_reader in(found->substr(1));
    return account_id(in.number<std::uint32_t>());
}

mail::rights_set rights_of(const txn& within,
                           mailbox_key box,
                           account_id viewer,
                           bool is_same_domain) {
    const auto own = read_rights(within, box, viewer);
    return is_same_domain ? own | read_rights(within, box, no_account) : own;
}

std::optional<shared_mailbox> find_shared_mailbox(const txn& within,
                                                  account_id viewer,
                                                  std::string_view owner,
                                                  std::string_view name) {
    const auto id = find_account_id(within, owner);
    if (!id || *id == viewer) return std::nullopt;
    const auto box = find_mailbox(within, *id, name);
    if (!box) return std::nullopt;
    const auto owner_row = find_account_row(within, *id);
    if (!owner_row) throw fault("an address refers to an account that is missing");
    shared_mailbox found;
    found.owner = *id;
    found.owner_address = owner_row->name;
    const bool is_same_domain =
        address::domain_of(found.owner_address) == domain_of_account(within, viewer);
    found.rights = rights_of(within, {*id, *box}, viewer, is_same_domain);
    if (found.rights == 0) return std::nullopt;
    found.info = describe_mailbox(within, {*id, *box});
    return found;
}

std::vector<named_share> list_shared_names(const txn& within, account_id viewer) {
    std::set<mailbox_key> boxes;
    collect_granted(within, granted_prefix(viewer, ""), boxes);
    collect_granted(within, granted_prefix(no_account, domain_of_account(within, viewer)), boxes);
    std::unordered_map<account_id, std::string> owners;
    std::vector<named_share> all;
    all.reserve(boxes.size());
    for (const auto& box : boxes) {
        if (box.account == viewer) continue;
        auto [owner, is_new] = owners.try_emplace(box.account);
        if (is_new) {
            const auto row = find_account_row(within, box.account);
            if (!row) throw fault("rights refer to an account that is missing");
            owner->second = row->name;
        }
        auto row = find_mailbox_row(within, box);
        if (!row) throw fault("rights refer to a mailbox that is missing");
        all.push_back({box, owner->second, std::move(row->name)});
    }
    std::sort(all.begin(), all.end(), [](const auto& a, const auto& b) {
        return std::tie(a.owner_address, a.name) < std::tie(b.owner_address, b.name);
    });
    return all;
}

std::vector<shared_mailbox> describe_shares(const txn& within,
                                            account_id viewer,
                                            std::span<const named_share> some) {
    const auto domain = domain_of_account(within, viewer);
    std::vector<shared_mailbox> all;
    all.reserve(some.size());
    for (const auto& [box, owner_address, name] : some) {
        const bool is_same_domain = address::domain_of(owner_address) == domain;
        shared_mailbox one;
        one.rights = rights_of(within, box, viewer, is_same_domain);
        const auto row = find_mailbox_row(within, box);
        if (one.rights == 0 || !row || row->removing) continue;
        one.owner = box.account;
        one.owner_address = owner_address;
        one.info = describe_mailbox(within, box, *row);
        one.info.name = name;
        all.push_back(std::move(one));
    }
    return all;
}

std::vector<shared_mailbox> list_shared_mailboxes(const txn& within, account_id viewer) {
    return describe_shares(within, viewer, list_shared_names(within, viewer));
}

std::vector<grant> list_grants(const txn& within, mailbox_key box) {
    std::vector<grant> all;
    for (const auto& [grantee, rights] : rights_rows(within, box)) {
        if (!grantee) {
            all.push_back({anyone, rights});
            continue;
        }
        const auto row = find_account_row(within, grantee);
        if (!row) throw fault("rights refer to an account that is missing");
        all.push_back({row->name, rights});
    }
    std::sort(all.begin(), all.end(),
              [](const auto& a, const auto& b) { return a.identifier < b.identifier; });
    return all;
}

bool may_grant(const txn& within, account_id owner, account_id grantee) {
    auto given = given_by(within, owner);
    return sum_of(given) < max_owner_grants && given[grantee] < max_grants_to_one;
}

bool may_inherit(const txn& within, mailbox_key parent, std::size_t mailboxes) {
    const auto rows = rights_rows(within, parent);
    if (rows.empty()) return true;
    auto given = given_by(within, parent.account);
    if (sum_of(given) + rows.size() * mailboxes > max_owner_grants) return false;
    return std::ranges::all_of(
        rows, [&](const auto& row) { return given[row.first] + mailboxes <= max_grants_to_one; });
}

void put_rights(write_context& context,
                mailbox_key box,
                account_id grantee,
                mail::rights_set rights) {
    const auto domain = grantee ? std::string() : domain_of_account(context.tx, box.account);
    const auto index = granted_key(grantee, domain, box);
    if (rights == 0) {
        context.tx.remove(table::rights, rights_key(box, grantee));
        context.tx.remove(table::granted, index);
        return;
    }
    std::string value;
    append_le(value, rights);
    context.tx.put(table::rights, rights_key(box, grantee), value);
    context.tx.put(table::granted, index, "");
}

void inherit_rights(write_context& context, mailbox_key parent, mailbox_key child) {
    for (const auto& [grantee, rights] : rights_rows(context.tx, parent))
        put_rights(context, child, grantee, rights);
}

void drop_rights(write_context& context, mailbox_key box) {
    for (const auto& [grantee, rights] : rights_rows(context.tx, box))
        put_rights(context, box, grantee, 0);
}

std::size_t drop_grants_to(write_context& context, account_id grantee, std::size_t most) {
    std::vector<mailbox_key> boxes;
    {
        cursor at(context.tx, table::granted);
        const auto prefix = granted_prefix(grantee, "");
        for (bool more = at.seek(prefix);
             more && at.key().starts_with(prefix) && boxes.size() < most; more = at.next()) {
            const auto* box = at.key().data() + prefix.size();
            boxes.push_back({account_id(load_be<std::uint32_t>(box)),
                             mailbox_id(load_be<std::uint32_t>(box + 4))});
        }
    }
    for (const auto& box : boxes)
        put_rights(context, box, grantee, 0);
    return boxes.size();
}

}  // namespace hauspost::storage::lmdb
