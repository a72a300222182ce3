#include "storage/lmdb/annotation_rows.hpp"
#include "storage/lmdb/mailbox_rows.hpp"
#include "storage/lmdb/rights_rows.hpp"
#include "storage/lmdb/store_parts.hpp"

#include <map>

/// lmdb_store: annotations, and who may use whose mailboxes.
namespace hauspost::storage {

using namespace schema;

namespace {

/// Also one that cannot be selected (RFC 5464 4.1).
bool is_there(const txn& within, mailbox_key box) {
    const auto row = find_mailbox_row(within, box);
    return row && !row->removing;
}

bool may_annotate(const txn& within, mailbox_key box) {
    return box.mailbox ? is_there(within, box) : find_account_row(within, box.account).has_value();
}

/// Is it the entry, or below it, no deeper than wanted?
bool is_within(std::string_view found, std::string_view entry, mail::metadata_depth below) {
    if (found.size() == entry.size()) return true;
    const auto rest = found.substr(entry.size());
    if (rest.front() != '/' || below == mail::metadata_depth::zero) return false;
    return below == mail::metadata_depth::infinity || rest.find('/', 1) == std::string_view::npos;
}

}  // namespace

awaitable<result<std::vector<annotation>>> lmdb_store::annotations(mailbox_key mailbox,
                                                                   std::vector<std::string> entries,
                                                                   mail::metadata_depth below) {
    std::map<std::string, std::string> found;
    read_txn tx(parts_->env);
    if (!may_annotate(tx, mailbox)) co_return fail(errc::no_such_mailbox);
    for (const auto& entry : entries)
        for_annotations(tx, mailbox, entry, [&](std::string_view name, std::string_view value) {
            if (is_within(name, entry, below)) found.emplace(name, value);
        });
    std::vector<annotation> all;
    for (auto& [entry, value] : found)
        all.push_back({entry, std::move(value)});
    co_return all;
}

awaitable<result<std::vector<annotation_print>>> lmdb_store::annotation_prints(account_id account) {
    std::vector<annotation_print> all;
    read_txn tx(parts_->env);
    for_annotations(
        tx, account, [&](mailbox_id box, std::string_view entry, std::string_view value) {
            all.push_back({box, std::string(entry), std::hash<std::string_view>{}(value)});
        });
    co_return all;
}

awaitable<error_code> lmdb_store::annotate(mailbox_key mailbox,
                                           std::vector<annotation_change> changes) {
    auto work = [&](write_context& context) -> error_code {
        if (!may_annotate(context.tx, mailbox)) return make_error_code(errc::no_such_mailbox);
        const auto failed = change_annotations(context, mailbox, changes);
        if (!failed) wake(context, mailbox.account);
        return failed;
    };
    co_return co_await parts_->pen->run(std::move(work));
}

awaitable<result<shared_mailbox>> lmdb_store::find_shared(account_id viewer,
                                                          mail_address owner,
                                                          std::string name) {
    name = canonical_name(std::move(name));
    read_txn tx(parts_->env);
    auto found = find_shared_mailbox(tx, viewer, owner, name);
    if (!found) co_return fail(errc::no_such_mailbox);
    co_return std::move(*found);
}

awaitable<result<std::vector<shared_mailbox>>> lmdb_store::list_shared(account_id viewer) {
    read_txn tx(parts_->env);
    co_return list_shared_mailboxes(tx, viewer);
}

awaitable<result<std::vector<named_share>>> lmdb_store::shared_names(account_id viewer) {
    read_txn tx(parts_->env);
    co_return list_shared_names(tx, viewer);
}

awaitable<result<std::vector<shared_mailbox>>> lmdb_store::describe_shared(
    account_id viewer, std::span<const named_share> some) {
    read_txn tx(parts_->env);
    co_return describe_shares(tx, viewer, some);
}

awaitable<result<std::vector<grant>>> lmdb_store::grants(mailbox_key mailbox) {
    read_txn tx(parts_->env);
    if (!is_there(tx, mailbox)) co_return fail(errc::no_such_mailbox);
    co_return list_grants(tx, mailbox);
}

awaitable<error_code> lmdb_store::change_rights(mailbox_key mailbox,
                                                std::string identifier,
                                                mail::change how,
                                                mail::rights_set rights) {
    auto work = [&](write_context& context) -> error_code {
        account_edit edit(context, mailbox.account);
        if (!edit.exists() || !is_there(context.tx, mailbox))
            return make_error_code(errc::no_such_mailbox);
        account_id grantee;
        if (identifier != anyone) {
            const auto named = find_account_id(context.tx, identifier);
            if (!named) return make_error_code(errc::no_such_account);
            if (*named == mailbox.account) return make_error_code(errc::not_allowed);
            grantee = *named;
        }
        const auto old = rights_of(context.tx, mailbox, grantee, false);
        auto now = rights & mail::rights::all;
        if (how == mail::change::add) now = old | now;
        if (how == mail::change::remove) now = old & ~now;
        if (old == 0 && now != 0 && list_grants(context.tx, mailbox).size() >= max_grants)
            return make_error_code(errc::too_many_grants);
        if (old == 0 && now != 0 && !may_grant(context.tx, mailbox.account, grantee))
            return make_error_code(errc::too_many_grants);
        if (old == 0 && now != 0 && context.is_room_low) return make_error_code(errc::disk_full);
        put_rights(context, mailbox, grantee, now);
        // Sessions of others that have it selected look again.
        wake(context, mailbox.account);
        // The one of whom it is told that a mailbox is there now. Of `anyone` nobody is woken.
        if (grantee) wake(context, grantee);
        return {};
    };
    co_return co_await parts_->pen->run(std::move(work));
}

}  // namespace hauspost::storage
