#include "base/address.hpp"
#include "protocols/imap/session/core/connection.hpp"

#include <utility>

/// ACL (RFC 4314): who may do what with a mailbox. Its owner has every right and may always change
/// them; others need "a".
namespace hauspost::imap {
namespace {

answer done_or(error_code failed, std::string_view text) {
    if (failed == storage::errc::no_such_account)
        return replies::no(code::cannot, "No such account");
    if (failed == storage::errc::not_allowed)
        return replies::no(code::cannot, "The owner has all rights and keeps them");
    return failed ? replies::refused(failed) : replies::ok(text);
}

}  // namespace

/// RFC 4314 3.1.
awaitable<answer> connection::on(const cmd::set_acl& wanted) {
    std::string name = wanted.mailbox;
    const auto target = co_await permit(std::move(name), mail::rights::administer);
    if (!target.mailbox) co_return target.refused;
    if (wanted.identifier.starts_with('-'))
        co_return replies::no(code::cannot, "Negative rights are not offered");
    std::string identifier = wanted.identifier;
    const auto failed = co_await ports_.sharing.change_rights(
        target.mailbox->key(), std::move(identifier), wanted.what, wanted.rights);
    co_return done_or(failed, "Rights are set");
}

/// RFC 4314 3.2. An identifier without rights has none afterwards, too.
awaitable<answer> connection::on(const cmd::delete_acl& wanted) {
    std::string name = wanted.mailbox;
    const auto target = co_await permit(std::move(name), mail::rights::administer);
    if (!target.mailbox) co_return target.refused;
    std::string identifier = wanted.identifier;
    const auto failed = co_await ports_.sharing.change_rights(
        target.mailbox->key(), std::move(identifier), mail::change::set, 0);
    co_return done_or(failed, "Rights are removed");
}

/// RFC 4314 3.3.
awaitable<answer> connection::on(const cmd::get_acl& wanted) {
    std::string name = wanted.mailbox;
    const auto target = co_await permit(std::move(name), mail::rights::administer);
    if (!target.mailbox) co_return target.refused;
    const auto grants = co_await ports_.sharing.grants(target.mailbox->key());
    if (!grants) co_return replies::refused(grants.error());
    const auto& owner = target.mailbox->is_own() ? user_.address : target.mailbox->owner_address;
    auto line = writer();
    line.raw("* ACL ").mailbox(wanted.mailbox);
    line.raw(' ').astring(owner).raw(' ').astring(write_rights(mail::rights::all));
    for (const auto& one : *grants)
        line.raw(' ').astring(one.identifier).raw(' ').astring(write_rights(one.rights));
    line.crlf();
    co_return replies::ok("Done");
}

/// RFC 4314 3.4. Whether there is such an account it does not tell.
awaitable<answer> connection::on(const cmd::list_rights& wanted) {
    std::string name = wanted.mailbox;
    const auto target = co_await permit(std::move(name), mail::rights::administer);
    if (!target.mailbox) co_return target.refused;
    const auto& owner = target.mailbox->is_own() ? user_.address : target.mailbox->owner_address;
    auto line = writer();
    line.raw("* LISTRIGHTS ").mailbox(wanted.mailbox).raw(' ').astring(wanted.identifier).raw(' ');
    if (address::canonical(wanted.identifier) == owner)
        line.astring(write_rights(mail::rights::all));
    else
        line.raw("\"\" ").raw(optional_rights);
    line.crlf();
    co_return replies::ok("Done");
}

/// RFC 4314 3.5.
awaitable<answer> connection::on(const cmd::my_rights& wanted) {
    constexpr auto one_of = mail::rights::lookup | mail::rights::read | mail::rights::insert |
                            mail::rights::create | mail::rights::remove | mail::rights::administer;
    std::string name = wanted.mailbox;
    const auto found = co_await resolve(std::move(name));
    if (!found) co_return replies::refused(found.error());
    if (!found->may_any(one_of)) co_return replies::not_permitted(found->rights);
    writer()
        .raw("* MYRIGHTS ")
        .mailbox(wanted.mailbox)
        .raw(' ')
        .astring(write_rights(found->rights))
        .crlf();
    co_return replies::ok("Done");
}

}  // namespace hauspost::imap
