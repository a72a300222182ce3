#include "base/address.hpp"
#include "protocols/imap/session/core/resolve.hpp"
#include "protocols/imap/session/mailboxes/commands.hpp"

#include <utility>

/// QUOTA: one quota root for each account, which holds all its mailboxes. What is over it is
/// refused by the store, for SMTP, APPEND and COPY alike.
namespace hauspost::imap {
namespace {

constexpr std::string_view own_root = "";
/// RFC 9208 5.1: STORAGE counts units of 1024 octets. Both sides are rounded up, so that an account
/// with room is never told as full, nor one as past its limit.
std::uint64_t storage_units(std::uint64_t octets) {
    return octets / 1024 + (octets % 1024 != 0 ? 1 : 0);
}

void tell_quota(context& session, std::string_view root, const storage::quota_state& quota) {
    session.writer()
        .raw("* QUOTA ")
        .astring(root)
        .raw(" (STORAGE ")
        .number(storage_units(quota.used))
        .raw(' ')
        .number(storage_units(quota.limit))
        .raw(")\r\n");
}

}  // namespace

/// RFC 9208 4.1.1. The root of somebody else's mailboxes is his address, for who may read one.
awaitable<answer> on(context& session, const cmd::get_quota& wanted) {
    auto account = session.account();
    bool is_root = wanted.root == own_root;
    if (!is_root) {
        pace walk(session);
        std::vector<storage::shared_mailbox> shared;
        if (const auto done = co_await list_shared(session, walk, shared); !done)
            co_return done.end();
        const auto owner = address::canonical(wanted.root);
        for (const auto& one : shared) {
            if (one.owner_address != owner || (one.rights & mail::rights::read) == 0) continue;
            is_root = true;
            account = one.owner;
        }
    }
    const auto quota = co_await session.ports.mail.quota(account);
    if (!quota) co_return replies::refused(quota.error());
    if (!is_root || quota->limit == 0)
        co_return replies::no(code::nonexistent, "No such quota root");
    tell_quota(session, wanted.root, *quota);
    co_return replies::ok("Done");
}

/// RFC 9208 4.1.2. Without a limit there is no root.
awaitable<answer> on(context& session, const cmd::get_quota_root& wanted) {
    std::string name = wanted.mailbox;
    const auto found = co_await permit(session, std::move(name), mail::rights::read);
    if (!found) co_return found.end();
    const auto& mailbox = *found;
    const auto quota = co_await session.ports.mail.quota(mailbox.owner);
    if (!quota) co_return replies::refused(quota.error());
    const std::string_view root = mailbox.is_own() ? own_root : mailbox.owner_address;
    session.writer().raw("* QUOTAROOT ").mailbox(wanted.mailbox);
    if (quota->limit != 0) session.writer().raw(' ').astring(root);
    session.writer().crlf();
    if (quota->limit != 0) tell_quota(session, root, *quota);
    co_return replies::ok("Done");
}

/// RFC 9208 4.1.3: QUOTASET is not announced; limits are set on the owner's page alone.
awaitable<answer> on(context&, const cmd::set_quota&) {
    co_return replies::no(code::no_perm, "Only the owner of the server sets quotas");
}

}  // namespace hauspost::imap
