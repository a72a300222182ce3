#include "protocols/imap/grammar/mailbox_name.hpp"
#include "protocols/imap/session/core/connection.hpp"
#include "protocols/imap/session/mailboxes/mailbox_lines.hpp"
#include "protocols/imap/session/mailboxes/rename_gate.hpp"

#include <algorithm>
#include <utility>

namespace hauspost::imap {
namespace {

/// nullopt: the name may be used for a new mailbox. In "Shared/" it is its owner's name for it that
/// must be possible.
std::optional<answer> refuse_name(std::string_view name) {
    const auto shared = split_shared_name(name);
    if (!shared && is_shared_name(name))
        return replies::no(code::cannot, "This part of the tree is for mailboxes of others");
    const auto fault = check_mailbox_name(shared ? std::string_view(shared->name) : name);
    if (fault == name_fault::none) return std::nullopt;
    return replies::no(code::cannot, text_of(fault));
}

answer done_or(error_code failed, std::string_view text) {
    return failed ? replies::refused(failed) : replies::ok(text);
}

std::size_t count_in_tree(const std::vector<storage::named_mailbox>& all, std::string_view top) {
    return static_cast<std::size_t>(
        std::count_if(all.begin(), all.end(), [top](const storage::named_mailbox& one) {
            return one.name.starts_with(top) &&
                   (one.name.size() == top.size() || one.name[top.size()] == '/');
        }));
}

/// See rename_gate. nullopt: go on.
awaitable<std::optional<answer>> wait_for_gate(storage::mailbox_store& mail,
                                               account_id owner,
                                               std::string top) {
    if (top == "INBOX") co_return std::nullopt;  // its messages move, in slices
    const auto all = co_await mail.names(owner);
    if (!all) co_return replies::refused(all.error());
    const auto now = std::chrono::steady_clock::now();
    const rename_gate::account of{&mail, owner};
    const auto begin = rename_gate::shared().take(of, now, count_in_tree(*all, top));
    if (!begin)
        co_return replies::no(code::limit, "Many mailboxes were renamed just now; try again later");
    co_await net::pause(std::chrono::ceil<std::chrono::milliseconds>(*begin - now));
    co_return std::nullopt;
}

}  // namespace

/// RFC 9051 6.3.4, RFC 6154 3.
awaitable<answer> connection::on(const cmd::create& wanted) {
    if (auto refused = refuse_name(wanted.mailbox)) co_return std::move(*refused);
    if (wanted.has_unknown_use || wanted.uses.size() > 1)
        co_return replies::no(code::use_attr, "A mailbox has one known special use at most");
    if (is_shared_name(wanted.mailbox)) {
        if (!wanted.uses.empty())
            co_return replies::no(code::use_attr, "Mailboxes of others have no special use");
        std::string shared = wanted.mailbox;
        co_return co_await create_shared(std::move(shared));
    }
    const auto use = wanted.uses.empty() ? mail::special_use::none : wanted.uses[0];
    // \All and \Flagged would be views of other mailboxes, which we do not make.
    if (use == mail::special_use::all || use == mail::special_use::flagged)
        co_return replies::no(code::use_attr, "This special use is not offered");
    if (use != mail::special_use::none) {
        pace walk(*this);
        std::vector<storage::mailbox_info> all;
        if (auto refused = co_await list_own(walk, all)) co_return std::move(*refused);
        for (const auto& one : all)
            if (one.use == use)
                co_return replies::no(code::use_attr, "Another mailbox has this special use");
    }
    std::string name = wanted.mailbox;
    const auto made = co_await ports_.mail.create(user_.account, std::move(name), use);
    if (!made) co_return replies::refused(made.error());
    // RFC 8474 4.1.
    co_return answer(status::ok, mailbox_id_words(user_.account, *made), "Created");
}

/// RFC 4314 4: "k" on the mailbox above.
awaitable<answer> connection::create_shared(std::string name) {
    const auto parts = split_shared_name(name);  // refuse_name has seen to it that there are
    const auto parent = co_await permit_below(std::move(name));
    if (!parent.mailbox) co_return parent.refused;
    std::string own_name = parts->name;
    const auto made = co_await ports_.mail.create(parent.mailbox->owner, std::move(own_name),
                                                  mail::special_use::none);
    if (!made) co_return replies::refused(made.error());
    co_return answer(status::ok, mailbox_id_words(parent.mailbox->owner, *made), "Created");
}

/// RFC 9051 6.3.5. A session that has the mailbox selected ends (sync.cpp), but for our own.
awaitable<answer> connection::on(const cmd::remove& wanted) {
    std::string name = wanted.mailbox;
    const auto target = co_await permit(std::move(name), mail::rights::remove);
    if (!target.mailbox) co_return target.refused;
    std::string own_name = target.mailbox->own_name;
    const auto failed = co_await ports_.mail.remove(target.mailbox->owner, std::move(own_name));
    // By its id: another session may have given the name to another mailbox.
    if (!failed && selected_ && selected_->key == target.mailbox->key()) {
        writer().untagged(status::ok, code::closed, "The selected mailbox was deleted");
        deselect();
    }
    co_return done_or(failed, "Deleted");
}

/// RFC 9051 6.3.6.
awaitable<answer> connection::on(const cmd::rename& wanted) {
    if (auto refused = refuse_name(wanted.to)) co_return std::move(*refused);
    std::string from = wanted.from;
    std::string to = wanted.to;
    if (is_shared_name(from) || is_shared_name(to))
        co_return co_await rename_shared(std::move(from), std::move(to));
    if (is_turn_over()) co_await yield();
    if (auto refused = co_await wait_for_gate(ports_.mail, user_.account, from))
        co_return std::move(*refused);
    const auto failed = co_await ports_.mail.rename(user_.account, std::move(from), std::move(to));
    co_return done_or(failed, "Renamed");
}

/// RFC 4314 4: "x" on the mailbox, "k" on the one above its new name. Nobody's mailbox becomes
/// another's.
awaitable<answer> connection::rename_shared(std::string from, std::string to) {
    const auto old = co_await permit(std::move(from), mail::rights::remove);
    if (!old.mailbox) co_return old.refused;
    auto target = split_shared_name(to);
    if (!target || old.mailbox->owner_address != target->owner)
        co_return replies::no(code::cannot, "A mailbox stays with its owner");
    const auto parent = co_await permit_below(std::move(to));
    if (!parent.mailbox) co_return parent.refused;
    std::string own_name = old.mailbox->own_name;
    if (auto refused = co_await wait_for_gate(ports_.mail, old.mailbox->owner, own_name))
        co_return std::move(*refused);
    const auto failed = co_await ports_.mail.rename(old.mailbox->owner, std::move(own_name),
                                                    std::move(target->name));
    co_return done_or(failed, "Renamed");
}

/// RFC 9051 6.3.7. Also of mailboxes of others, there or not: the list is this user's own.
awaitable<answer> connection::on(const cmd::subscribe& wanted) {
    if (auto refused = refuse_name(wanted.mailbox)) co_return std::move(*refused);
    std::string name = wanted.mailbox;
    const auto failed = co_await ports_.mail.set_subscribed(user_.account, std::move(name), true);
    co_return done_or(failed, "Subscribed");
}

/// RFC 9051 6.3.8.
awaitable<answer> connection::on(const cmd::unsubscribe& wanted) {
    std::string name = wanted.mailbox;
    const auto failed = co_await ports_.mail.set_subscribed(user_.account, std::move(name), false);
    co_return done_or(failed, "Unsubscribed");
}

}  // namespace hauspost::imap
