#include "storage/lmdb/sharing.hpp"

#include "storage/lmdb/mailbox_rows.hpp"
#include "storage/lmdb/rights_rows.hpp"

namespace hauspost::storage::lmdb {

using namespace schema;

awaitable<result<shared_mailbox>> sharing::find_shared(account_id viewer,
                                                       mail_address owner,
                                                       std::string name) {
    name = canonical_name(std::move(name));
    read_txn tx(core_.env);
    auto found = find_shared_mailbox(tx, viewer, owner, name);
    if (!found) co_return fail(errc::no_such_mailbox);
    co_return std::move(*found);
}

awaitable<result<std::vector<shared_mailbox>>> sharing::list_shared(account_id viewer) {
    read_txn tx(core_.env);
    co_return list_shared_mailboxes(tx, viewer);
}

awaitable<result<std::vector<named_share>>> sharing::shared_names(account_id viewer) {
    read_txn tx(core_.env);
    co_return list_shared_names(tx, viewer);
}

awaitable<result<std::vector<shared_mailbox>>> sharing::describe_shared(
    account_id viewer, std::span<const named_share> some) {
    read_txn tx(core_.env);
    co_return describe_shares(tx, viewer, some);
}

awaitable<result<std::vector<grant>>> sharing::grants(mailbox_key mailbox) {
    read_txn tx(core_.env);
    if (!is_mailbox(tx, mailbox)) co_return fail(errc::no_such_mailbox);
    co_return list_grants(tx, mailbox);
}

awaitable<error_code> sharing::change_rights(mailbox_key mailbox,
                                             std::string identifier,
                                             mail::change how,
                                             mail::rights_set rights) {
    auto work = [&](write_context& context) -> error_code {
        account_edit edit(context, mailbox.account);
        if (!edit.exists() || !is_mailbox(context.tx, mailbox))
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
    co_return co_await core_.writer->run(std::move(work));
}

}  // namespace hauspost::storage::lmdb
