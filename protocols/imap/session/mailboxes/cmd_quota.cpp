#include "base/address.hpp"
#include "protocols/imap/session/core/connection.hpp"
#include "protocols/imap/session/core/selected.hpp"

#include <span>
#include <utility>

/// QUOTA: one quota root for each account, which holds all its mailboxes. What is over it is
/// refused by the store, for SMTP, APPEND and COPY alike.
namespace hauspost::imap {
namespace {

constexpr std::string_view own_root = "";
// One slice of a walk (mailbox_store.hpp): under a millisecond.
constexpr std::size_t flags_per_slice = 20'000;
constexpr std::size_t rows_per_slice = 500;

/// RFC 9208 5.1: STORAGE counts units of 1024 octets. Both sides are rounded up, so that an account
/// with room is never told as full, nor one as past its limit.
std::uint64_t storage_units(std::uint64_t octets) {
    return octets / 1024 + (octets % 1024 != 0 ? 1 : 0);
}

void add(mail::uid_ranges& ranges, uid id) {
    if (!ranges.empty() && ranges.back().last.value() + 1 == id.value())
        ranges.back().last = id;
    else
        ranges.push_back({id, id});
}

}  // namespace

void connection::tell_quota(std::string_view root, const storage::quota_state& quota) {
    writer()
        .raw("* QUOTA ")
        .astring(root)
        .raw(" (STORAGE ")
        .number(storage_units(quota.used))
        .raw(' ')
        .number(storage_units(quota.limit))
        .raw(")\r\n");
}

/// RFC 9208 4.1.1. The root of somebody else's mailboxes is his address, for who may read one.
awaitable<answer> connection::on(const cmd::get_quota& wanted) {
    auto account = user_.account;
    bool is_root = wanted.root == own_root;
    if (!is_root) {
        pace walk(*this);
        std::vector<storage::shared_mailbox> shared;
        if (auto refused = co_await list_shared(walk, shared)) co_return std::move(*refused);
        const auto owner = address::canonical(wanted.root);
        for (const auto& one : shared) {
            if (one.owner_address != owner || (one.rights & mail::rights::read) == 0) continue;
            is_root = true;
            account = one.owner;
        }
    }
    const auto quota = co_await ports_.mail.quota(account);
    if (!quota) co_return replies::refused(quota.error());
    if (!is_root || quota->limit == 0)
        co_return replies::no(code::nonexistent, "No such quota root");
    tell_quota(wanted.root, *quota);
    co_return replies::ok("Done");
}

/// RFC 9208 4.1.2. Without a limit there is no root.
awaitable<answer> connection::on(const cmd::get_quota_root& wanted) {
    std::string name = wanted.mailbox;
    const auto found = co_await permit(std::move(name), mail::rights::read);
    if (!found.mailbox) co_return found.refused;
    const auto& mailbox = *found.mailbox;
    const auto quota = co_await ports_.mail.quota(mailbox.owner);
    if (!quota) co_return replies::refused(quota.error());
    const std::string_view root = mailbox.is_own() ? own_root : mailbox.owner_address;
    writer().raw("* QUOTAROOT ").mailbox(wanted.mailbox);
    if (quota->limit != 0) writer().raw(' ').astring(root);
    writer().crlf();
    if (quota->limit != 0) tell_quota(root, *quota);
    co_return replies::ok("Done");
}

/// RFC 9208 4.1.3: QUOTASET is not announced; limits are set on the owner's page alone.
awaitable<answer> connection::on(const cmd::set_quota&) {
    co_return replies::no(code::no_perm, "Only the owner of the server sets quotas");
}

awaitable<std::optional<answer>> connection::deleted_octets(storage::mailbox_key mailbox,
                                                            pace& walk,
                                                            std::uint64_t& octets) {
    mail::uid_range all{uid(1), uid(UINT32_MAX)};
    std::span<mail::uid_range> rest(&all, 1);
    mail::uid_ranges deleted;
    while (!rest.empty()) {
        if (auto late = co_await walk.may_go_on()) co_return std::move(late);
        const auto visit = [&](const storage::message_view& message) {
            if ((message.flags & mail::flags::deleted) != 0) add(deleted, message.uid);
            return true;
        };
        const auto next = co_await ports_.mail.walk(mailbox, rest, storage::walk_detail::flags_only,
                                                    flags_per_slice, visit);
        if (!next) co_return replies::refused(next.error());
        rest = rest_from(rest, *next);
    }
    octets = 0;
    rest = deleted;
    while (!rest.empty()) {
        if (auto late = co_await walk.may_go_on()) co_return std::move(late);
        const auto visit = [&](const storage::message_view& message) {
            // RFC 9208 4.1.4: never more than EXPUNGE would free.
            if ((message.flags & mail::flags::deleted) != 0) octets += message.octets;
            return true;
        };
        const auto next = co_await ports_.mail.walk(mailbox, rest, storage::walk_detail::rows,
                                                    rows_per_slice, visit);
        if (!next) co_return replies::refused(next.error());
        rest = rest_from(rest, *next);
    }
    co_return std::nullopt;
}

}  // namespace hauspost::imap
