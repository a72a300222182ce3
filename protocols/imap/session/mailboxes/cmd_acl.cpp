#include "base/address.hpp"
#include "protocols/imap/grammar/rights.hpp"
#include "protocols/imap/session/core/resolve.hpp"
#include "protocols/imap/session/mailboxes/commands.hpp"

#include <utility>

/// ACL (RFC 4314): who may do what with a mailbox. Its owner has every right and may always change
/// them; others need "a".
namespace hauspost::imap {
namespace {

answer changed_or(error_code failed, std::string_view text) {
    if (failed == storage::errc::no_such_account)
        return replies::no(code::cannot, "No such account");
    if (failed == storage::errc::not_allowed)
        return replies::no(code::cannot, "The owner has all rights and keeps them");
    return failed ? replies::refused(failed) : replies::ok(text);
}

}  // namespace

/// RFC 4314 3.1.
awaitable<answer> on(context& session, const cmd::set_acl& wanted) {
    std::string name = wanted.mailbox;
    const auto target = co_await permit(session, std::move(name), mail::rights::administer);
    if (!target) co_return target.end();
    if (wanted.identifier.starts_with('-'))
        co_return replies::no(code::cannot, "Negative rights are not offered");
    std::string identifier = wanted.identifier;
    const auto failed = co_await session.ports.sharing.change_rights(
        target->key(), std::move(identifier), wanted.what, wanted.rights);
    co_return changed_or(failed, "Rights are set");
}

/// RFC 4314 3.2. An identifier without rights has none afterwards, too.
awaitable<answer> on(context& session, const cmd::delete_acl& wanted) {
    std::string name = wanted.mailbox;
    const auto target = co_await permit(session, std::move(name), mail::rights::administer);
    if (!target) co_return target.end();
    std::string identifier = wanted.identifier;
    const auto failed = co_await session.ports.sharing.change_rights(
        target->key(), std::move(identifier), mail::change::set, 0);
    co_return changed_or(failed, "Rights are removed");
}

/// RFC 4314 3.3.
awaitable<answer> on(context& session, const cmd::get_acl& wanted) {
    std::string name = wanted.mailbox;
    const auto target = co_await permit(session, std::move(name), mail::rights::administer);
    if (!target) co_return target.end();
    const auto grants = co_await session.ports.sharing.grants(target->key());
    if (!grants) co_return replies::refused(grants.error());
    const auto& owner = target->is_own() ? session.state.user.address : target->owner_address;
    auto line = session.writer();
    line.raw("* ACL ").mailbox(wanted.mailbox);
    line.raw(' ').astring(owner).raw(' ').astring(write_rights(mail::rights::all));
    for (const auto& one : *grants)
        line.raw(' ').astring(one.identifier).raw(' ').astring(write_rights(one.rights));
    line.crlf();
    co_return replies::ok("Done");
}

/// RFC 4314 3.4. Whether there is such an account it does not tell.
awaitable<answer> on(context& session, const cmd::list_rights& wanted) {
    std::string name = wanted.mailbox;
    const auto target = co_await permit(session, std::move(name), mail::rights::administer);
    if (!target) co_return target.end();
    const auto& owner = target->is_own() ? session.state.user.address : target->owner_address;
    auto line = session.writer();
    line.raw("* LISTRIGHTS ").mailbox(wanted.mailbox).raw(' ').astring(wanted.identifier).raw(' ');
    if (address::canonical(wanted.identifier) == owner)
        line.astring(write_rights(mail::rights::all));
    else
        line.raw("\"\" ").raw(optional_rights);
    line.crlf();
    co_return replies::ok("Done");
}

/// RFC 4314 3.5.
awaitable<answer> on(context& session, const cmd::my_rights& wanted) {
    constexpr auto one_of = mail::rights::lookup | mail::rights::read | mail::rights::insert |
                            mail::rights::create | mail::rights::remove | mail::rights::administer;
    std::string name = wanted.mailbox;
    const auto found = co_await resolve(session, std::move(name));
    if (!found) co_return replies::refused(found.error());
    if (!found->may_any(one_of)) co_return replies::not_permitted(found->rights);
    session.writer()
        .raw("* MYRIGHTS ")
        .mailbox(wanted.mailbox)
        .raw(' ')
        .astring(write_rights(found->rights))
        .crlf();
    co_return replies::ok("Done");
}

}  // namespace hauspost::imap
